using System.Text.Json.Serialization;
using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;
using Anpr.Hub.Watchlists;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Anpr.Hub.Movements;

/// <summary>A camera or sensor of a lane.</summary>
public sealed record DeviceRow(string Device, string State, string Words, DateTimeOffset? Since);

/// <summary>A lane box as it last reported.</summary>
public sealed record LaneRow(
    string Port,
    string Lane,
    string State,
    [property: JsonPropertyName("heard_at")] DateTimeOffset HeardAt,
    [property: JsonPropertyName("clock_offset_ms")] double ClockOffsetMs,
    [property: JsonPropertyName("software_version")] string SoftwareVersion,
    [property: JsonPropertyName("outbox_waiting")] ulong OutboxWaiting,
    [property: JsonPropertyName("outbox_bytes")] ulong OutboxBytes,
    [property: JsonPropertyName("watchlist_revision")] ulong WatchlistRevision,
    [property: JsonPropertyName("watchlist_newest")] ulong WatchlistNewest,
    IReadOnlyDictionary<string, ulong> Counters,
    IReadOnlyList<DeviceRow> Devices)
{
    /// <summary>The row of a lane, beside the revision of the watchlist that it ought to hold.</summary>
    public static LaneRow Of(LaneStatus lane, ulong newest)
    {
        var beat = lane.Heartbeat;
        return new LaneRow(
            lane.Port, lane.Lane, lane.Silent ? "silent" : "ready", lane.HeardAt, lane.ClockOffsetMs, beat.SoftwareVersion, beat.OutboxWaiting, beat.OutboxBytes, beat.WatchlistRevision, newest,
            beat.Counters.GroupBy(c => c.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal),
            [.. beat.Devices.Select(d => new DeviceRow(d.Device, d.State, d.Words, d.Since?.ToDateTimeOffset()))]);
    }
}

/// <summary>A message that was put aside or refused: why, not what it held.</summary>
public sealed record QuarantineRow(string Id, string Port, string Lane, string Kind, [property: JsonPropertyName("received_at")] DateTimeOffset ReceivedAt, string Fault, bool Security)
{
    /// <summary>The row of a message.</summary>
    public static QuarantineRow Of(Quarantined q) => new(q.Id, q.Port, q.Lane, q.Kind, q.ReceivedAt, q.Fault, q.Security);
}

/// <summary>Something of a lane that asks for an engineer (docs/api.md).</summary>
/// <param name="Port">Where.</param>
/// <param name="Lane">Where.</param>
/// <param name="Device">The camera or sensor; missing for the lane itself.</param>
/// <param name="State">silent, or what the lane says of the device.</param>
/// <param name="Words">What is wrong and the cure.</param>
/// <param name="Since">When it began, UTC.</param>
/// <param name="Ended">When it was mended, UTC; missing while it stands.</param>
public sealed record FaultRow(string Port, string Lane, string? Device, string State, string Words, DateTimeOffset Since, DateTimeOffset? Ended)
{
    /// <summary>The row of a fault.</summary>
    public static FaultRow Of(LaneFault f) => new(f.Port, f.Lane, f.Device.Length > 0 ? f.Device : null, f.State, f.Words, f.Since, f.Ended);
}

/// <summary>Lanes and what they sent wrongly, over REST: no registrations, so that engineers may see it.</summary>
internal static class LanesApi
{
    private const int Newest = 200;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/lanes", Lanes).WithSummary("All lanes with devices, counters and outbox.");
        api.MapGet("/faults", (string? state, FleetBoard fleet) => Faults(state, fleet)).WithSummary("Silent lanes and devices that are not ready; state=all: the newest 200, mended ones too.");
        api.MapGet("/quarantine", Quarantine).WithSummary("The newest messages that were put aside or refused, with field and cure.");
    }

    private static Ok<IReadOnlyList<LaneRow>> Lanes(FleetBoard fleet, WatchlistBook watchlist)
    {
        IReadOnlyList<LaneRow> rows = [.. fleet.Lanes.Select(l => LaneRow.Of(l, watchlist.LaneRevision(l.Port)))];
        return TypedResults.Ok(rows);
    }

    private static Ok<IReadOnlyList<FaultRow>> Faults(string? state, FleetBoard fleet) =>
        TypedResults.Ok<IReadOnlyList<FaultRow>>([.. (state == "all" ? fleet.FaultHistory(Newest) : fleet.Faults).Select(FaultRow.Of)]);

    private static Ok<IReadOnlyList<QuarantineRow>> Quarantine(FleetBoard fleet)
    {
        IReadOnlyList<QuarantineRow> rows = [.. fleet.Quarantine(Newest).Select(QuarantineRow.Of)];
        return TypedResults.Ok(rows);
    }
}
