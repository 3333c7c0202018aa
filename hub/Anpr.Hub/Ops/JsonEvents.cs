using System.Text.Json;
using System.Text.Json.Serialization;
using Anpr.Hub.Alerts;

namespace Anpr.Hub.Ops;

/// <summary>Writes what happens on stdout, one JSON object a line, without the text of any plate.</summary>
internal sealed class JsonEvents : BackgroundService
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly HubSubscription subscription;
    private readonly TextWriter output;

    public JsonEvents(HubFeed feed, TextWriter output)
    {
        subscription = feed.Subscribe();
        this.output = output;
    }

    /// <summary>The line of an event; null when it has none.</summary>
    public static string? Line(HubEvent happened) => Of(happened) is { } line ? JsonSerializer.Serialize(line, Json) : null;

    /// <summary>The line that says that the hub answers.</summary>
    public static string Ready(DateTimeOffset now, string grpc, string console) =>
        JsonSerializer.Serialize(new EventLine { Event = "ready", Time = now.UtcDateTime, Grpc = grpc, Console = console }, Json);

    /// <inheritdoc/>
    public override void Dispose()
    {
        subscription.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var happened in subscription.Events.ReadAllAsync(stoppingToken))
        {
            if (Line(happened) is { } line)
            {
                await output.WriteLineAsync(line.AsMemory(), stoppingToken);
                await output.FlushAsync(stoppingToken);
            }
        }
    }

    private static EventLine? Of(HubEvent happened) => happened switch
    {
        SightingEvent { Sighting: var s } e => new("sighting", e.At, s.Port, s.Lane)
        {
            Sighting = s.Id,
            Revision = s.Message.Revision,
            Stage = s.Message.Stage.ToString().ToLowerInvariant(),
            Passage = s.Message.PassageId,
            Vehicle = s.Vehicle,
            Journey = e.Vehicle?.IsJourney ?? false,
            Simulated = s.Simulated,
            Late = s.Late,
            LatencyMs = e.LatencyMs,
        },
        PassageEvent { Passage: var p } e => new("passage", e.At, p.Port, p.Lane)
        {
            Passage = p.Id,
            Revision = p.Message.Revision,
            Stage = p.Message.Stage.ToString().ToLowerInvariant(),
            Read = p.Message.SightingIds.Count > 0,
            Simulated = p.Simulated,
            Late = p.Late,
            LatencyMs = e.LatencyMs,
        },
        AlertEvent { Alert: { Covert: false } a } e => new(a.State == AlertState.Withdrawn ? "withdrawn" : "alert", e.At, a.Port, a.Lane)
        {
            Alert = a.Id,
            Cause = Alert.Name(a.Cause),
            State = a.State.ToString().ToLowerInvariant(),
            Sighting = a.Sightings.Count > 0 ? a.Sightings[0] : null,
            Passage = a.Passage,
            Vehicle = a.Vehicle.Length > 0 ? a.Vehicle : null,
            Simulated = a.Simulated,
            Late = a.Late,
            LatencyMs = e.LatencyMs,
        },
        LaneEvent { Lane: var l } e => new("lane", e.At, l.Port, l.Lane)
        {
            State = l.Silent ? "silent" : "ready",
            OutboxWaiting = l.Heartbeat.OutboxWaiting,
        },
        QuarantineEvent { Item: var q } e => new("quarantined", e.At, q.Port, q.Lane) { Kind = q.Kind, Security = q.Security },
        _ => null,
    };

    private sealed record EventLine
    {
        public EventLine()
        {
        }

        public EventLine(string happened, DateTimeOffset time, string port, string lane)
        {
            Event = happened;
            Time = time.UtcDateTime;
            Port = port;
            Lane = lane;
        }

        public string Event { get; init; } = "";

        public DateTime Time { get; init; }

        public string? Port { get; init; }

        public string? Lane { get; init; }

        public string? Grpc { get; init; }

        public string? Console { get; init; }

        public string? Alert { get; init; }

        public string? Cause { get; init; }

        public string? Kind { get; init; }

        public string? State { get; init; }

        public string? Sighting { get; init; }

        public string? Passage { get; init; }

        public uint? Revision { get; init; }

        public string? Stage { get; init; }

        public string? Vehicle { get; init; }

        public bool? Journey { get; init; }

        public bool? Read { get; init; }

        public bool? Security { get; init; }

        public ulong? OutboxWaiting { get; init; }

        public bool? Simulated { get; init; }

        public bool? Late { get; init; }

        public double? LatencyMs { get; init; }
    }
}
