using System.Threading.Channels;
using Anpr.Edge.Capture;
using Microsoft.Extensions.Logging;

namespace Anpr.Edge.Ops;

/// <summary>One camera's frames into the lane's channel, for as long as the lane runs.</summary>
internal sealed partial class CameraFeed(CameraOptions camera, VisionSection vision, KeyPictures keys, LaneStatus status, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private (DeviceCondition Condition, string Words) _source = (DeviceCondition.Ready, "");
    private CameraVerdict _picture = CameraVerdict.Well;
    private string _clock = "";

    /// <summary>How this camera is opened: files play at their own speed, as if they were a camera.</summary>
    public static CaptureOptions Options(CameraOptions camera, VisionSection vision, TimeProvider time) => new()
    {
        Camera = camera.Name,
        RealTime = true,
        Reconnect = true,
        FramesPerSecond = vision.FramesPerSecond,
        Private = CameraOptions.Areas(camera.Private),
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
        var open = Options(camera, vision, time) with { OnState = state => Note(state, stop), Keys = keys };
        var played = false;
        using var health = new CameraHealth();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await using var source = FrameSource.Open(camera.Source, open);
                var dropped = 0L;
                await foreach (var frame in source.ReadAsync(stop))
                {
                    if (source.Dropped is var now && now > dropped)
                    {
                        status.Count("frames_dropped", now - dropped);
                        dropped = now;
                    }

                    Look(health, frame);
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
                Tell(DeviceCondition.Fault, e.Message);
                await WaitAsync(played, stop);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // The top of this camera's loop: the lane goes on with its others.
                LogFailed(log, e, camera.Name);
                Tell(DeviceCondition.Fault, "It stopped by an error of this program; see the log." + (played ? "" : " It is opened again."));
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

        Tell(
            state.Status == CaptureStatus.Ready ? DeviceCondition.Ready : DeviceCondition.Lost,
            state.Status == CaptureStatus.Ended ? "The recording has ended." : state.Reason);
    }

    private void Look(CameraHealth health, Frame frame)
    {
        var verdict = health.See(frame.Picture, frame.Time);
        var clock = CameraClockWords.Fault(frame.TimeQuality.StreamMinusBox);
        if (verdict != _picture || clock != _clock)
        {
            lock (_gate)
            {
                (_picture, _clock) = (verdict, clock);
                Tell();
            }
        }
    }

    private void Tell(DeviceCondition condition, string words)
    {
        lock (_gate)
        {
            _source = (condition, words);
            Tell();
        }
    }

    /// <summary>A camera is as its source is, while that is well as its picture is, and while that is well as its clock is.</summary>
    private void Tell()
    {
        var (condition, words) = _source.Condition != DeviceCondition.Ready ? _source
            : _picture.Fault == CameraFault.None && _clock.Length > 0 ? (DeviceCondition.Fault, _clock)
            : (_picture.Fault switch
            {
                CameraFault.Frozen => DeviceCondition.Frozen,
                CameraFault.Covered => DeviceCondition.Covered,
                CameraFault.Moved => DeviceCondition.Moved,
                CameraFault.Defocused => DeviceCondition.Defocused,
                _ => DeviceCondition.Ready,
            }, _picture.Words);
        status.Device(camera.Name, condition, words);
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
