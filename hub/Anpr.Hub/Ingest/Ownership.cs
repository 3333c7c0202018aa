using Anpr.Hub.Access;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;

namespace Anpr.Hub.Ingest;

/// <summary>Whose a record is: of the lane that sent it first, or of the officers who wrote it at the hub. A lane speaks for itself only.</summary>
internal static class Ownership
{
    private const string Officers = "the hub's officers";

    /// <summary>Says which of the message's ids belongs to somebody else, null when none does.</summary>
    public static string? Fault(IStoreReader store, LaneIdentity lane, Incoming incoming) => incoming.Body switch
    {
        Sighting s => Foreign(lane, "sighting", s.Id, store.Get(StoredSighting.Table, s.Id)?.LaneKey) ?? OfPassage(store, lane, s.PassageId),
        Passage p => OfPassage(store, lane, p.Id) ?? p.SightingIds.Select(id => Foreign(lane, "sighting", id, store.Get(StoredSighting.Table, id)?.LaneKey)).FirstOrDefault(f => f is not null),
        Search s => Foreign(lane, "search", s.Id, Sender(store, incoming) ?? (store.Get(StoredSearch.Table, s.Id) is null ? null : Officers)) ?? OfPassage(store, lane, s.PassageId),
        Disposition d => Foreign(lane, "disposition", d.Id, Sender(store, incoming) ?? (store.Get(StoredDisposition.Table, d.Id) is null ? null : Officers)) ?? OfPassage(store, lane, d.PassageId),
        _ => null,
    };

    /// <summary>Says that a search or disposition speaks of a passage of which nothing has come in; null for everything else.</summary>
    public static string? Unknown(IStoreReader store, Incoming incoming)
    {
        var passage = (incoming.Body as Search)?.PassageId ?? (incoming.Body as Disposition)?.PassageId;
        return passage is null || PassageOwner(store, passage) is not null ? null : $"passage_id {passage} is of no passage here. Send the passage first.";
    }

    /// <summary>What <see cref="Fault"/> and <see cref="Unknown"/> are going to read.</summary>
    public static void Foresee(IStoreLookup store, Incoming incoming)
    {
        switch (incoming.Body)
        {
            case Sighting s:
                PassageOwner(store, s.PassageId);
                break;
            case Passage p:
                PassageOwner(store, p.Id);
                foreach (var id in p.SightingIds)
                {
                    store.Get(StoredSighting.Table, id);
                }

                break;
            case Search s:
                PassageOwner(store, s.PassageId);
                Sender(store, incoming);
                store.Get(StoredSearch.Table, s.Id);
                break;
            case Disposition d:
                PassageOwner(store, d.PassageId);
                Sender(store, incoming);
                store.Get(StoredDisposition.Table, d.Id);
                break;
        }
    }

    private static string? OfPassage(IStoreReader store, LaneIdentity lane, string id) =>
        Foreign(lane, "passage", id, PassageOwner(store, id));

    // A passage's sightings may come before it.
    private static string? PassageOwner(IStoreLookup store, string id) =>
        store.Get(StoredPassage.Table, id)?.LaneKey ?? (store.Range(StoredSighting.ByPassage, id, id, 1) is [var sighting] ? sighting.LaneKey : null);

    private static string? Sender(IStoreLookup store, Incoming incoming) =>
        store.Range(RevisionRecord.Table.ById, RevisionRecord.Key(incoming.Kind, incoming.Id, 0), RevisionRecord.Key(incoming.Kind, incoming.Id, uint.MaxValue), 1) is [var first]
            ? $"{first.Port}/{first.Lane}"
            : null;

    private static string? Foreign(LaneIdentity lane, string kind, string id, string? owner) =>
        owner is null || owner == lane.ToString() ? null : $"{kind} {id} belongs to {(owner == Officers ? owner : "lane " + owner)}. A lane may speak for itself only.";
}
