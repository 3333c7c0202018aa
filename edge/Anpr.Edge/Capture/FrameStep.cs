namespace Anpr.Edge.Capture;

/// <summary>Thins frames to a wanted rate: takes the first frame at or after each due time.</summary>
internal sealed class FrameStep(double? framesPerSecond)
{
    private long _taken;

    /// <summary>True when the frame at this offset is to be used.</summary>
    public bool Take(TimeSpan offset)
    {
        if (framesPerSecond is not { } rate)
        {
            return true;
        }

        // A millisecond of grace: container times are rounded to it.
        if (offset.TotalSeconds + 0.001 < _taken / rate)
        {
            return false;
        }

        _taken = Math.Max(_taken + 1, (long)Math.Floor(offset.TotalSeconds * rate) + 1);
        return true;
    }
}
