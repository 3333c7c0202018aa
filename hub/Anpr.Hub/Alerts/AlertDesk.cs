using Anpr.Hub.Storage;

namespace Anpr.Hub.Alerts;

/// <summary>What officers do with alerts.</summary>
public sealed class AlertDesk(IStore store, HubFeed feed, TimeProvider time)
{
    private const int Most = 500;
    private const int Priorities = 4;

    /// <summary>Open alerts that this user may see: by priority, then newest first.</summary>
    public IReadOnlyList<Alert> Open(string user) =>
        [
        .. Enumerable.Range(0, Priorities).SelectMany(p => store.Prefix(Alert.ByOpen, Keys.Join(Keys.Number((ulong)p), ""), Most, newestFirst: true)).Where(a => a.VisibleTo(user)).Take(Most),
    ];

    /// <summary>The newest alerts in any state that this user may see, newest first.</summary>
    public IReadOnlyList<Alert> Newest(string user, int limit) =>
        [.. store.Newest(Alert.ByTime, limit).Where(a => a.VisibleTo(user))];

    /// <summary>The alert with this id, null when there is none or this user may not see it.</summary>
    public Alert? Find(string id, string user) => store.Get(Alert.Table, id) is { } alert && alert.VisibleTo(user) ? alert : null;

    /// <summary>Takes an alert. Taking it twice changes nothing; the first one stays in its history.</summary>
    /// <returns>The alert as it is now, null when there is none.</returns>
    public Task<Alert?> AcknowledgeAsync(string id, string user) => StepAsync(id, user, AlertState.Acknowledged, $"acknowledged by {user}");

    /// <summary>Puts an alert aside; it stays open.</summary>
    public Task<Alert?> ShelveAsync(string id, string user, string words) => StepAsync(id, user, AlertState.Shelved, words);

    /// <summary>Ends an alert with what came of it.</summary>
    public Task<Alert?> ResolveAsync(string id, string user, string words) => StepAsync(id, user, AlertState.Resolved, words);

    private async Task<Alert?> StepAsync(string id, string user, AlertState state, string words)
    {
        var now = time.GetUtcNow();
        var (alert, changed) = await store.WriteAsync(writer =>
        {
            var found = writer.Get(Alert.Table, id);
            if (found is null || !found.VisibleTo(user) || !found.IsOpen || found.State == state)
            {
                return (found is null || !found.VisibleTo(user) ? null : found, false);
            }

            var next = found.With(state, now, user, words);
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
