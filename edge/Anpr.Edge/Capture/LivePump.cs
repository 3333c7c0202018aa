using System.Threading.Channels;

namespace Anpr.Edge.Capture;

/// <summary>Takes frames from one child after another, dates them and hands them on; the index goes on over reconnects.</summary>
internal sealed class LivePump(LiveAddress address, CaptureOptions options, ChannelWriter<Frame> frames, PixelPool pool)
{
    private readonly FrameStep _step = new(options.FramesPerSecond);
    private volatile TimeQuality _quality = new(
        TimeSource.BoxClock,
        Simulated: options.Simulated,
        SimulatedShift: options.Simulated ? options.ClockShift : TimeSpan.Zero);

    private long _index;
    private DateTimeOffset? _first;

    /// <summary>Frames that one child gave, and why it ended.</summary>
    public sealed record Outcome(long Frames, string Reason);

    /// <summary>What frames from now on tell of the camera's clock. Callable from any thread.</summary>
    public void Compare(TimeSpan? streamMinusBox) => _quality = _quality with { StreamMinusBox = streamMinusBox };

    /// <summary>Runs one child to its end.</summary>
    public Outcome RunOnce(Backoff backoff, CancellationToken cancel)
    {
        using var child = FfmpegChild.Start(address.Input, address.Shown, pool);
        using var registration = cancel.Register(child.Kill);
        var silent = false;
        using var watchdog = options.Time.CreateTimer(
            _ =>
            {
                silent = true;
                child.Kill();
            },
            null,
            options.LostAfter,
            Timeout.InfiniteTimeSpan);
        var clock = new StreamClock();
        var count = 0L;
        while (child.TryRead(out var info, out var picture))
        {
            var arrival = options.Time.GetUtcNow();
            watchdog.Change(options.LostAfter, Timeout.InfiniteTimeSpan);
            if (count++ == 0)
            {
                backoff.Reset();
                options.OnState?.Invoke(new(options.Camera, CaptureStatus.Ready, ""));
            }

            Hand(clock.At(arrival, info.StreamTime), picture);
        }

        return new(count, Reason(count, silent, child.Complaint));
    }

    private void Hand(DateTimeOffset time, Picture picture)
    {
        _first ??= time;
        var offset = time - _first.Value;
        var index = _index++;
        var quality = _quality;
        var frame = new Frame(options.Camera, index, time + quality.SimulatedShift, offset, quality, picture);
        if (!_step.Take(offset) || !frames.TryWrite(frame))
        {
            frame.Dispose();
        }
    }

    private string Reason(long count, bool silent, string complaint)
    {
        var said = complaint.Replace(address.Address, address.Shown, StringComparison.Ordinal).Replace(address.Shown + ": ", "", StringComparison.Ordinal);
        var what = (count, silent) switch
        {
            (0, true) => FormattableString.Invariant($"no frame came within {options.LostAfter.TotalSeconds:0} s"),
            (_, true) => FormattableString.Invariant($"no frame for {options.LostAfter.TotalSeconds:0} s"),
            (0, _) => "it cannot be opened" + (said.Length > 0 ? $" ({said})" : ""),
            _ => "the stream ended",
        };
        return $"{address.Shown}: {what}. {address.Cure}";
    }
}
