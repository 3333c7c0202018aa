using System.Collections.Concurrent;
using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;

namespace Anpr.Hub.Fleet;

/// <summary>What the lanes report of themselves, and what of theirs was put aside. Thread-safe.</summary>
public sealed class FleetBoard
{
    private readonly ConcurrentDictionary<string, LaneStatus> lanes = new(StringComparer.Ordinal);
    private readonly IStore store;
    private readonly HubFeed feed;
    private readonly TimeProvider time;

    /// <summary>Begins with the last state of each lane that the store knows.</summary>
    public FleetBoard(IStore store, HubFeed feed, TimeProvider time)
    {
        this.store = store;
        this.feed = feed;
        this.time = time;
        foreach (var lane in store.All(LaneStatus.Table))
        {
            lanes[lane.Key] = lane with { Silent = IsSilent(lane) };
        }
    }

    /// <summary>All lanes that ever reported, by port and name.</summary>
    public IReadOnlyList<LaneStatus> Lanes => [.. lanes.Values.OrderBy(l => l.Key, StringComparer.Ordinal)];

    /// <summary>Messages that were put aside or refused, newest first.</summary>
    public IReadOnlyList<Quarantined> Quarantine(int limit) => store.Newest(Quarantined.ByTime, limit);

    /// <summary>How many messages were ever put aside or refused.</summary>
    public long QuarantineCount => store.Count(Quarantined.Table);

    /// <summary>Takes a heartbeat.</summary>
    public async Task HeardAsync(LaneIdentity lane, HeartbeatRequest heartbeat)
    {
        var now = time.GetUtcNow();
        var offset = heartbeat.BoxTime is { } box ? Math.Round((box.ToDateTimeOffset() - now).TotalMilliseconds, 1) : 0;
        var status = new LaneStatus(lane.Port, lane.Lane, now, offset, heartbeat, Silent: false);
        lanes[status.Key] = status;
        feed.Publish(new LaneEvent(now, status));
        await store.WriteAsync(writer =>
        {
            writer.Put(LaneStatus.Table, status);
            return true;
        });
    }

    /// <summary>A lane has reported to another hub.</summary>
    internal void HeardElsewhere(LaneStatus status)
    {
        lanes[status.Key] = status;
        feed.Publish(new LaneEvent(time.GetUtcNow(), status));
    }

    /// <summary>Marks lanes that have not reported in time.</summary>
    internal void FindSilent()
    {
        foreach (var lane in lanes.Values.Where(l => !l.Silent && IsSilent(l)))
        {
            var silent = lane with { Silent = true };
            if (lanes.TryUpdate(lane.Key, silent, lane))
            {
                feed.Publish(new LaneEvent(time.GetUtcNow(), silent));
            }
        }
    }

    private bool IsSilent(LaneStatus lane) => time.GetUtcNow() - lane.HeardAt > LaneStatus.SilentAfter;
}
