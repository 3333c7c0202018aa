using System.Text.Json;
using Anpr.EndToEnd.Site;
using Anpr.Simulation.Demo;
using Anpr.Simulation.Processes;

namespace Anpr.EndToEnd.Tests;

/// <summary>The four clips of real vehicles (video/labels.csv of the measuring data) through a real lane and a real hub.</summary>
public sealed class ClipTests(ITestOutputHelper output)
{
    [Fact]
    public async Task FourClips_GiveFourPassagesWithTheirTexts_AndTheWatchedOneIsSeenInABrowser()
    {
        Needs.Models();
        var cancellation = TestContext.Current.CancellationToken;
        var clips = Clips.In(Needs.Data("video"));
        var watched = clips[^1].Text;
        var port = PortPlan.All(new Dictionary<string, string> { ["calais"] = clips[0].File })[0];
        await using var site = await TestSite.StartAsync([port], cancellation);
        await site.Setup.AddWatchlistAsync([(watched, "exact", "Stop and search")], cancellation);
        var links = await site.Setup.AddUsersAsync(cancellation);
        await using var browser = await ConsoleBrowser.SignInAsync(links.Single(link => link.Role == "officer").Link);

        for (var clip = 0; clip < clips.Count; clip++)
        {
            await site.WaitAsync($"a passage of {Path.GetFileName(clips[clip].File)}", () => site.Lanes[port.Port].Closed.Count > clip, cancellation);
            await site.WaitAsync("its delivery", () => site.Lanes[port.Port] is { Waiting: 0 } lane && lane.ClosedTotal >= lane.Closed.Count, cancellation);
            await site.StopAsync($"lane-{port.Port}");
            if (clip + 1 < clips.Count)
            {
                LaneFile.Write(site.Folder.Lane(port.Port), port with { Source = clips[clip + 1].File });
                await site.StartLaneAsync(port, cancellation);
            }
        }

        await browser.SeeAlertAsync(watched);
        await site.StopAsync("hub");
        var sightings = await ExportAsync(site, cancellation);
        output.WriteLine(string.Join(' ', sightings));
        Assert.Equal(4, StoredPassage.Read(site.Folder.Hub).Count(passage => passage.Closed));
        Assert.Equal(clips.Select(clip => clip.Text).Order(StringComparer.Ordinal), sightings.Order(StringComparer.Ordinal));
    }

    private static async Task<IReadOnlyList<string>> ExportAsync(TestSite site, CancellationToken cancellation)
    {
        var lines = await Tool.RunAsync("hub export", site.Folder.Logs, new Programs().Hub, cancellation, "export", "--data", site.Folder.Hub, "--what", "sightings", "--reason", "TEST:clips", "--json");
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!)];
    }
}
