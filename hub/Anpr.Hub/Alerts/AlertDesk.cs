using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Alerts;

/// <summary>What officers do with alerts, whatever the surface: each look and step is in the audit log before it is shown or counts.</summary>
public sealed class AlertDesk(IStore store, HubFeed feed, AuditLog audit, TimeProvider time)
{
    private const int Most = 500;
    private const int Priorities = 4;
    private const int MostListed = 200;

    /// <summary>Open alerts that may be seen by who asks: by priority, then newest first. The caller has logged the look.</summary>
    public IReadOnlyList<Alert> Open(Viewer viewer) =>
        [
        .. Enumerable.Range(0, Priorities).Select(p => Keys.Join(Keys.Number((ulong)p), "")).SelectMany(p => NewestFirst(Alert.ByOpen, p)).Where(a => a.VisibleTo(viewer)).Take(Most),
    ];

    /// <summary>Open alerts, logged: they are work that waits, and need no reason.</summary>
    public IReadOnlyList<Alert> LookAtOpen(Viewer viewer)
    {
        var open = Open(viewer);
        audit.Append(viewer.Name, "alert.look", about: "open", records: open.Count);
        return open;
    }

    /// <summary>The newest alerts in any state that may be seen by who asks, newest first, 200 at most; logged.</summary>
    /// <exception cref="InputException">There is no reason: what is done with is looked up, as any movement is.</exception>
    public IReadOnlyList<Alert> LookAtAll(Asking asking, Viewer viewer) =>
        audit.Look(asking, "alert.look", "all", () => Newest(viewer, MostListed), all => all.Count);

    /// <summary>The newest alerts in any state that may be seen by who asks, newest first.</summary>
    internal IReadOnlyList<Alert> Newest(Viewer viewer, int limit) => [.. NewestFirst(Alert.ByTime, "").Where(a => a.VisibleTo(viewer)).Take(limit)];

    /// <summary>One alert with its pictures, logged; the alert itself is the reason. Null when there is none or this user may not see it.</summary>
    public Alert? LookAt(string id, Viewer viewer)
    {
        var alert = Find(id, viewer);
        if (alert is not null)
        {
            audit.Append(viewer.Name, "alert.look", about: id, why: ReasonOf(id), result: "with its pictures", records: 1, covert: OwnerOf(alert));
        }

        return alert;
    }

    /// <summary>The alert with this id, null when there is none or this user may not see it. The caller has logged the look.</summary>
    public Alert? Find(string id, Viewer viewer) => store.Get(Alert.Table, id) is { } alert && alert.VisibleTo(viewer) ? alert : null;

    /// <summary>The reason for a look that an alert has led to.</summary>
    public static string ReasonOf(string alert) => $"{ReasonCode.Alert}:{alert}";

    /// <summary>Takes an alert. Taking it twice changes nothing; the first one stays in its history.</summary>
    /// <returns>The alert as it is now, null when there is none.</returns>
    public Task<Alert?> AcknowledgeAsync(string id, Viewer viewer) => StepAsync(id, viewer, "alert.acknowledge", AlertState.Acknowledged, $"acknowledged by {viewer.Name}", "");

    /// <summary>Puts an alert aside; it stays open.</summary>
    /// <returns>The alert as it is now, null when there is none.</returns>
    public Task<Alert?> ShelveAsync(string id, Viewer viewer, string words) => StepAsync(id, viewer, "alert.shelve", AlertState.Shelved, $"put aside by {viewer.Name}", words);

    /// <summary>Ends an alert with what came of it.</summary>
    /// <returns>The alert as it is now, null when there is none.</returns>
    public Task<Alert?> ResolveAsync(string id, Viewer viewer, string words) => StepAsync(id, viewer, "alert.resolve", AlertState.Resolved, $"resolved by {viewer.Name}", words);

    private static string? OwnerOf(Alert? alert) => alert is { Covert: true } ? alert.Owner : null;

    // Page by page until enough are found that may be seen: those of other ports must not crowd them out.
    private IEnumerable<Alert> NewestFirst(TableIndex<Alert> index, string prefix) => StoreReading.Pages(
        (until, size) => store.Range(index, prefix, until, size, newestFirst: true), a => index.Key(a)!, a => a.Id, prefix + Keys.Last);

    private async Task<Alert?> StepAsync(string id, Viewer viewer, string act, AlertState state, string step, string words)
    {
        var now = time.GetUtcNow();
        var said = words.Trim();
        var known = Find(id, viewer);
        audit.Append(viewer.Name, act, about: id, result: known switch
        {
            null => "not found",
            { IsOpen: false } => $"it is {known.State.ToString().ToLowerInvariant()}",
            _ => said,
        }, covert: OwnerOf(known));
        var (alert, changed) = await store.WriteAsync(writer =>
        {
            var found = writer.Get(Alert.Table, id);
            if (found is null || !found.VisibleTo(viewer) || !found.IsOpen || found.State == state)
            {
                return (found is null || !found.VisibleTo(viewer) ? null : found, false);
            }

            var next = found.With(state, now, viewer.Name, said.Length == 0 ? step : $"{step}: {said}");
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
