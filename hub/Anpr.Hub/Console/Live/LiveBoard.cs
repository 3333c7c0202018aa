using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;

namespace Anpr.Hub.Web.Live;

/// <summary>What the live page shows, moved on by events. One per page; not thread-safe, no I/O.</summary>
internal sealed class LiveBoard(Viewer viewer)
{
    /// <summary>Rows in the stream of newest sightings.</summary>
    public const int StreamRows = 60;

    private readonly SortedDictionary<string, LaneView> lanes = new(StringComparer.Ordinal);
    private readonly List<StoredSighting> stream = [];
    private readonly Dictionary<string, StoredPassage> passages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Alert> alerts = new(StringComparer.Ordinal);

    /// <summary>Newest sightings, newest first by arrival; a revision changes its row where it stands.</summary>
    public IReadOnlyList<StoredSighting> Stream => stream;

    /// <summary>Open alerts: those that nobody has taken first, then by priority, then newest first.</summary>
    public IReadOnlyList<Alert> Alerts =>
        [.. alerts.Values.OrderBy(a => a.Priority > 0).ThenBy(a => a.State != AlertState.Raised).ThenBy(a => a.Priority).ThenByDescending(a => a.RaisedAt)];

    /// <summary>Alerts withdrawn while this page was open, newest first: they say what the plate reads now.</summary>
    public IReadOnlyList<Alert> Withdrawn { get; private set; } = [];

    /// <summary>How many nobody has taken.</summary>
    public int Waiting => alerts.Values.Count(a => a.State == AlertState.Raised);

    /// <summary>Lanes of a port.</summary>
    public IEnumerable<LaneView> LanesOf(string port) => lanes.Values.Where(l => l.Port == port);

    /// <summary>Ports that have lanes, in their usual order.</summary>
    public IEnumerable<string> Ports => Access.Ports.All.Where(p => lanes.Values.Any(l => l.Port == p));

    /// <summary>The anomaly score of a sighting's passage, null while it is not known.</summary>
    public double? ScoreOf(StoredSighting sighting) => passages.TryGetValue(sighting.Message.PassageId, out var passage) ? passage.Message.Score : null;

    /// <summary>Fills an empty board with what is known; oldest first.</summary>
    public void Begin(IEnumerable<LaneIdentity> enrolled, IEnumerable<LaneStatus> reported, IEnumerable<StoredPassage> past, IEnumerable<StoredSighting> seen, IEnumerable<Alert> open)
    {
        foreach (var lane in enrolled.Where(l => viewer.WorksAt(l.Port)))
        {
            Change(lane.Port, lane.Lane, l => l);
        }

        foreach (var status in reported.Where(s => viewer.WorksAt(s.Port)))
        {
            Change(status.Port, status.Lane, l => l with { Status = status });
        }

        foreach (var passage in past.Where(p => viewer.WorksAt(p.Port)))
        {
            Take(passage);
        }

        foreach (var sighting in seen.Where(s => viewer.WorksAt(s.Port)))
        {
            Take(sighting);
        }

        foreach (var alert in open)
        {
            Take(alert);
        }
    }

    /// <summary>Moves the board on.</summary>
    /// <returns>The alert that has just been put before this user for the first time, null otherwise.</returns>
    public Alert? Apply(HubEvent happened)
    {
        switch (happened)
        {
            case SightingEvent { Sighting: var sighting } when viewer.WorksAt(sighting.Port):
                Take(sighting);
                break;
            case PassageEvent { Passage: var passage } when viewer.WorksAt(passage.Port):
                Take(passage);
                break;
            case LaneEvent { Lane: var status } when viewer.WorksAt(status.Port):
                Change(status.Port, status.Lane, l => l with { Status = status });
                break;
            case AlertEvent { Alert: var alert } when alert.VisibleTo(viewer):
                return Take(alert) && alert.State == AlertState.Raised ? alert : null;
        }

        return null;
    }

    private void Take(StoredSighting sighting)
    {
        var at = stream.FindIndex(s => s.Id == sighting.Id);
        if (at >= 0)
        {
            stream[at] = sighting;
        }
        else
        {
            stream.Insert(0, sighting);
        }

        if (stream.Count > StreamRows)
        {
            stream.RemoveAt(StreamRows);
        }

        Change(sighting.Port, sighting.Lane, l => l with { Sighting = sighting });
    }

    private void Take(StoredPassage passage)
    {
        passages[passage.Id] = passage;
        if (passages.Count > 4 * StreamRows)
        {
            var kept = stream.Select(s => s.Message.PassageId).ToHashSet(StringComparer.Ordinal);
            foreach (var gone in passages.Keys.Where(id => id != passage.Id && !kept.Contains(id)).ToList())
            {
                passages.Remove(gone);
            }
        }

        Change(passage.Port, passage.Lane, l => l with { Passage = passage });
    }

    private bool Take(Alert alert)
    {
        var known = alerts.Remove(alert.Id);
        if (alert.IsOpen)
        {
            alerts[alert.Id] = alert;
        }
        else if (alert.State == AlertState.Withdrawn && known)
        {
            Withdrawn = [alert, .. Withdrawn.Take(2)];
        }

        return !known;
    }

    private void Change(string port, string lane, Func<LaneView, LaneView> change)
    {
        var key = $"{port}/{lane}";
        lanes[key] = change(lanes.GetValueOrDefault(key) ?? new LaneView(port, lane, null, null, null));
    }
}
