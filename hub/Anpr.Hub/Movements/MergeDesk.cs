using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Movements;

/// <summary>Vehicles that the hub has joined, and how a person takes them apart again.</summary>
public sealed class MergeDesk(IStore store, Linker linker, Assessor assessor, HubFeed feed, TimeProvider time)
{
    /// <summary>The newest merges, newest first.</summary>
    public IReadOnlyList<Merge> Newest(int limit) => store.Newest(Merge.ByTime, limit);

    /// <summary>What was joined to a vehicle, newest first.</summary>
    public IReadOnlyList<Merge> Of(string vehicle, int limit) => store.Prefix(Merge.ByVehicle, Keys.Join(vehicle, ""), limit, newestFirst: true);

    /// <summary>Takes two vehicles apart; they are never joined again.</summary>
    /// <returns>The merge as it is now; null when there is none.</returns>
    public async Task<Merge?> UndoAsync(string id, string user)
    {
        var (merge, alerts) = await store.WriteAsync(writer =>
        {
            var undone = linker.Undo(writer, id, user);
            return (undone.Merge, assessor.OnMoved(writer, undone.Moved));
        });
        foreach (var alert in alerts)
        {
            feed.Publish(new AlertEvent(time.GetUtcNow(), alert, null));
        }

        return merge;
    }
}
