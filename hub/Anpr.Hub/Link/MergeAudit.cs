using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Link;

/// <summary>
/// Brings into the audit log which vehicles were joined: each as soon as it is stored, and later what a hub that was killed in between, or had no
/// room for its log, has left. One that was cut off between the log and the store stands in the log twice, never not at all.
/// </summary>
public sealed partial class MergeAudit(IStore store, AuditLog audit, TimeProvider time, ILogger<MergeAudit> log) : BackgroundService
{
    // Younger ones are the business of the hub that stored them.
    private static readonly TimeSpan Left = TimeSpan.FromMinutes(5);
    private const int Together = 500;

    /// <summary>Writes merges that are stored.</summary>
    /// <exception cref="AuditFailedException">Not all are written; the others are made up for.</exception>
    /// <exception cref="StoreFailedException">They are written; they will be a second time.</exception>
    public async Task WriteAsync(IReadOnlyList<Merge> merges)
    {
        if (merges.Count == 0)
        {
            return;
        }

        foreach (var merge in merges)
        {
            audit.Append("hub", "vehicle.merge", about: merge.Into, result: $"{merge.Sightings.Count} sightings of {merge.Gone.Id} joined it ({merge.Id}): {merge.Why}");
        }

        await store.WriteAsync(writer =>
        {
            foreach (var written in merges.Select(m => writer.Get(Merge.Table, m.Id)).OfType<Merge>())
            {
                writer.Put(Merge.Table, written with { Unaudited = false });
            }

            return true;
        });
    }

    /// <summary>Writes those that were left.</summary>
    public Task WriteLeftAsync() => WriteAsync(store.Range(Merge.ByUnaudited, "", Keys.Time(time.GetUtcNow() - Left), Together));

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Repeated.RunAsync(Left, time, WriteLeftSafelyAsync, stoppingToken);

    private async Task WriteLeftSafelyAsync()
    {
        try
        {
            await WriteLeftAsync();
        }
        catch (IOException failed) // the log's and the store's
        {
            LogLeft(log, failed.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Vehicles that were joined are not in the audit log yet: {Fault}")]
    private static partial void LogLeft(ILogger log, string fault);
}
