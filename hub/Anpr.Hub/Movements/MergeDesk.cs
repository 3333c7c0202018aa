using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Audit;
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

    /// <summary>Takes two vehicles apart; they are never joined again. It is in the audit log before.</summary>
    /// <returns>The merge as it is now; null when there is none.</returns>
    /// <exception cref="InputException">There is no reason.</exception>
    public async Task<Merge?> UndoAsync(Asking asking, string id)
    {
        audit.Append(asking.User, "vehicle.split", id, audit.Why(asking, "vehicle.split", id).Logged);
        var (merge, alerts) = await store.WriteAsync(writer =>
        {
            var undone = linker.Undo(writer, id, asking.User);
            return (undone.Merge, assessor.OnMoved(writer, undone.Moved));
        });
        foreach (var alert in alerts)
        {
            feed.Publish(new AlertEvent(time.GetUtcNow(), alert, null));
        }

        return merge;
    }
}
