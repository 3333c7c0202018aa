using Anpr.Models.Plates;

namespace Anpr.Edge.Track;

/// <summary>Follows the plates of one camera: says which look belongs to which track. Deterministic. Not thread-safe.</summary>
internal sealed class PlateTracker(TrackOptions options, PlateSyntax syntax)
{
    private readonly List<PlateTrack> _tracks = [];
    private IReadOnlyList<PlateLook> _lastPlates = [];
    private IReadOnlyList<PlateTrack> _lastResult = [];

    /// <summary>Tracks that are not over.</summary>
    public IReadOnlyList<PlateTrack> Tracks => _tracks;

    /// <summary>Takes the plates of the next frame; gives each one's track, in the plates' order.</summary>
    public IReadOnlyList<PlateTrack> See(IReadOnlyList<PlateLook> plates, DateTimeOffset time)
    {
        Expire(time);
        if (ReferenceEquals(plates, _lastPlates) && AllGoOn(_lastResult))
        {
            // The very looks of the frame before: each is its own track's, whatever else is near.
            for (var i = 0; i < plates.Count; i++)
            {
                _lastResult[i].See(plates[i], time);
            }

            return _lastResult;
        }

        var pairs =
            from track in _tracks.Select((t, i) => (Track: t, Index: i))
            from plate in plates.Select((p, i) => (Look: p, Index: i))
            let cost = Cost(track.Track, plate.Look, time)
            where cost is not null
            orderby cost, track.Index, plate.Index
            select (track.Track, plate.Index);
        var taken = new PlateTrack?[plates.Count];
        var used = new HashSet<PlateTrack>();
        foreach (var (track, index) in pairs.ToList())
        {
            if (taken[index] is null && used.Add(track))
            {
                taken[index] = track;
            }
        }

        var result = new List<PlateTrack>(plates.Count);
        for (var i = 0; i < plates.Count; i++)
        {
            var track = taken[i] ?? Begin();
            track.See(plates[i], time);
            result.Add(track);
        }

        (_lastPlates, _lastResult) = (plates, result);
        return result;
    }

    /// <summary>Forgets the tracks that were not seen for too long. True when there were any.</summary>
    public bool Expire(DateTimeOffset now)
    {
        var before = _tracks.Count;
        for (var i = _tracks.Count - 1; i >= 0; i--)
        {
            if (now - _tracks[i].LastSeen > options.LostAfter)
            {
                _tracks.RemoveAt(i);
            }
        }

        return _tracks.Count < before;
    }

    // A loop and no LINQ: in a still lane this is asked for every frame.
    private bool AllGoOn(IReadOnlyList<PlateTrack> tracks)
    {
        for (var i = 0; i < tracks.Count; i++)
        {
            if (!_tracks.Contains(tracks[i]))
            {
                return false;
            }
        }

        return true;
    }

    private PlateTrack Begin()
    {
        var track = new PlateTrack(options, syntax);
        _tracks.Add(track);
        return track;
    }

    // Distance from where the plate is expected (or was: it may have braked) in its own widths, plus change of size, less overlap;
    // what it reads breaks ties. Null when it cannot be the same plate.
    private float? Cost(PlateTrack track, PlateLook look, DateTimeOffset time)
    {
        var (then, now) = (track.Last.Plate.Box, look.Plate.Box);
        var growth = now.Width / Math.Max(1, then.Width);
        if (growth > options.MaxGrowth || growth < 1 / options.MaxGrowth || track.IsOverFor(look, time))
        {
            return null;
        }

        var width = Math.Max(then.Width, now.Width);
        var expected = track.Expected(time);
        var steps = (float)Math.Min(expected.Centre.DistanceTo(now.Centre), then.Centre.DistanceTo(now.Centre)) / width;
        if (steps > options.MaxStepWidths)
        {
            return null;
        }

        return OtherPlate(track, look) is { } unlike
            ? steps + Math.Abs(MathF.Log(growth)) - Math.Max(expected.IoU(now), then.IoU(now)) + unlike
            : null;
    }

    // 0 (same text) to 1 (nothing in common); null when both are sure and say something else: another vehicle stands there now.
    private static float? OtherPlate(PlateTrack track, PlateLook look)
    {
        var (ours, theirs) = (track.Vote.Consensus, look.Read);
        if (ours is null || theirs.Text.Length == 0 || ours.RawText.Length == 0)
        {
            return 0.3f;
        }

        var distance = PlateText.Distance(PlateText.Merge(ours.RawText), PlateText.Merge(theirs.Text));
        var sure = ours.Agreeing >= 2 && ours.RawConfidence > 0.8f && theirs.Confidence > 0.8f;
        return sure && distance >= 3 ? null : (float)distance / Math.Max(ours.RawText.Length, theirs.Text.Length);
    }
}
