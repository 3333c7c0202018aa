using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using OpenCvSharp;

namespace Anpr.Edge.Passage;

/// <summary>
/// Spares the detector most of a picture while it follows a plate that moves: between two looks at the whole it looks at the part round the
/// plate. What appears elsewhere is found at the next whole look. One camera's; not thread-safe.
/// </summary>
/// <param name="maxStepWidths">Farthest that a plate is expected to move from one look to the next, in its own widths.</param>
internal sealed class PartGate(float maxStepWidths)
{
    // Between two looks at the whole: less than half of the 0.7 s for which a plate that is not found still counts as in view, and short
    // beside the second in which an officer is told. A camera with 3 frames a second is looked at whole each time.
    internal static readonly TimeSpan WholeEvery = TimeSpan.FromSeconds(0.3);

    // What is followed takes this share of the part's sides at most: the rest is for how far it moves from one frame to the next.
    private const float MostOfPart = 0.5f;

    private DateTimeOffset _wholeAt = DateTimeOffset.MinValue;
    private IReadOnlyList<Box> _followed = [];

    /// <summary>The part of a picture, in its pixels, in which the detector has to look; null for all of it.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="view">How it lies in the detector's input.</param>
    /// <param name="time">Its capture time.</param>
    public Rect? Part(Picture picture, View view, DateTimeOffset time)
    {
        var passed = time - _wholeAt;
        if (_followed.Count == 0 || passed < TimeSpan.Zero || passed >= WholeEvery || view.PartSize is not { } size)
        {
            return null;
        }

        var (x1, y1, x2, y2) = (_followed.Min(b => b.X1), _followed.Min(b => b.Y1), _followed.Max(b => b.X2), _followed.Max(b => b.Y2));
        return x2 - x1 > MostOfPart * size.Width || y2 - y1 > MostOfPart * size.Height
            ? null
            : new(Start(x1, x2, size.Width, picture.Width), Start(y1, y2, size.Height, picture.Height), size.Width, size.Height);
    }

    /// <summary>Whether the plates of a part, all of which lie within it, hold everything that is followed. If not, the whole has to be looked at.</summary>
    public bool HoldsAll(IReadOnlyList<Plate> plates)
    {
        foreach (var box in _followed)
        {
            if (!plates.Any(plate => plate.Box.Centre.DistanceTo(box.Centre) <= maxStepWidths * box.Width))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What is to be followed from a look on, nothing to go on looking at the whole; and whether that look was at the whole.</summary>
    public void Remember(IReadOnlyList<Box> followed, bool whole, DateTimeOffset time)
    {
        _wholeAt = whole ? time : _wholeAt;
        _followed = followed;
    }

    // At even pixels, as colour has half the resolution.
    private static int Start(float from, float to, int part, int whole) => Math.Clamp((int)((from + to - part) / 2), 0, whole - part) & ~1;
}
