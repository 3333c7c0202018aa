using Anpr.Hub.Storage;

namespace Anpr.Hub.Fleet;

/// <summary>Something of a lane that asks for an engineer: the lane is silent, or one of its devices is not ready.</summary>
/// <param name="Port">calais, coquelles or dunkerque.</param>
/// <param name="Lane">The lane.</param>
/// <param name="Device">The camera or sensor; empty for the lane itself.</param>
/// <param name="State">silent, or what the lane says of the device.</param>
/// <param name="Words">What is wrong and the cure, as the lane says it.</param>
/// <param name="Since">Hub clock.</param>
/// <param name="Ended">Hub clock; null while it stands.</param>
public sealed record LaneFault(string Port, string Lane, string Device, string State, string Words, DateTimeOffset Since, DateTimeOffset? Ended = null)
{
    private const int MostOpen = 200;

    /// <summary>What a lane that does not report is said to be.</summary>
    public const string Silent = "silent";

    /// <summary>All faults, standing and ended; one a device and beginning.</summary>
    public static Table<LaneFault> Table { get; } = new("lane_faults", f => Keys.Join(f.Key, f.Device, Keys.Time(f.Since)));

    /// <summary>By the time at which they began.</summary>
    public static TableIndex<LaneFault> ByTime { get; } = Table.Index("time", f => Keys.Time(f.Since));

    /// <summary>Those that stand, by lane and device.</summary>
    public static TableIndex<LaneFault> ByOpen { get; } = Table.Index("open", f => f.Ended is null ? Keys.Join(f.Key, f.Device) : null);

    /// <summary>port/lane.</summary>
    public string Key => $"{Port}/{Lane}";

    /// <summary>What is wrong with a lane as it last reported.</summary>
    /// <param name="lane">The lane.</param>
    /// <param name="now">Hub clock.</param>
    public static IReadOnlyList<LaneFault> Of(LaneStatus lane, DateTimeOffset now) => lane.Silent
        ? [new(lane.Port, lane.Lane, "", Silent, $"No report since {lane.HeardAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: look at its power, its network and its program.", now)]
        : [.. lane.Heartbeat.Devices.Where(d => d.State != "ready").DistinctBy(d => d.Device, StringComparer.Ordinal).Select(d => new LaneFault(lane.Port, lane.Lane, d.Device, d.State, d.Words, now))];

    /// <summary>Brings what is kept of a lane up to date. A lane that is silent says nothing of its devices: what stood of them stands.</summary>
    /// <returns>Faults that began, changed or ended.</returns>
    public static IReadOnlyList<LaneFault> Settle(IStoreWriter store, LaneStatus lane, DateTimeOffset now)
    {
        var open = store.Prefix(ByOpen, Keys.Join(lane.Key, ""), MostOpen).ToDictionary(f => f.Device, StringComparer.Ordinal);
        var changed = new List<LaneFault>();
        foreach (var fault in Of(lane, now))
        {
            var stands = open.Remove(fault.Device, out var old);
            if (!stands || (old!.State, old.Words) != (fault.State, fault.Words))
            {
                changed.Add(stands ? old! with { State = fault.State, Words = fault.Words } : fault);
            }
        }

        changed.AddRange(open.Values.Where(f => !lane.Silent).Select(f => f with { Ended = now }));
        changed.ForEach(f => store.Put(Table, f));
        return changed;
    }
}
