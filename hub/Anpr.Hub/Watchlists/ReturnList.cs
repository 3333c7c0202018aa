using Anpr.Hub.Assess;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;

namespace Anpr.Hub.Watchlists;

/// <summary>Vehicles that were turned away: on the watchlist of every lane of every port for <see cref="ReturnRule.Listed"/>.</summary>
internal static class ReturnList
{
    private const int Plates = 20;

    /// <summary>What <see cref="Apply"/> is going to read.</summary>
    public static void Foresee(IStoreLookup store, string passage)
    {
        StoredDisposition.Last(store, passage);
        WatchlistBook.Foresee(store);
        foreach (var sighting in store.Range(StoredSighting.ByPassage, passage, passage, Plates))
        {
            store.Get(ListEntry.Table, ReturnRule.EntryId(passage, sighting.Id));
            store.Get(Vehicle.Table, sighting.Vehicle);
        }
    }

    /// <summary>What <see cref="Follow"/> is going to read: most passages are never turned away.</summary>
    public static void ForeseeFollow(IStoreLookup store, string passage)
    {
        if (StoredDisposition.Last(store, passage) is not null)
        {
            Foresee(store, passage);
        }
    }

    /// <summary>
    /// Lists the vehicles of a passage that was refused or turned round, and ends their entries when that was taken back: what was decided last
    /// counts, by whomever.
    /// </summary>
    /// <returns>Entries that have changed.</returns>
    public static IReadOnlyList<ListEntry> Apply(IStoreWriter writer, string passage, DateTimeOffset now) =>
        Bring(writer, passage, StoredDisposition.Last(writer, passage)!.Message, now, decided: true);

    /// <summary>
    /// The passage reads otherwise than when it was decided about: lists what it reads now. What a person has ended stays ended.
    /// </summary>
    /// <returns>Entries that have changed.</returns>
    public static IReadOnlyList<ListEntry> Follow(IStoreWriter writer, string passage, DateTimeOffset now) =>
        StoredDisposition.Last(writer, passage) is { } last ? Bring(writer, passage, last.Message, now, decided: false) : [];

    private static List<ListEntry> Bring(IStoreWriter writer, string passage, Disposition disposition, DateTimeOffset now, bool decided)
    {
        var changed = new List<ListEntry>();
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sighting in writer.Range(StoredSighting.ByPassage, passage, passage, Plates))
        {
            var old = writer.Get(ListEntry.Table, ReturnRule.EntryId(passage, sighting.Id));
            var text = writer.Get(Vehicle.Table, sighting.Vehicle)?.Text ?? sighting.Text;
            var wanted = ReturnRule.TurnsAway(disposition) && listed.Add(text);
            if (wanted && (old is null || (old.Removed ? decided : old.Pattern != text)))
            {
                Put(ReturnRule.Entry(disposition, sighting, text, now, WatchlistBook.NextRevision(writer)));
            }
            else if (!wanted && old is { Removed: false })
            {
                Put(old with { Removed = true, Revision = WatchlistBook.NextRevision(writer) });
            }
        }

        return changed;

        void Put(ListEntry entry)
        {
            writer.Put(ListEntry.Table, entry);
            changed.Add(entry);
        }
    }
}
