using Anpr.Edge.Detect;
using Anpr.Models.Plates;
using OpenCvSharp;

namespace Anpr.Edge.Track;

/// <summary>The looks at one plate over successive frames of one camera. Not thread-safe.</summary>
internal sealed class PlateTrack(TrackOptions options, PlateSyntax syntax)
{
    // Enough to compare the ways of two plates over the approach of a vehicle.
    private const int MaxPath = 64;

    private readonly List<Spot> _path = [];
    private Point2f _velocity;

    /// <summary>Where the plate was at a time.</summary>
    public readonly record struct Spot(DateTimeOffset Time, Point2f Centre, float WidthPx);

    /// <summary>Its reads, put together.</summary>
    public PlateVote Vote { get; } = new(options, syntax);

    /// <summary>Its last look.</summary>
    public PlateLook Last { get; private set; } = null!;

    /// <summary>Capture time of the first look.</summary>
    public DateTimeOffset FirstSeen { get; private set; }

    /// <summary>Capture time of the last look.</summary>
    public DateTimeOffset LastSeen { get; private set; }

    /// <summary>Capture time of the last look with a usable text; null when there was none.</summary>
    public DateTimeOffset? LastRead { get; private set; }

    /// <summary>Number of looks.</summary>
    public int Looks { get; private set; }

    /// <summary>Where it was, oldest first, at most the last 64 looks.</summary>
    public IReadOnlyList<Spot> Path => _path;

    /// <summary>Adds a look.</summary>
    public void See(PlateLook look, DateTimeOffset time)
    {
        var spot = new Spot(time, look.Plate.Box.Centre, look.Plate.Box.Width);
        if (_path.Count > 0 && (time - LastSeen).TotalSeconds is > 0 and var dt)
        {
            var step = spot.Centre - _path[^1].Centre;
            var fresh = new Point2f((float)(step.X / dt), (float)(step.Y / dt));
            _velocity = new((_velocity.X + fresh.X) / 2, (_velocity.Y + fresh.Y) / 2);
        }

        if (_path.Count == MaxPath)
        {
            _path.RemoveAt(0);
        }

        _path.Add(spot);
        Last = look;
        FirstSeen = Looks++ == 0 ? time : FirstSeen;
        LastSeen = time;
        LastRead = IsRead(look) ? time : LastRead;
        Vote.Add(look);
    }

    /// <summary>
    /// True when a look with a text would be another plate's, although it is in this one's place: a stripe of the lane that is taken for a
    /// plate is followed for ever, and what is read there later is not what was read before.
    /// </summary>
    public bool IsOverFor(PlateLook look, DateTimeOffset time) => IsRead(look) && time - LastRead > options.LostAfter;

    /// <summary>The box where it is expected at a time: moved on with its speed, for half a second at most.</summary>
    public Box Expected(DateTimeOffset time)
    {
        var dt = (float)Math.Clamp((time - LastSeen).TotalSeconds, 0, 0.5);
        return Last.Plate.Box.Moved(new(_velocity.X * dt, _velocity.Y * dt));
    }

    private bool IsRead(PlateLook look) => look.Read.Text.Length >= options.MinTextLength;
}
