using Anpr.Edge.Capture;
using OpenCvSharp;

namespace Anpr.Benchmarks.Cameras;

/// <summary>One camera that looks at its lane, look by look, with its health check beside it.</summary>
internal sealed class CameraRun : IDisposable
{
    private static readonly DateTimeOffset Midnight = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Traffic _traffic;
    private readonly PaintedLane _lane;
    private readonly Daylight _day;
    private readonly SensorPicture _sensor;
    private readonly CameraHealth _health = new();
    private readonly Mat _picture = new();
    private readonly Mat _kept = new();
    private readonly double _every;

    public CameraRun(PaintedLane lane, int seed, double startSeconds, double looksPerSecond, double? queueFrom = null)
    {
        (_lane, Now, _every) = (lane, startSeconds, 1 / looksPerSecond);
        _traffic = new(lane, seed, queueFrom);
        _day = new(seed);
        _sensor = new(_day, seed);
    }

    /// <summary>Seconds of the day.</summary>
    public double Now { get; private set; }

    /// <summary>The last picture, 8-bit BGR.</summary>
    public Mat Picture => _picture;

    /// <summary>The next look.</summary>
    public CameraVerdict Look(Fault? fault = null)
    {
        Render(fault);
        return _health.See(Anpr.Edge.Capture.Picture.Of(_picture), Midnight.AddSeconds(Now));
    }

    /// <summary>Makes the next picture without looking at it.</summary>
    public void Render(Fault? fault = null)
    {
        Now += _every;
        var hour = Now / 3600;
        if (fault is { Kind: CameraFault.Frozen })
        {
            Freeze(hour);
            return;
        }

        _kept.Create(0, 0, MatType.CV_8UC3);
        var there = _traffic.At(Now);
        var step = there?.Vehicle.Step(there.Value.Seconds) ?? 0;
        _sensor.Illuminate(there is { } t ? t.Vehicle.Pictures[step] : _lane.Empty, there?.Vehicle.Lamps[step], hour);
        fault?.Apply(_sensor.Light, Math.Min(1, _sensor.Light.Mean().Val0 * 2.4));
        _sensor.Expose(_picture, hour, _every, covered: fault?.Kind == CameraFault.Covered);
    }

    public void Dispose()
    {
        _health.Dispose();
        _sensor.Dispose();
        _day.Dispose();
        _picture.Dispose();
        _kept.Dispose();
    }

    /// <summary>The last picture again; the clock, which the encoder burns in, goes on.</summary>
    private void Freeze(double hour)
    {
        if (_kept.Empty())
        {
            _picture.CopyTo(_kept);
        }

        _kept.CopyTo(_picture);
        _sensor.DrawClock(_picture, hour);
    }
}
