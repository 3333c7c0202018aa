using Anpr.Hub.Access;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Alerts;

/// <summary>What officers do with alerts.</summary>
public sealed class AlertDesk(IStore store, HubFeed feed, TimeProvider time)
{
    private const int Most = 500;
    private const int Priorities = 4;

    /// <summary>Open alerts that may be seen by who asks: by priority, then newest first.</summary>
    public IReadOnlyList<Alert> Open(Viewer viewer) =>
        [
        .. Enumerable.Range(0, Priorities).Select(p => Keys.Join(Keys.Number((ulong)p), "")).SelectMany(p => NewestFirst(Alert.ByOpen, p)).Where(a => a.VisibleTo(viewer)).Take(Most),
    ];

    /// <summary>The newest alerts in any state that may be seen by who asks, newest first.</summary>
    public IReadOnlyList<Alert> Newest(Viewer viewer, int limit) =>
        [.. NewestFirst(Alert.ByTime, "").Where(a => a.VisibleTo(viewer)).Take(limit)];

    /// <summary>The alert with this id, null when there is none or this user may not see it.</summary>
    public Alert? Find(string id, Viewer viewer) => store.Get(Alert.Table, id) is { } alert && alert.VisibleTo(viewer) ? alert : null;

    /// <summary>Takes an alert. Taking it twice changes nothing; the first one stays in its history.</summary>
    /// <returns>The alert as it is now, null when there is none.</returns>
    public Task<Alert?> AcknowledgeAsync(string id, Viewer viewer) => StepAsync(id, viewer, AlertState.Acknowledged, $"acknowledged by {viewer.Name}");

    /// <summary>Puts an alert aside; it stays open.</summary>
    public Task<Alert?> ShelveAsync(string id, Viewer viewer, string words) => StepAsync(id, viewer, AlertState.Shelved, words);

    /// <summary>Ends an alert with what came of it.</summary>
    public Task<Alert?> ResolveAsync(string id, Viewer viewer, string words) => StepAsync(id, viewer, AlertState.Resolved, words);

    // Page by page until enough are found that may be seen: those of other ports must not crowd them out.
    private IEnumerable<Alert> NewestFirst(TableIndex<Alert> index, string prefix) => StoreReading.Pages(
        (until, size) => store.Range(index, prefix, until, size, newestFirst: true), a => index.Key(a)!, a => a.Id, prefix + Keys.Last);

    private async Task<Alert?> StepAsync(string id, Viewer viewer, AlertState state, string words)
    {
        var now = time.GetUtcNow();
        var (alert, changed) = await store.WriteAsync(writer =>
        {
            var found = writer.Get(Alert.Table, id);
            if (found is null || !found.VisibleTo(viewer) || !found.IsOpen || found.State == state)
            {
                return (found is null || !found.VisibleTo(viewer) ? null : found, false);
            }

            var next = found.With(state, now, viewer.Name, words);
            writer.Put(Alert.Table, next);
            return (next, true);
        });
        if (changed)
        {
            feed.Publish(new AlertEvent(now, alert!, null));
        }

        return alert;
    }
}
