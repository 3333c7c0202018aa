using Anpr.Edge.Track;
using Anpr.Models.Plates;
using OpenCvSharp;

namespace Anpr.Edge.Passage;

/// <summary>What the passage stage remembers of one camera. Not thread-safe.</summary>
internal sealed class CameraView(PassageOptions options, TrackOptions trackOptions, PlateSyntax syntax)
{
    private readonly Dictionary<PlateTrack, Followed> _followed = [];

    /// <summary>Its plates from frame to frame.</summary>
    public PlateTracker Tracker { get; } = new(trackOptions, syntax);

    /// <summary>Whether something vehicle-sized is in view.</summary>
    public Presence Presence { get; } = new(options);

    /// <summary>Whose the present thing is, and its number.</summary>
    public (OpenPassage? Passage, int Number) Present { get; set; }

    /// <summary>What is known of a track beyond its looks.</summary>
    public sealed class Followed
    {
        /// <summary>Its passage, once known.</summary>
        public OpenPassage? Owner { get; set; }

        /// <summary>It is lettering of a vehicle whose registration is another track.</summary>
        public bool Lettering { get; set; }

        /// <summary>Winning frames by text, before it has a passage.</summary>
        public Dictionary<string, Winner> Winners { get; } = new(StringComparer.Ordinal);
    }

    /// <summary>What is known of a track.</summary>
    public Followed Of(PlateTrack track)
    {
        if (!_followed.TryGetValue(track, out var followed))
        {
            followed = _followed[track] = new();
        }

        return followed;
    }

    /// <summary>The track that gives this passage's registration now; null when its plate is out of view.</summary>
    public PlateTrack? TrackOf(OpenPassage passage, DateTimeOffset now) =>
        Tracker.Tracks.FirstOrDefault(t => Of(t).Owner == passage && !Of(t).Lettering && now - t.LastSeen <= TimeSpan.FromSeconds(0.7));

    /// <summary>Forgets tracks that are over.</summary>
    public void Expire(DateTimeOffset now)
    {
        if (!Tracker.Expire(now))
        {
            return;
        }

        foreach (var gone in _followed.Keys.Except(Tracker.Tracks).ToList())
        {
            Forget(gone);
        }
    }

    /// <summary>Lets go of the pictures of all tracks; it is of no use any more.</summary>
    public void Forget()
    {
        foreach (var track in _followed.Keys.ToList())
        {
            Forget(track);
        }
    }

    private void Forget(PlateTrack track)
    {
        _followed.Remove(track, out var followed);
        foreach (var winner in followed!.Winners.Values)
        {
            winner.Dispose();
        }
    }

    /// <summary>
    /// Whether two plates sit on one vehicle: over the frames that show both, one stays where it is in the other's own measure although
    /// that one moves. Null when they did not move enough to tell.
    /// </summary>
    public static bool? OnOneVehicle(PlateTrack main, PlateTrack other)
    {
        var common = (from a in main.Path join b in other.Path on a.Time equals b.Time select (A: a, B: b)).ToList();
        if (common.Count < 3)
        {
            return null;
        }

        var offsets = common.ConvertAll(c => new Point2d((c.B.Centre.X - c.A.Centre.X) / c.A.WidthPx, (c.B.Centre.Y - c.A.Centre.Y) / c.A.WidthPx));
        var middle = new Point2d(offsets.Average(o => o.X), offsets.Average(o => o.Y));
        var spread = offsets.Max(o => o.DistanceTo(middle));
        if (spread > 0.6)
        {
            return false;
        }

        var growth = common.Max(c => c.A.WidthPx) / common.Min(c => c.A.WidthPx);
        var moved = common.Max(c => c.A.Centre.DistanceTo(common[0].A.Centre)) / common[0].A.WidthPx;
        return (growth > 1.2 || moved > 1.5) && spread < 0.35 ? true : null;
    }
}
