using System.Text.Json;

namespace Anpr.EndToEnd.Site;

/// <summary>What a lane has said of itself on its JSON lines, over all its runs.</summary>
internal sealed class LaneView
{
    /// <summary>Messages and pictures that wait for the hub, as last said; null since its start.</summary>
    public long? Waiting { get; private set; }

    /// <summary>Passages closed since its outbox was made, as last said.</summary>
    public long ClosedTotal { get; private set; }

    /// <summary>Ids of the passages that it said were closed, in that order.</summary>
    public List<string> Closed { get; } = [];

    /// <summary>Passages that it closed after a crash as they were last known.</summary>
    public int Recovered { get; private set; }

    /// <summary>A camera of it was a recording and has come to its end.</summary>
    public bool Ended { get; private set; }

    /// <summary>It begins anew: what it said of its state no longer holds.</summary>
    public void Restarted() => (Waiting, Ended) = (null, false);

    /// <summary>Folds one of its lines in.</summary>
    public void Take(string line)
    {
        if (line.Length == 0 || line[0] != '{')
        {
            return;
        }

        var said = JsonDocument.Parse(line).RootElement;
        switch (said.GetProperty("event").GetString())
        {
            case "passage" when said.GetProperty("state").GetString() == "closed":
                Closed.Add(said.GetProperty("passage").GetString()!);
                Recovered += said.TryGetProperty("recovered", out _) ? 1 : 0;
                break;
            case "device" when said.TryGetProperty("words", out var words) && words.GetString() == "The recording has ended.":
                Ended = true;
                break;
            case "ready" or "outbox" or "stopped":
                ClosedTotal = Number(said, "closed_total") ?? ClosedTotal;
                Waiting = Number(said, "waiting") + Number(said, "waiting_overviews");
                break;
            default:
                break;
        }
    }

    private static long? Number(JsonElement said, string name) => said.TryGetProperty(name, out var value) ? value.GetInt64() : null;
}
