namespace Anpr.Edge.Capture;

/// <summary>Thins frames to a wanted rate: takes the first frame at or after each due time. Where time runs back (the clock was set) it begins anew.</summary>
internal sealed class FrameStep(double? framesPerSecond)
{
    private long _taken;
    private TimeSpan _last = TimeSpan.MinValue;

    /// <summary>True when the frame at this offset is to be used.</summary>
    public bool Take(TimeSpan offset)
    {
        if (framesPerSecond is not { } rate)
        {
            return true;
        }

        _taken = offset < _last ? (long)Math.Floor(offset.TotalSeconds * rate) : _taken;
        _last = offset;

        // A millisecond of grace: container times are rounded to it.
        if (offset.TotalSeconds + 0.001 < _taken / rate)
        {
            return false;
        }

        _taken = Math.Max(_taken + 1, (long)Math.Floor(offset.TotalSeconds * rate) + 1);
        return true;
    }
}
