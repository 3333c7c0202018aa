using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Bookings;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;

namespace Anpr.Hub.Retention;

/// <summary>
/// What names a vehicle and hangs on none of its passages: messages that were put aside, bookings, merges, company that was told, alerts of
/// others that rest on it, the hub's own list entries for a vehicle that was turned away, and what other vehicles' links say of it.
/// </summary>
internal sealed class LooseRecords(IStore store, BookingBook bookings, Deleter deleter, TimeProvider time)
{
    private const int Most = 100_000;

    /// <summary>A message that was put aside, or a booking, names it.</summary>
    public bool IsAny(ErasureRequest asked) => BookedOf(asked).Any() || AsideOf(asked).Any();

    /// <summary>Erases them.</summary>
    /// <returns>The erasure with what went.</returns>
    public async Task<Erasure> EraseAsync(Erasure erasure, ErasureRequest asked, CancellationToken cancellation)
    {
        var (vehicles, texts, passages) = (asked.Vehicles.ToHashSet(StringComparer.Ordinal), asked.Texts.ToHashSet(StringComparer.Ordinal), asked.Passages.ToHashSet(StringComparer.Ordinal));
        var names = new ErasedNames([.. vehicles, .. texts, .. passages]);
        bool IsMerge(Merge m) => vehicles.Contains(m.Gone.Id) || vehicles.Contains(m.Into) || texts.Contains(m.Gone.Text);
        bool IsTold(ToldCompany t) => vehicles.Contains(t.One) || vehicles.Contains(t.Other);
        bool IsAlert(Alert a) => a.Cause != AlertCause.Watchlist && (names.AreIn(a.Why?.En ?? "") || a.History.Any(step => names.AreIn(step.Words)));
        erasure = await deleter.RecordsAsync(erasure, AsideOf(asked).Select(q => q.Id), Quarantined.Table, (q, holds) => !holds.AreOn(q), cancellation);
        erasure = await deleter.RecordsAsync(erasure, BookedOf(asked).Select(b => b.Id).Distinct(StringComparer.Ordinal), Booking.Table, (_, _) => true, cancellation);
        erasure = await deleter.RecordsAsync(erasure, store.All(Merge.Table).Where(IsMerge).Select(m => m.Id), Merge.Table, (m, holds) => IsMerge(m) && !holds.AreOn(m), cancellation);
        erasure = await deleter.RecordsAsync(erasure, store.All(ToldCompany.Table).Where(IsTold).Select(ToldCompany.Table.Id), ToldCompany.Table, (_, _) => true, cancellation);
        erasure = await deleter.RecordsAsync(erasure, store.All(Alert.Table).Where(IsAlert).Select(a => a.Id), Alert.Table, (a, _) => IsAlert(a), cancellation);
        erasure = await ReturnsAsync(erasure, texts, passages, cancellation);
        await ReasonsAsync(erasure, texts, cancellation);
        return erasure;
    }

    private IEnumerable<Quarantined> AsideOf(ErasureRequest asked) => store.All(Quarantined.Table).Where(q => Holds.PlateOf(q) is { } text && asked.Texts.Contains(text));

    private IEnumerable<Booking> BookedOf(ErasureRequest asked) => asked.Texts.SelectMany(text => bookings.Of(text, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, Most));

    // Those that stand stop a vehicle for three days at most, and count as listed until then.
    private async Task<Erasure> ReturnsAsync(Erasure erasure, HashSet<string> texts, HashSet<string> passages, CancellationToken cancellation)
    {
        var all = store.All(ListEntry.Table).ToList();
        var stays = ListEntry.Anchors(all);
        var now = time.GetUtcNow();
        bool IsOver(ListEntry e) => e.TurnedAway is { } turned && !e.IsActive(now) && !stays.Contains(e.Revision) && (texts.Contains(e.Pattern) || passages.Contains(turned.Passage));
        return await deleter.RecordsAsync(erasure, all.Where(IsOver).Select(e => e.Id), ListEntry.Table, (e, _) => IsOver(e), cancellation);
    }

    // "not linked to AB12CDE: ...": said of vehicles whose plates may be misreads of it.
    private async Task ReasonsAsync(Erasure erasure, HashSet<string> texts, CancellationToken cancellation)
    {
        var names = new ErasedNames(texts);
        var sightings = texts.SelectMany(text => VehicleBook.Candidates(store, text)).DistinctBy(v => v.Id, StringComparer.Ordinal)
            .SelectMany(v => store.Prefix(StoredSighting.ByVehicle, Keys.Join(v.Id, ""), Most)).Where(s => s.LinkReasons.Any(names.AreIn)).Select(s => s.Id);
        foreach (var batch in sightings.Chunk(Deleter.Batch))
        {
            await deleter.RunAsync(
                erasure,
                batch,
                (lookup, id) => lookup.Get(StoredSighting.Table, id),
                (writer, _, _) =>
                {
                    foreach (var sighting in batch.Select(id => writer.Get(StoredSighting.Table, id)).OfType<StoredSighting>())
                    {
                        writer.Put(StoredSighting.Table, sighting with { LinkReasons = [.. sighting.LinkReasons.Where(reason => !names.AreIn(reason))] });
                    }

                    return [];
                },
                cancellation);
        }
    }
}
