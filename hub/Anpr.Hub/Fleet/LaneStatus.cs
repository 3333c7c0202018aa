using Anpr.Hub.Storage;
using Anpr.Proto.V1;

namespace Anpr.Hub.Fleet;

/// <summary>What the hub knows of one lane box.</summary>
/// <param name="Port">calais, coquelles or dunkerque.</param>
/// <param name="Lane">The lane's name.</param>
/// <param name="HeardAt">Last heartbeat, hub clock.</param>
/// <param name="ClockOffsetMs">Box clock minus hub clock at that heartbeat, milliseconds.</param>
/// <param name="Heartbeat">That heartbeat: software version, outbox, counters, devices.</param>
/// <param name="Silent">No heartbeat came for <see cref="SilentAfter"/>.</param>
public sealed record LaneStatus(string Port, string Lane, DateTimeOffset HeardAt, double ClockOffsetMs, HeartbeatRequest Heartbeat, bool Silent)
{
    /// <summary>Boxes report each 5 s; three in a row may be lost before a lane counts as silent.</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(20);

    /// <summary>All lanes that ever reported.</summary>
    public static Table<LaneStatus> Table { get; } = new("lanes", l => l.Key) { Shared = true };

    /// <summary>port/lane.</summary>
    public string Key => $"{Port}/{Lane}";
}
