using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Retention;

/// <summary>
/// Deletes passages with all that hangs on them, within one transaction. Vehicles that lose their last sighting go too, with what was joined
/// to them; a picture goes when no record names it any more, because the same bytes are kept once.
/// </summary>
internal sealed class PassageEraser(IStoreWriter writer, ReadBook reads)
{
    private const int Most = 1000;

    private readonly Dictionary<string, int> lost = new(StringComparer.Ordinal);
    private readonly HashSet<string> pictures = new(StringComparer.Ordinal);
    private readonly List<ErasedRecord> erased = [];

    /// <summary>What <see cref="Erase"/> and <see cref="Finish"/> are going to read of a passage.</summary>
    public static void Foresee(IStoreLookup store, string id)
    {
        var passage = PassageRecords.Of(store, id);
        foreach (var vehicle in passage.Vehicles)
        {
            VehicleBook.ForeseeRecount(store, vehicle.Id);
        }

        foreach (var vehicle in passage.Sightings.Select(s => s.Vehicle).Distinct(StringComparer.Ordinal))
        {
            Related(store, vehicle);
        }

        foreach (var (sha256, sighting) in passage.Overviews)
        {
            store.Get(StoredOverview.Table, StoredOverview.Key(sha256, sighting));
            IsKept(store, sha256);
        }

        foreach (var sha256 in passage.Pictures)
        {
            IsKept(store, sha256);
        }
    }

    /// <summary>What <see cref="Overview"/> and <see cref="Finish"/> are going to read of one overview.</summary>
    public static void Foresee(IStoreLookup store, string sha256, string sighting)
    {
        store.Get(StoredOverview.Table, StoredOverview.Key(sha256, sighting));
        IsKept(store, sha256);
    }

    /// <summary>Deletes a passage.</summary>
    public void Erase(PassageRecords passage)
    {
        Delete(passage.Revisions, RevisionRecord.Table);
        Delete(passage.Alerts, Alert.Table);
        Delete(passage.Searches, StoredSearch.Table);
        Delete(passage.Dispositions, StoredDisposition.Table);
        Delete(passage.Sightings, StoredSighting.Table);
        Delete(passage.Passage is null ? [] : [passage.Passage], StoredPassage.Table);
        foreach (var (sha256, sighting) in passage.Overviews)
        {
            Overview(sha256, sighting);
        }

        pictures.UnionWith(passage.Pictures);
        foreach (var sighting in passage.Sightings)
        {
            lost[sighting.Vehicle] = lost.GetValueOrDefault(sighting.Vehicle) + 1;
        }
    }

    /// <summary>Lets the overview of a sighting go, whatever becomes of the sighting.</summary>
    public void Overview(string sha256, string sighting)
    {
        if (writer.Get(StoredOverview.Table, StoredOverview.Key(sha256, sighting)) is { } kept)
        {
            Delete([kept], StoredOverview.Table);
        }

        pictures.Add(sha256);
    }

    /// <summary>Counts the vehicles anew and lets pictures go; nothing may be erased afterwards.</summary>
    /// <returns>All that was deleted.</returns>
    public IReadOnlyList<ErasedRecord> Finish()
    {
        foreach (var (id, sightings) in lost)
        {
            if (writer.Get(Vehicle.Table, id) is { } before)
            {
                VehicleBook.Recount(writer, reads, id, sightings);
                var after = writer.Get(Vehicle.Table, id);
                var left = after is null ? [] : PlateKey.Of(after).Select(PlateKey.Table.Id).ToHashSet(StringComparer.Ordinal);
                erased.AddRange(PlateKey.Of(before).Select(PlateKey.Table.Id).Where(key => !left.Contains(key)).Select(key => new ErasedRecord(PlateKey.Table.Name, key)));
                if (after is null)
                {
                    erased.Add(new ErasedRecord(Vehicle.Table.Name, id));
                    Forget(id);
                }
            }
        }

        foreach (var sha256 in pictures.Where(p => IsKept(writer, p) is (Named: false, There: true)))
        {
            writer.DeletePicture(sha256);
            erased.Add(new ErasedRecord("pictures", sha256));
        }

        return erased;
    }

    /// <summary>Deletes records that nothing hangs on.</summary>
    public void Delete<T>(IEnumerable<T> records, Table<T> table)
        where T : class
    {
        foreach (var record in records)
        {
            writer.Delete(table, table.Id(record));
            erased.Add(new ErasedRecord(table.Name, table.Id(record)));
        }
    }

    // What was joined to it, and to that before: each merge keeps a whole vehicle.
    private void Forget(string vehicle)
    {
        for (var left = new Stack<string>([vehicle]); left.TryPop(out var gone);)
        {
            var (into, apart, other) = Related(writer, gone);
            Delete(into, Merge.Table);
            Delete(apart, Apart.Table);
            Delete(other, Apart.Table);
            foreach (var merge in into.Where(m => m.UndoneBy.Length == 0))
            {
                left.Push(merge.Gone.Id);
            }
        }
    }

    private static (IReadOnlyList<Merge> Into, IReadOnlyList<Apart> Apart, IReadOnlyList<Apart> Other) Related(IStoreLookup store, string vehicle) => (
        store.Prefix(Merge.ByVehicle, Keys.Join(vehicle, ""), Most),
        store.Prefix(Apart.Table.ById, Keys.Join(vehicle, ""), Most),
        store.Prefix(Apart.ByOther, Keys.Join(vehicle, ""), Most));

    // Its bytes are not looked at: a damaged picture goes like any other.
    private static (bool Named, bool There) IsKept(IStoreLookup store, string sha256)
    {
        var (messages, overviews) = (store.Range(RevisionRecord.ByPicture, sha256, sha256, 1), store.Prefix(StoredOverview.Table.ById, Keys.Join(sha256, ""), 1));
        return (messages.Count + overviews.Count > 0, store.HasPicture(sha256));
    }
}

/// <summary>A record that was deleted.</summary>
/// <param name="Table">Its table, or <c>pictures</c>.</param>
/// <param name="Id">Its id.</param>
internal readonly record struct ErasedRecord(string Table, string Id);
