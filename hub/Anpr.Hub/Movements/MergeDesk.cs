using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Audit;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Movements;

/// <summary>Vehicles that the hub has joined, and how a person takes them apart again.</summary>
public sealed class MergeDesk(IStore store, Linker linker, Assessor assessor, HubFeed feed, AuditLog audit, TimeProvider time)
{
    /// <summary>The newest merges, newest first.</summary>
    public IReadOnlyList<Merge> Newest(int limit) => store.Newest(Merge.ByTime, limit);

    /// <summary>What was joined to a vehicle, newest first.</summary>
    public IReadOnlyList<Merge> Of(string vehicle, int limit) => store.Prefix(Merge.ByVehicle, Keys.Join(vehicle, ""), limit, newestFirst: true);

    /// <summary>Takes two vehicles apart; the hub never joins them again. It is in the audit log before.</summary>
    /// <returns>The merge as it is now; null when there is none.</returns>
    /// <exception cref="InputException">There is no reason.</exception>
    public Task<Merge?> UndoAsync(Asking asking, string id) => ChangeAsync(asking, "vehicle.split", id, linker.Undo);

    /// <summary>Joins again what was taken apart: a new merge, which can be undone once more. It is in the audit log before.</summary>
    /// <returns>The new merge; null when there is no such merge, it stands, or one of the two vehicles is no more.</returns>
    /// <exception cref="InputException">There is no reason, or one vehicle cannot have been at all those places.</exception>
    public Task<Merge?> RedoAsync(Asking asking, string id) => ChangeAsync(asking, "vehicle.rejoin", id, linker.Redo);

    private async Task<Merge?> ChangeAsync(Asking asking, string act, string id, Func<IStoreWriter, string, string, (Merge? Merge, IReadOnlyList<StoredSighting> Moved)> change)
    {
        var why = audit.Why(asking, act, id);
        var (merge, alerts) = await audit.ChangeAsync(new(asking.User, act, id, why.Logged, ""), () => store.WriteAsync(writer =>
        {
            var (changed, moved) = change(writer, id, asking.User);
            return (changed, assessor.OnMoved(writer, moved));
        }));
        foreach (var alert in alerts)
        {
            feed.Publish(new AlertEvent(time.GetUtcNow(), alert, null));
        }

        return merge;
    }
}
