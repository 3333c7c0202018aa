using System.Text.Json;

namespace Anpr.Simulation.Demo;

/// <summary>What the demo has seen of one port.</summary>
internal sealed class PortState
{
    private const int Remembered = 20_000;

    private readonly HashSet<string> _sightings = new(StringComparer.Ordinal);
    private readonly HashSet<string> _passages = new(StringComparer.Ordinal);
    private readonly HashSet<string> _alerts = new(StringComparer.Ordinal);
    private readonly Queue<double> _latencies = new();

    /// <summary>In a word: starting, ready, silent, ended.</summary>
    public string State { get; set; } = "starting";

    /// <summary>Plates seen, each once.</summary>
    public int Sightings => _sightings.Count;

    /// <summary>Vehicles that have gone through.</summary>
    public int Passages => _passages.Count;

    /// <summary>Alerts raised.</summary>
    public int Alerts => _alerts.Count;

    /// <summary>Messages that the lane has not yet delivered.</summary>
    public long Waiting { get; set; }

    /// <summary>When something last came from there.</summary>
    public DateTimeOffset? LastEvent { get; set; }

    /// <summary>All latencies that are remembered, milliseconds.</summary>
    public IEnumerable<double> Latencies => _latencies;

    public void Sighting(string id, double? latencyMs)
    {
        _sightings.Add(id);
        if (latencyMs is { } ms)
        {
            _latencies.Enqueue(ms);
            if (_latencies.Count > Remembered)
            {
                _latencies.Dequeue();
            }
        }
    }

    public void Passage(string id) => _passages.Add(id);

    public void Alert(string id) => _alerts.Add(id);
}

/// <summary>What the demo has seen so far, folded from the hub's JSON lines. Not thread-safe.</summary>
internal sealed class DemoState(IReadOnlyList<string> ports)
{
    private readonly HashSet<string> _journeys = new(StringComparer.Ordinal);

    /// <summary>By port, in the plan's order.</summary>
    public IReadOnlyDictionary<string, PortState> Ports { get; } = ports.ToDictionary(port => port, _ => new PortState(), StringComparer.Ordinal);

    /// <summary>Vehicles seen at two ports.</summary>
    public int Journeys => _journeys.Count;

    /// <summary>Alerts of all ports.</summary>
    public int Alerts => Ports.Values.Sum(port => port.Alerts);

    /// <summary>Milliseconds from the deciding frame's capture to the hub's storing it, below which 95 of 100 sightings stayed; null before the first.</summary>
    public double? P95Ms => Percentile95(Ports.Values.SelectMany(port => port.Latencies));

    /// <summary>Folds one line of the hub in; lines that are no event of a port change nothing.</summary>
    public void Take(string line, DateTimeOffset now)
    {
        if (!TryParse(line, out var happened) || happened.Port is null || !Ports.TryGetValue(happened.Port, out var port))
        {
            return;
        }

        switch (happened.Event)
        {
            case "sighting":
                port.Sighting(happened.Sighting ?? "", happened.LatencyMs);
                if (happened.Journey == true)
                {
                    _journeys.Add(happened.Vehicle ?? "");
                }

                break;
            case "passage" when happened.Stage is "closed":
                port.Passage(happened.Passage ?? "");
                break;
            case "alert":
                port.Alert(happened.Alert ?? "");
                break;
            case "lane":
                (port.State, port.Waiting) = (happened.State ?? port.State, happened.OutboxWaiting ?? port.Waiting);
                return;
            default:
                return;
        }

        port.LastEvent = now;
    }

    /// <summary>The value below which 95 of 100 lie (nearest rank); null when there is none.</summary>
    public static double? Percentile95(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? null : sorted[(int)Math.Ceiling(0.95 * sorted.Length) - 1];
    }

    private static bool TryParse(string line, out HubLine happened)
    {
        try
        {
            happened = JsonSerializer.Deserialize<HubLine>(line, HubLine.Json)!;
            return happened is not null;
        }
        catch (JsonException)
        {
            happened = null!;
            return false;
        }
    }
}

/// <summary>The fields of the hub's event lines that the demo reads.</summary>
internal sealed record HubLine(
    string? Event, string? Port, string? Sighting, string? Passage, string? Alert, string? Stage, string? Vehicle, bool? Journey, string? State, long? OutboxWaiting, double? LatencyMs)
{
    public static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
}
