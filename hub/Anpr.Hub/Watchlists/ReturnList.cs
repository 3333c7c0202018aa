using Anpr.Hub.Assess;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;

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

    /// <summary>
    /// Lists the vehicles of a passage that was refused or turned round, and ends their entries when that was taken back: what was decided last
    /// counts, by whomever.
    /// </summary>
    /// <returns>True when the list has changed.</returns>
    public static bool Apply(IStoreWriter writer, string passage, DateTimeOffset now)
    {
        var disposition = StoredDisposition.Last(writer, passage)!.Message;
        var changed = false;
        var listed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sighting in writer.Range(StoredSighting.ByPassage, passage, passage, Plates))
        {
            var old = writer.Get(ListEntry.Table, ReturnRule.EntryId(passage, sighting.Id));
            var text = writer.Get(Vehicle.Table, sighting.Vehicle)?.Text ?? sighting.Text;
            var wanted = ReturnRule.TurnsAway(disposition) && listed.Add(text);
            if (wanted && old is not { Removed: false })
            {
                writer.Put(ListEntry.Table, ReturnRule.Entry(disposition, sighting, text, now, WatchlistBook.NextRevision(writer)));
                changed = true;
            }
            else if (!wanted && old is { Removed: false })
            {
                writer.Put(ListEntry.Table, old with { Removed = true, Revision = WatchlistBook.NextRevision(writer) });
                changed = true;
            }
        }

        return changed;
    }
}
