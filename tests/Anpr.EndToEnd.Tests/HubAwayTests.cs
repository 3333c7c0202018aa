using System.Text.Json;
using Anpr.EndToEnd.Site;
using Anpr.Simulation.Demo;
using Anpr.Simulation.Ports;

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

    [Fact]
    public async Task HubAway_LaneStillAlertsOnItsDisplay()
    {
        Needs.Models();
        var cancellation = TestContext.Current.CancellationToken;
        var port = PortPlan.All(new Dictionary<string, string>())[0];
        var listed = PortOptions.Plan(seed: 1).For(port.Port).Take(12).Select(vehicle => vehicle.Registration.Text).Distinct(StringComparer.Ordinal).ToArray();
        await using var site = await TestSite.StartAsync([port], cancellation);
        await site.Setup.AddWatchlistAsync([.. listed.Select(text => (text, "exact", "Stop and search"))], cancellation);
        await using var screen = await LaneScreen.FollowAsync(port, cancellation);
        site.StartSimulation(port, pace: 2.5);

        var first = await screen.RaisedAsync(OfTheList, cancellation);
        await site.KillAsync("hub");
        // A vehicle that came when nobody but the lane could know it.
        var came = TimeProvider.System.GetUtcNow();
        var alone = await screen.RaisedAsync(alert => OfTheList(alert) && alert.GetProperty("since").GetDateTimeOffset() > came, cancellation);

        Assert.NotEqual(first.GetProperty("passage").GetString(), alone.GetProperty("passage").GetString());
        Assert.Equal("Stop and search", alone.GetProperty("display").GetString());
        Assert.Contains(alone.GetProperty("text").GetString(), listed);

        static bool OfTheList(JsonElement alert) => alert.GetProperty("match").GetString() == "exact";
    }
}
