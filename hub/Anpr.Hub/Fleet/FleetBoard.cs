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
    private const int Most = 1000;

    private readonly ConcurrentDictionary<string, LaneStatus> lanes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> told = new(StringComparer.Ordinal); // silent lanes that are kept as such, by their last report
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
        var changed = await store.WriteAsync(writer =>
        {
            writer.Put(LaneStatus.Table, status);
            return LaneFault.Settle(writer, status, now);
        });
        Tell(changed, now);
    }

    /// <summary>What asks for an engineer, the newest first.</summary>
    public IReadOnlyList<LaneFault> Faults => [.. store.Prefix(LaneFault.ByOpen, "", Most).OrderByDescending(f => f.Since)];

    /// <summary>The newest faults, standing and ended, newest first.</summary>
    public IReadOnlyList<LaneFault> FaultHistory(int limit) => store.Newest(LaneFault.ByTime, limit);

    /// <summary>A lane has reported to another hub.</summary>
    internal void HeardElsewhere(LaneStatus status)
    {
        lanes[status.Key] = status;
        feed.Publish(new LaneEvent(time.GetUtcNow(), status));
    }

    /// <summary>Marks lanes that have not reported in time.</summary>
    /// <remarks>Of one that has meanwhile reported to another hub nothing is said.</remarks>
    internal async Task FindSilentAsync()
    {
        foreach (var lane in lanes.Values.Where(IsSilent))
        {
            var silent = lane with { Silent = true };
            if (!lane.Silent && lanes.TryUpdate(lane.Key, silent, lane))
            {
                feed.Publish(new LaneEvent(time.GetUtcNow(), silent));
            }

            if (!told.TryGetValue(lane.Key, out var at) || at != lane.HeardAt)
            {
                var now = time.GetUtcNow();
                var changed = await store.WriteAsync(writer => writer.Get(LaneStatus.Table, lane.Key)?.HeardAt > lane.HeardAt ? [] : LaneFault.Settle(writer, silent, now));
                told[lane.Key] = lane.HeardAt;
                Tell(changed, now);
            }
        }
    }

    private void Tell(IReadOnlyList<LaneFault> changed, DateTimeOffset now)
    {
        foreach (var fault in changed)
        {
            feed.Publish(new LaneFaultEvent(now, fault));
        }
    }

    private bool IsSilent(LaneStatus lane) => time.GetUtcNow() - lane.HeardAt > LaneStatus.SilentAfter;
}
