using Anpr.EndToEnd.Site;
using Anpr.Simulation.Demo;

namespace Anpr.EndToEnd.Tests;

public sealed class HubAwayTests
{
    [Fact]
    public async Task HubAway_LaneGoesOnAndCatchesUpInOrder()
    {
        Needs.Models();
        var cancellation = TestContext.Current.CancellationToken;
        var port = PortPlan.All(new Dictionary<string, string>())[0];
        await using var site = await TestSite.StartAsync([port], cancellation);
        var lane = site.Lanes[port.Port];
        await site.KillAsync("hub");
        site.StartSimulation(port, pace: 2.5);

        await site.WaitAsync("three passages without a hub", () => lane.Closed.Count >= 3, cancellation);
        Assert.True(lane.Waiting > 0, "they wait for the hub");
        await site.StopAsync($"lane-{port.Port}");
        Assert.True(lane.Waiting > 0, "it says so when it stops");
        await site.StartLaneAsync(port, cancellation);
        await site.StartHubAsync(cancellation);
        await site.DrainAsync(cancellation);

        var stored = StoredPassage.Read(site.Folder.Hub);
        Assert.Equal(lane.ClosedTotal, stored.Count(passage => passage.Closed));
        // In the order in which the lane closed them.
        var arrived = stored.Where(passage => lane.Closed.Take(3).Contains(passage.Id, StringComparer.Ordinal)).OrderBy(passage => passage.ReceivedAt).ToArray();
        Assert.Equal(lane.Closed.Take(3), arrived.Select(passage => passage.Id));
    }
}
