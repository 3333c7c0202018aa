using Anpr.Hub.Audit;
using Anpr.Hub.Ingest;
using Anpr.Hub.Retention;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Tests.Retention;

/// <summary><c>hub hold</c> and <c>hub erase</c>, through a running hub and beside none.</summary>
public sealed class RetentionCommandTests
{
    private const string Reason = "DPA:47";

    [Fact]
    public async Task HoldAndErase_ThroughARunningHub_AreDoneAndLogged()
    {
        await using var hub = await RunningHub.StartAsync();
        await new KeptTraffic(hub, TimeProvider.System).PassAsync("AB12CDE", 1);
        string[] at = ["--data", hub.Files.Path];

        var placed = await HubProcess.RunAsync(["hold", "place", "--plate", "ab12 cde", "--reason", Reason, .. at]);
        var held = await HubProcess.RunAsync(["erase", "--plate", "AB12CDE", "--reason", Reason, "--yes", .. at]);
        var listed = await HubProcess.RunAsync(["hold", "list", .. at]);
        var lifted = await HubProcess.RunAsync(["hold", "lift", placed.Out.Trim(), "--reason", Reason, .. at]);
        var unsure = await HubProcess.RunAsync(["erase", "--plate", "AB12CDE", "--reason", Reason, .. at]);
        var erased = await HubProcess.RunAsync(["erase", "--plate", "AB12CDE", "--reason", Reason, "--yes", .. at]);

        Assert.Equal([0, 2, 0, 0, 2, 0], new[] { placed, held, listed, lifted, unsure, erased }.Select(r => r.Code));
        Assert.Contains("a legal hold", held.Error, StringComparison.Ordinal);
        Assert.Contains("plate AB12CDE\tDPA:47", listed.Out, StringComparison.Ordinal);
        Assert.Contains("stands", listed.Out, StringComparison.Ordinal);
        Assert.Contains("lifted", lifted.Out, StringComparison.Ordinal);
        Assert.Contains("--yes", unsure.Error, StringComparison.Ordinal);
        Assert.Contains("Proof: erasure", erased.Out, StringComparison.Ordinal);
        Assert.Equal(0, hub.Get<IStore>().Count(StoredSighting.Table));
        var acts = hub.Get<AuditLog>().Newest("console:", "", 50).Where(e => e.Kind != AuditKinds.System).Select(e => e.What).ToHashSet();
        Assert.Superset(new HashSet<string> { "hold.place", "hold.look", "hold.lift", "vehicle.erase" }, acts);
    }

    [Fact]
    public async Task Hold_WhereNoHubRuns_IsPlacedOnItsStore_AndWithoutAReasonRefused()
    {
        using var folder = new TempFolder();
        string[] at = ["--data", folder.Path];
        await HubProcess.RunAsync(["init", .. at]);

        var refused = await HubProcess.RunAsync(["hold", "place", "--plate", "AB12CDE", .. at]);
        var both = await HubProcess.RunAsync(["hold", "place", "--plate", "AB12CDE", "--passage", "p", "--reason", Reason, .. at]);
        var placed = await HubProcess.RunAsync(["hold", "place", "--plate", "AB12CDE", "--reason", Reason, .. at]);
        var unknown = await HubProcess.RunAsync(["hold", "lift", "nothing", "--reason", Reason, .. at]);
        var nothing = await HubProcess.RunAsync(["erase", "--plate", "ZZ99ZZZ", "--reason", Reason, "--yes", .. at]);

        Assert.Equal([2, 2, 0, 2, 2], new[] { refused, both, placed, unknown, nothing }.Select(r => r.Code));
        Assert.Contains("CODE:REF", refused.Error, StringComparison.Ordinal);
        Assert.Contains("there is no hold 'nothing'", unknown.Error, StringComparison.Ordinal);
        using var log = new AuditLog(folder.Path, TimeProvider.System);
        Assert.Equal(["vehicle.erase", "hold.lift", "hold.place", "hold.place"], log.Newest("console:", "", 4).Select(e => e.What));
    }
}
