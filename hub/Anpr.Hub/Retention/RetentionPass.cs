using Anpr.Hub.Assess;
using Anpr.Hub.Audit;
using Anpr.Hub.Bookings;
using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;
using Microsoft.Extensions.Options;

namespace Anpr.Hub.Retention;

/// <summary>
/// Deletes what has been kept for its period. It may be stopped anywhere and begun anew, here or by another hub on the same store: what has
/// gone is not found again.
/// </summary>
internal sealed class RetentionPass(IStore store, Linker linker, AuditLog audit, IOptions<RetentionOptions> options, TimeProvider time)
{
    private readonly Deleter deleter = new(store, linker, audit, time);

    /// <summary>Runs one pass.</summary>
    /// <returns>What was erased; null when another hub has the turn.</returns>
    public async Task<Erasure?> RunAsync(CancellationToken cancellation)
    {
        var erasure = Erasure.Begin(Erasure.Retention, "hub", "", time.GetUtcNow());
        try
        {
            erasure = await OverviewsAsync(erasure, cancellation);
            erasure = await PassagesAsync(erasure, cancellation);
            var aside = Before(options.Value.QuarantineDays);
            erasure = await RecordsAsync(erasure, Quarantined.ByTime, (q, holds) => q.ReceivedAt < aside && !holds.AreOn(q), aside, cancellation);
            var crossed = time.GetUtcNow() - BookingBook.Kept;
            erasure = await RecordsAsync(erasure, Booking.ByCrossing, (b, holds) => b.CrossingAt <= crossed && holds.On([], [b.Registration, b.Trailer]) is null, crossed, cancellation);
            erasure = await ListAsync(erasure, cancellation);
            var joined = Before(options.Value.SightingsDays);
            erasure = await RecordsAsync(erasure, Merge.ByTime, (m, holds) => m.At < joined && !holds.AreOn(m), joined, cancellation);
            erasure = await RecordsAsync(erasure, ToldCompany.ByTime, (t, _) => t.At < joined, joined, cancellation);
            erasure = await RecordsAsync(erasure, LaneFault.ByTime, (f, _) => f.Ended < joined, joined, cancellation);
            var signed = Before(options.Value.AuditDays);
            erasure = await RecordsAsync(erasure, AuditHead.ByTime, (h, _) => h.At < signed, signed, cancellation);
            erasure = await LearnedAsync(erasure, signed, cancellation);
            await store.WriteAsync(writer => RetentionTurn.Leave(writer, audit.Replica), RetentionTurn.Foresee, cancellation);
        }
        catch (TurnLostException)
        {
            return null;
        }
        finally
        {
            if (store.Get(Erasure.Table, erasure.Id) is { } kept)
            {
                audit.Append("hub", "retention.erase", about: $"erasure {kept.Id}", result: kept.Words, records: kept.Records);
            }
        }

        Audit();
        return erasure;
    }

    // Its own log each hub looks after itself.
    private void Audit()
    {
        var before = Before(options.Value.AuditDays);
        audit.Erase(e => e.At < before, whole: true, "hub", "entries whose period is over", "", until: e => e.At < before);
    }

    private async Task<Erasure> PassagesAsync(Erasure erasure, CancellationToken cancellation)
    {
        var before = Before(options.Value.SightingsDays);
        var passages = Walk(StoredPassage.ByTime, before).Where(p => !p.Simulated || p.ReceivedAt < before).Select(p => p.Id)
            .Concat(Walk(StoredSighting.ByTime, before).Where(s => !s.Simulated || s.ReceivedAt < before).Select(s => s.Message.PassageId)); // those without a passage
        return await deleter.PassagesAsync(erasure, passages, p => p.At < before, cancellation);
    }

    private IEnumerable<T> Walk<T>(TableIndex<T> index, DateTimeOffset until)
        where T : class
        => store.Scan(index, "0", Keys.Time(until));

    private async Task<Erasure> OverviewsAsync(Erasure erasure, CancellationToken cancellation)
    {
        var before = Before(options.Value.OverviewsDays);
        foreach (var batch in Walk(StoredOverview.ByTime, before).Where(o => o.ReceivedAt < before).Chunk(Deleter.Batch))
        {
            erasure = await deleter.RunAsync(
                erasure,
                [.. batch.Select(StoredOverview.Table.Id)],
                (lookup, id) =>
                {
                    var overview = batch.First(o => StoredOverview.Table.Id(o) == id);
                    PassageOf(lookup, overview.Sighting);
                    PassageEraser.Foresee(lookup, overview.Sha256, overview.Sighting);
                },
                (writer, eraser, holds) =>
                {
                    foreach (var overview in batch)
                    {
                        Review(writer, eraser, holds, overview);
                    }

                    return [];
                },
                cancellation);
        }

        return erasure;
    }

    private async Task<Erasure> ListAsync(Erasure erasure, CancellationToken cancellation)
    {
        var before = Before(options.Value.SightingsDays);
        var all = store.All(ListEntry.Table).ToList();
        var stays = ListEntry.Anchors(all);
        bool IsOver(ListEntry entry) => entry.ExpiresAt < before && !stays.Contains(entry.Revision);
        return await deleter.RecordsAsync(erasure, all.Where(IsOver).Select(e => e.Id), ListEntry.Table, (e, holds) => IsOver(e) && holds.On([], [e.Pattern]) is null, cancellation);
    }

    // Who let the hub forget, and why. The newest stays: versions are counted from it.
    private async Task<Erasure> LearnedAsync(Erasure erasure, DateTimeOffset before, CancellationToken cancellation)
    {
        var newest = store.Newest(LearnedVersion.Table.ById, 1) is [var only] ? only.Number : 0;
        bool IsOver(LearnedVersion version) => version.At < before && version.Number != newest;
        return await deleter.RecordsAsync(erasure, store.All(LearnedVersion.Table).Where(IsOver).Select(LearnedVersion.Table.Id), LearnedVersion.Table, (v, _) => IsOver(v), cancellation);
    }

    private static PassageRecords? PassageOf(IStoreLookup store, string sighting) =>
        store.Get(StoredSighting.Table, sighting) is { } seen ? PassageRecords.Of(store, seen.Message.PassageId) : null;

    private static void Review(IStoreWriter writer, PassageEraser eraser, Holds holds, StoredOverview overview)
    {
        var passage = PassageOf(writer, overview.Sighting);
        if (passage is { IsHit: true })
        {
            writer.Put(StoredOverview.Table, overview with { Stays = true });
        }
        else if (passage is null || holds.On(passage) is null)
        {
            eraser.Overview(overview.Sha256, overview.Sighting);
        }
    }

    // Records that nothing hangs on.
    private Task<Erasure> RecordsAsync<T>(Erasure erasure, TableIndex<T> index, Func<T, Holds, bool> due, DateTimeOffset before, CancellationToken cancellation)
        where T : class
    {
        var holds = Holds.In(store);
        return deleter.RecordsAsync(erasure, Walk(index, before).Where(record => due(record, holds)).Select(index.Table.Id), index.Table, due, cancellation);
    }

    private DateTimeOffset Before(int days) => time.GetUtcNow() - TimeSpan.FromDays(days);
}
