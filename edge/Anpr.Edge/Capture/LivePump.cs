using System.Threading.Channels;

namespace Anpr.Edge.Capture;

/// <summary>Takes frames from one child after another, dates them and hands them on; the index goes on over reconnects.</summary>
internal sealed class LivePump(LiveAddress address, CaptureOptions options, ChannelWriter<Frame> frames, PixelPool pool)
{
    private static readonly string[] OnlyKeyPictures = ["-skip_frame", "nokey"];

    private readonly FrameStep _step = new(options.FramesPerSecond);
    private volatile TimeQuality _quality = new(
        TimeSource.BoxClock,
        Simulated: options.Simulated,
        SimulatedShift: options.Simulated ? options.ClockShift : TimeSpan.Zero);

    private long _index;
    private DateTimeOffset? _first;
    private bool _keysTooRare;

    /// <summary>Frames that one child gave, why it ended, and whether that was only to go on with all pictures or with key pictures alone.</summary>
    public sealed record Outcome(long Frames, string Reason, bool Switched);

    private bool KeysAlone => options.Keys is { Alone: true } && !_keysTooRare;

    /// <summary>What frames from now on tell of the camera's clock. Callable from any thread.</summary>
    public void Compare(TimeSpan? streamMinusBox) => _quality = _quality with { StreamMinusBox = streamMinusBox };

    /// <summary>Runs one child to its end.</summary>
    public Outcome RunOnce(Backoff backoff, CancellationToken cancel)
    {
        var keysAlone = KeysAlone;
        using var child = FfmpegChild.Start([.. keysAlone ? OnlyKeyPictures : [], .. address.Input], address.Shown, pool);
        using var registration = cancel.Register(child.Kill);
        using var switching = new Switching(options.Keys, () => KeysAlone != keysAlone, child);
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

        // No key picture for so long may be this camera's way: then it is taken whole, and is lost only if nothing comes even so.
        _keysTooRare = silent ? keysAlone : _keysTooRare;
        return new(count, Reason(count, silent, child.Complaint), switching.Done || (silent && keysAlone));
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

    /// <summary>Ends a child when it is to be followed by one of the other kind.</summary>
    private sealed class Switching : IDisposable
    {
        private readonly KeyPictures? _keys;
        private readonly Func<bool> _due;
        private readonly FfmpegChild _child;
        private volatile bool _done;

        public Switching(KeyPictures? keys, Func<bool> due, FfmpegChild child)
        {
            (_keys, _due, _child) = (keys, due, child);
            if (keys is not null)
            {
                keys.Changed += End;
                End(); // it may have changed while the child was started
            }
        }

        public bool Done => _done;

        public void Dispose()
        {
            if (_keys is not null)
            {
                _keys.Changed -= End;
            }
        }

        private void End()
        {
            if (_due())
            {
                _done = true;
                _child.Kill();
            }
        }
    }
}
