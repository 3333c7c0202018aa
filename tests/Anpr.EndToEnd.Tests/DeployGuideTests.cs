using System.Diagnostics;
using System.Text.Json.Nodes;
using Anpr.EndToEnd.Site;
using Anpr.Simulation.Processes;

namespace Anpr.EndToEnd.Tests;

/// <summary>docs/deploy.md, command by command, between two network namespaces. Only data folders, token and cameras are put in.</summary>
public sealed class DeployGuideTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly DeployGuide _guide = new(Path.Combine(Programs.Repository, "docs/deploy.md"));
    private TwoHosts _hosts = null!;
    private string _token = "TOKEN";

    [Fact]
    public async Task Guide_BetweenTwoHosts_TheLanesSightingReachesTheHubAndRevokeCutsItOff()
    {
        Needs.Models();
        var (clip, text) = Clips.In(Needs.Data("video"))[0];
        var (hosts, why) = await TwoHosts.TryCreateAsync();
        Assert.SkipWhen(hosts is null, $"two hosts need network namespaces: {why}");
        await using var two = _hosts = hosts;

        await HubAsync();
        var lane = await LaneAsync(clip);
        await SeenAsync(text);

        await RunAsync(TwoHosts.Hub, Command("When something is wrong", "hub revoke"));
        await lane.StopAsync();
        var (code, said) = await _hosts.TryAsync(TwoHosts.Lane, Filled(Command("On the lane box", "lane check")));
        Assert.Equal(1, code);
        Assert.Contains("The hub does not accept this lane's certificate", said, StringComparison.Ordinal);

        _token = await RunAsync(TwoHosts.Hub, Command("On the hub", "hub token"));
        await RunAsync(TwoHosts.Lane, Command("When something is wrong", "lane enrol"));
        await RunAsync(TwoHosts.Lane, Command("On the lane box", "lane check"));
    }

    private async Task HubAsync()
    {
        foreach (var command in _guide.Commands("On the hub"))
        {
            if (command.Contains("hub run", StringComparison.Ordinal))
            {
                var hub = _hosts.Stay(TwoHosts.Hub, Filled(command));
                Assert.Contains("The hub answers lanes at", await hub.Lines.ReadAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
                continue;
            }

            var said = await RunAsync(TwoHosts.Hub, command);
            _token = command.Contains("hub token", StringComparison.Ordinal) ? said : _token;
        }
    }

    private async Task<Child> LaneAsync(string clip)
    {
        foreach (var command in _guide.Commands("On the lane box"))
        {
            if (command.Contains("lane run", StringComparison.Ordinal))
            {
                return _hosts.Stay(TwoHosts.Lane, Filled(command));
            }

            if (command.Contains("lane check", StringComparison.Ordinal))
            {
                await WriteCamerasAsync(clip);
            }

            await RunAsync(TwoHosts.Lane, command);
        }

        throw new InvalidOperationException("the guide does not run the lane");
    }

    private async Task WriteCamerasAsync(string clip)
    {
        var file = JsonNode.Parse(_guide.Json("On the lane box"))!;
        foreach (var camera in file["Cameras"]!.AsArray())
        {
            camera!["Source"] = clip;
        }

        await File.WriteAllTextAsync(Path.Combine(_hosts.Data, "anpr-lane", "lane.json"), file.ToJsonString(), TestContext.Current.CancellationToken);
    }

    private async Task SeenAsync(string text)
    {
        var began = Stopwatch.GetTimestamp();
        string seen;
        do
        {
            seen = await RunAsync(TwoHosts.Hub, "./anpr hub export --what sightings --reason TEST:guide --json --data /var/lib/anpr-hub");
        }
        while (!seen.Contains($"\"text\":\"{text}\"", StringComparison.Ordinal) && Stopwatch.GetElapsedTime(began) < Patience);
        Assert.Contains($"\"text\":\"{text}\"", seen, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string host, string command)
    {
        var said = await _hosts.RunAsync(host, Filled(command));
        output.WriteLine($"{host}$ {command}\n{said}");
        return said;
    }

    private string Command(string heading, string words) => _guide.Commands(heading).Single(command => command.Contains(words, StringComparison.Ordinal));

    private string Filled(string command) => command
        .Replace("/var/lib/", _hosts.Data + "/", StringComparison.Ordinal)
        .Replace("TOKEN", _token, StringComparison.Ordinal);
}
