using System.Text.Json;
using System.Text.Json.Serialization;
using Anpr.Edge.Outbox;

namespace Anpr.Edge.Ops;

/// <summary>One line on stdout of `lane run`, without any plate's text. Fields that say nothing are left out.</summary>
internal sealed record LaneEvent(string Event, DateTimeOffset Time)
{
    public string? Port { get; init; }

    public string? Lane { get; init; }

    public Guid? Passage { get; init; }

    public Guid? Sighting { get; init; }

    public int? Revision { get; init; }

    public bool? Recovered { get; init; }

    public string? Device { get; init; }

    public string? State { get; init; }

    public string? Words { get; init; }

    public string? Entry { get; init; }

    public int? Waiting { get; init; }

    public long? Bytes { get; init; }

    public int? WaitingOverviews { get; init; }

    public long? DroppedOverviews { get; init; }

    public long? ClosedTotal { get; init; }
}

/// <summary>Writes what happens: JSON lines for programs, or a short line for people. Thread-safe; each line is written whole.</summary>
internal sealed class LaneEvents(TextWriter output, bool json, TimeProvider time)
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly Lock _gate = new();

    /// <summary>An event that happens now.</summary>
    public LaneEvent Now(string name) => new(name, time.GetUtcNow());

    /// <summary>What the outbox has made safe.</summary>
    public void Committed(IReadOnlyList<Committed> committed)
    {
        foreach (var c in committed.Where(c => c.Closed))
        {
            Write(Now("passage") with { Passage = c.Passage, Revision = c.Revision, State = "closed", Recovered = c.Recovered ? true : null });
        }

        foreach (var c in committed.Where(c => c.Sighting is not null))
        {
            Write(Now("sighting") with { Passage = c.Passage, Sighting = c.Sighting, Revision = c.Revision });
        }
    }

    /// <summary>A device's change.</summary>
    public void Device(DeviceStatus device) => Write(Now("device") with { Device = device.Device, State = device.State, Words = device.Words.Length > 0 ? device.Words : null });

    /// <summary>The outbox's state.</summary>
    public void Outbox(string name, OutboxSnapshot s, LaneIdentity? identity = null) => Write(Now(name) with
    {
        Port = identity?.Port,
        Lane = identity?.Lane,
        State = StateOf(s.Condition),
        Words = s.Words.Length > 0 ? s.Words : null,
        Waiting = s.Waiting + s.Unwritten,
        Bytes = s.Bytes,
        WaitingOverviews = s.WaitingOverviews,
        DroppedOverviews = s.DroppedOverviews,
        ClosedTotal = s.ClosedTotal,
    });

    /// <summary>Writes one line.</summary>
    public void Write(LaneEvent e)
    {
        var line = json ? JsonSerializer.Serialize(e, Options) : Plain(e);
        lock (_gate)
        {
            output.WriteLine(line);
            output.Flush();
        }
    }

    private static string StateOf(OutboxCondition condition) => condition switch
    {
        OutboxCondition.Opening => "opening",
        OutboxCondition.Ready => "ready",
        OutboxCondition.OverRoom => "over_room",
        _ => "fault",
    };

    private static string Plain(LaneEvent e)
    {
        string?[] parts =
        [
            e.Device, e.State, e.Port is null ? null : $"{e.Port}/{e.Lane}", e.Passage?.ToString(), e.Sighting is null ? null : $"sighting {e.Sighting}",
            e.Revision is null ? null : $"revision {e.Revision}", e.Waiting is null ? null : $"{e.Waiting} waiting for the hub", e.Words,
        ];
        return $"{e.Time:HH:mm:ss} {e.Event,-9} {string.Join(" ", parts.Where(p => p is not null))}";
    }
}
