using Anpr.Simulation.Scene;
using Anpr.Simulation.Streams;
using OpenCvSharp;

namespace Anpr.Simulation.Ports;

/// <summary>Renders a port's lane into a stream or a file.</summary>
internal sealed class PortVideo(LaneTraffic traffic, LaneScene scene, TruthLog truth, TimeProvider clock)
{
    /// <summary>Frames a second of a simulated camera.</summary>
    public const int FramesPerSecond = 5;

    private static readonly TimeSpan FrameTime = TimeSpan.FromSeconds(1.0 / FramesPerSecond);

    /// <summary>Sends frames at their time until <paramref name="length"/> is over or it is cancelled. A late frame is sent at once, none is left out.</summary>
    public async Task StreamAsync(VideoEncoder encoder, TimeSpan length, CancellationToken cancellation)
    {
        using var frame = new Mat(LaneView.HeightPx, LaneView.WidthPx, MatType.CV_8UC3);
        using var tick = new PeriodicTimer(FrameTime, clock);
        var start = clock.GetTimestamp();
        var sent = 0L;
        while (sent * FrameTime < length && await tick.WaitForNextTickAsync(cancellation))
        {
            for (var due = clock.GetElapsedTime(start) / FrameTime; sent < due && sent * FrameTime < length; sent++)
            {
                Render(frame, sent * FrameTime);
                encoder.Write(frame);
            }
        }
    }

    /// <summary>Writes the whole at once, as fast as it goes.</summary>
    public void Record(VideoEncoder encoder, TimeSpan length, CancellationToken cancellation)
    {
        using var frame = new Mat(LaneView.HeightPx, LaneView.WidthPx, MatType.CV_8UC3);
        for (var sent = 0L; sent * FrameTime < length; sent++)
        {
            cancellation.ThrowIfCancellationRequested();
            Render(frame, sent * FrameTime);
            encoder.Write(frame);
        }
    }

    private void Render(Mat frame, TimeSpan elapsed)
    {
        var there = traffic.At(elapsed);
        truth.Tell(there?.Vehicle, elapsed);
        scene.Draw(frame, there?.Vehicle, there?.Seconds ?? 0);
    }
}
