using System.Collections.Concurrent;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Audit;

/// <summary>
/// What lanes sent, one entry a minute: an entry is flushed to disk, and one for each sighting would cost more than the sighting. A hub that
/// is killed loses the entry of its last minute, not what was collected: each record says itself which lane sent it and when. Thread-safe.
/// </summary>
internal sealed partial class CollectionLog(AuditLog audit, TimeProvider time, ILogger<CollectionLog> log) : BackgroundService
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    // So that all of them fit into one entry.
    private const int LanesTogether = 12;

    private readonly ConcurrentDictionary<LaneIdentity, long> counts = new();

    /// <summary>Notes one record of a lane that was stored.</summary>
    public void Count(LaneIdentity lane) => Count(lane, 1);

    /// <summary>Writes what was noted since it was written last.</summary>
    public void Write()
    {
        List<(LaneIdentity Lane, long Records)> taken = [];
        foreach (var lane in counts.Keys)
        {
            if (counts.TryRemove(lane, out var records))
            {
                taken.Add((lane, records));
            }
        }

        taken.Sort((a, b) => string.CompareOrdinal(a.Lane.ToString(), b.Lane.ToString()));
        foreach (var some in taken.Chunk(LanesTogether))
        {
            try
            {
                audit.Append("hub", "ingest.batch", about: string.Join(", ", some.Select(s => $"{s.Lane} {s.Records}")), records: some.Sum(s => s.Records));
            }
            catch (AuditFailedException failed)
            {
                LogUnwritten(log, failed.Message);
                foreach (var (lane, records) in some)
                {
                    Count(lane, records); // the next minute says it
                }
            }
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        Write();
    }

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Repeated.RunAsync(
        Every,
        time,
        () =>
        {
            Write();
            return Task.CompletedTask;
        },
        stoppingToken);

    private void Count(LaneIdentity lane, long records) => counts.AddOrUpdate(lane, records, (_, known) => known + records);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What lanes sent is not in the audit log yet: {Fault}")]
    private static partial void LogUnwritten(ILogger log, string fault);
}
