namespace Anpr.Edge.Capture;

/// <summary>
/// Capture times of a live stream: the box clock at arrival, with the network's jitter taken out by the stream's own progress. The
/// smallest delay seen so far is taken for the true one, and is let grow slowly so that a camera clock that runs slow is followed.
/// Not thread-safe.
/// </summary>
internal sealed class StreamClock
{
    // Camera quartz is good to about 100 ppm; five times that follows it with room, and stays below 1 ms over 2 s.
    private const double DriftPerSecond = 5e-4;

    /// <summary>The least by which a clock jumps; what is less is jitter.</summary>
    internal static readonly TimeSpan Jump = TimeSpan.FromSeconds(5);

    private TimeSpan? _lastStream;
    private DateTimeOffset _lastArrival;
    private DateTimeOffset _base;
    private DateTimeOffset _lastTime = DateTimeOffset.MinValue;

    /// <summary>
    /// The capture time of a frame: not after its arrival, but after the frame before, if by a millisecond only. Earlier than that one by
    /// 5 s or more when the box's clock was set back: its new time is the right one.
    /// </summary>
    public DateTimeOffset At(DateTimeOffset arrival, TimeSpan? stream)
    {
        var time = stream is { } s ? Follow(arrival, s) : arrival;
        if (time <= _lastTime && _lastTime - time < Jump)
        {
            // Frames of a burst that share an arrival keep their order.
            time = _lastTime + TimeSpan.FromMilliseconds(1);
        }

        return _lastTime = time;
    }

    private DateTimeOffset Follow(DateTimeOffset arrival, TimeSpan stream)
    {
        var fresh = arrival - stream;
        if (_lastStream is not { } last || stream < last || (stream - last) - (arrival - _lastArrival) > Jump || (arrival - _lastArrival) - (stream - last) > Jump)
        {
            _base = fresh;
        }
        else
        {
            var grown = _base + ((stream - last) * DriftPerSecond);
            _base = fresh < grown ? fresh : grown;
        }

        _lastStream = stream;
        _lastArrival = arrival;
        return _base + stream;
    }
}
