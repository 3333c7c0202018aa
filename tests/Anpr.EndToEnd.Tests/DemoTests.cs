using System.Text.Json;
using Anpr.Simulation.Processes;

namespace Anpr.EndToEnd.Tests;

public sealed class DemoTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("anpr-demo-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Demo_OneMinute_ShowsSightingsAJourneyAndAnAlertAndLeavesNoChild()
    {
        Needs.Models();
        var data = Path.Combine(_folder, "demo");
        var (code, lines, errors) = await RunAsync("demo", "--json", "--seconds", "60", "--data", data, "--console", $"http://127.0.0.1:{FreePorts.Tcp()}");
        Assert.True(code == 0, $"{code}: {string.Join(" | ", errors)}");
        var summary = lines.Select(line => JsonDocument.Parse(line).RootElement).Single(line => line.GetProperty("event").GetString() == "summary");
        output.WriteLine(summary.ToString());
        Assert.All(summary.GetProperty("sightings").EnumerateObject(), port => Assert.True(port.Value.GetInt32() > 0, port.Name));
        Assert.True(summary.GetProperty("journeys").GetInt32() > 0);
        Assert.True(summary.GetProperty("alerts").GetInt32() > 0);
        Assert.Equal(4, lines.Count(line => line.Contains("\"event\":\"link\"", StringComparison.Ordinal)));
        Assert.Empty(ProcessesThatName(data));
    }

    [Theory]
    [InlineData("there is no port 'dover'", "--video", "dover=clip.avi")]
    [InlineData("clip.avi does not exist", "--video", "calais=clip.avi")]
    [InlineData("give 1 or more", "--seconds", "0")]
    [InlineData("write it as http://HOST:PORT", "--console", "localhost")]
    public async Task Demo_BadInput_IsOneClearLineAndCode2(string words, params string[] arguments)
    {
        var (code, lines, errors) = await RunAsync(["demo", .. arguments]);
        Assert.Equal(2, code);
        Assert.Empty(lines);
        Assert.Contains(words, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Demo_ConsolePortTaken_SaysWhichAndTheCure()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;
        var (code, _, errors) = await RunAsync("demo", "--console", $"http://127.0.0.1:{port}");
        Assert.Equal(2, code);
        Assert.Contains($"port {port} is in use", Assert.Single(errors), StringComparison.Ordinal);
    }

    private async Task<(int Code, IReadOnlyList<string> Lines, IReadOnlyList<string> Errors)> RunAsync(params string[] arguments)
    {
        var logs = Path.Combine(_folder, "logs");
        Directory.CreateDirectory(logs);
        await using var demo = Child.Start("demo", logs, new Programs().Simulation, arguments);
        var lines = new List<string>();
        await foreach (var line in demo.Lines.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            lines.Add(line);
        }

        var code = await demo.Ended;
        var all = ReadShared(Path.Combine(logs, "demo.log"));
        return (code, lines, [.. all.Except(lines, StringComparer.Ordinal)]);
    }

    private static IReadOnlyList<string> ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static IEnumerable<string> ProcessesThatName(string folder) => Directory.EnumerateDirectories("/proc")
        .Where(process => int.TryParse(Path.GetFileName(process), out _))
        .Select(CommandLine)
        .Where(command => command.Contains(folder, StringComparison.Ordinal));

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            // It ended while we looked.
            return "";
        }
    }
}
