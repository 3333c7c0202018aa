using System.Threading.Channels;
using Anpr.Edge.Capture;
using Microsoft.Extensions.Logging;

namespace Anpr.Edge.Ops;

/// <summary>One camera's frames into the lane's channel, for as long as the lane runs.</summary>
internal sealed partial class CameraFeed(CameraOptions camera, VisionSection vision, LaneStatus status, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>How this camera is opened: files play at their own speed, as if they were a camera.</summary>
    public static CaptureOptions Options(CameraOptions camera, VisionSection vision, TimeProvider time) => new()
    {
        Camera = camera.Name,
        RealTime = true,
        Reconnect = true,
        FramesPerSecond = vision.FramesPerSecond,
        Simulated = camera.Simulated,
        ClockShift = camera.ClockShift,
        Time = time,
    };

    /// <summary>
    /// Delivers frames until <paramref name="stop"/>. What cannot be opened, and a stream that fails, is opened again. A file or folder
    /// that has given a frame never is: its vehicles would pass a second time.
    /// </summary>
    public async Task RunAsync(ChannelWriter<Frame> frames, CancellationToken stop)
    {
        var open = Options(camera, vision, time) with { OnState = state => Note(state, stop) };
        var played = false;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var source = FrameSource.Open(camera.Source, open);
                await foreach (var frame in source.ReadAsync(stop))
                {
                    frames.TryWrite(frame);
                    played = !FrameSource.IsLive(camera.Source);
                }

                await Task.Delay(Timeout.InfiniteTimeSpan, time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (SourceException e)
            {
                status.Device(camera.Name, DeviceCondition.Fault, e.Message);
                await WaitAsync(played, stop);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The top of this camera's loop: the lane goes on with its others.
                LogFailed(log, e, camera.Name);
                status.Device(camera.Name, DeviceCondition.Fault, "It stopped by an error of this program; see the log." + (played ? "" : " It is opened again."));
                await WaitAsync(played, stop);
            }
        }
    }

    private void Note(CaptureState state, CancellationToken stop)
    {
        if (state.Status == CaptureStatus.Ended && stop.IsCancellationRequested)
        {
            return;
        }

        status.Device(
            camera.Name,
            state.Status switch { CaptureStatus.Ready => DeviceCondition.Ready, CaptureStatus.Stale => DeviceCondition.Stale, _ => DeviceCondition.Lost },
            state.Status == CaptureStatus.Ended ? "The recording has ended." : state.Reason);
    }

    private async Task WaitAsync(bool forEver, CancellationToken stop)
    {
        try
        {
            await Task.Delay(forEver ? Timeout.InfiniteTimeSpan : RetryAfter, time, stop);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Camera {Camera} failed")]
    private static partial void LogFailed(ILogger log, Exception exception, string camera);
}
