using Anpr.Hub.Audit;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Link;

public sealed class MergeAuditTests
{
    /// <summary>A hub was killed after it had joined two vehicles and before its log had it.</summary>
    [Fact]
    public async Task Merge_ThatWasLeft_IsWrittenOnce()
    {
        using var folder = new TempFolder();
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
        await using var store = LiteStore.Open(folder.Path, HubFeatures.Tables);
        using var audit = new AuditLog(folder.Path, time);
        using var merges = new MergeAudit(store, audit, time, NullLogger<MergeAudit>.Instance);
        var gone = new Vehicle("gone", "AB12CDE", 0.97, [], "", default, default, 1, ["calais"]);
        await store.WriteAsync(writer =>
        {
            writer.Put(Merge.Table, new Merge("m", time.GetUtcNow(), gone, "stays", ["s"], 0.99, "one plate") { Unaudited = true });
            return true;
        });

        await merges.WriteLeftAsync();
        Assert.Empty(audit.Newest("", "vehicle.merge", 5)); // it may still be about to
        time.Advance(TimeSpan.FromMinutes(6));
        await merges.WriteLeftAsync();
        await merges.WriteLeftAsync();

        Assert.Equal("stays", Assert.Single(audit.Newest("", "vehicle.merge", 5)).About);
        Assert.False(store.Get(Merge.Table, "m")!.Unaudited);
    }
}
