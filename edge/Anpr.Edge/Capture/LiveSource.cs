using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Anpr.Edge.Capture;

/// <summary>
/// A stream or device through a child ffmpeg. Reading never waits for the consumer (a full socket buffer loses packets): when nobody
/// takes a frame in time the oldest is dropped and counted.
/// </summary>
internal sealed class LiveSource(LiveAddress address, CaptureOptions options) : IFrameSource
{
    private const int Waiting = 4;

    // A clock without a time server drifts by some seconds a day.
    private static readonly TimeSpan ClockEvery = TimeSpan.FromHours(1);
    private static readonly TimeSpan FirstClockRetry = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PixelPool _pool = new();
    private Channel<Frame>? _frames;
    private Thread? _clock;
    private long _dropped;

    public bool TimeKnown => true;

    public long Dropped => Interlocked.Read(ref _dropped);

    public async IAsyncEnumerable<Frame> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        if (_frames is not null)
        {
            throw new InvalidOperationException("a source is read once");
        }

        _frames = Channel.CreateBounded<Frame>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, Drop);
        await using var registration = cancel.Register(_stop.Cancel);
        new Thread(Run) { IsBackground = true, Name = "capture " + options.Camera }.Start();
        await foreach (var frame in _frames.Reader.ReadAllAsync(cancel))
        {
            yield return frame;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_frames is not null)
        {
            await _ended.Task;
            _clock?.Join();
            while (_frames.Reader.TryRead(out var frame))
            {
                frame.Dispose();
            }
        }

        _pool.Dispose();
        _stop.Dispose();
    }

    private void Drop(Frame frame)
    {
        frame.Dispose();
        Interlocked.Increment(ref _dropped);
    }

    // Runs on its own thread, which lives as long as each child (see FfmpegChild).
    private void Run()
    {
        Exception? failure = null;
        var reason = "";
        try
        {
            var backoff = new Backoff(options.FirstRetry, options.LongestRetry, new Random(StringComparer.Ordinal.GetHashCode(options.Camera)));
            var pump = new LivePump(address, options, _frames!.Writer, _pool);
            if (address.TellsTime && options.Reconnect)
            {
                _clock = new Thread(() => CompareClocks(pump)) { IsBackground = true, Name = "clock of " + options.Camera };
                _clock.Start();
            }

            while (!_stop.IsCancellationRequested)
            {
                var outcome = pump.RunOnce(backoff, _stop.Token);
                if (_stop.IsCancellationRequested)
                {
                    break;
                }

                if (outcome.Switched)
                {
                    continue;
                }

                if (!options.Reconnect)
                {
                    reason = outcome.Reason;
                    failure = outcome.Frames == 0 ? new SourceException(outcome.Reason) : null;
                    break;
                }

                options.OnState?.Invoke(new(options.Camera, CaptureStatus.Lost, outcome.Reason));
                Wait(backoff.Next());
            }
        }
        catch (Exception e)
        {
            failure = e;
        }
        finally
        {
            options.OnState?.Invoke(new(options.Camera, CaptureStatus.Ended, failure?.Message ?? reason));
            _frames!.Writer.TryComplete(failure);
            _ended.TrySetResult();
        }
    }

    // On a thread of its own, which lives as long as each child (see FfmpegChild).
    private void CompareClocks(LivePump pump)
    {
        var backoff = new Backoff(FirstClockRetry, ClockEvery, new Random(StringComparer.Ordinal.GetHashCode(options.Camera)));
        while (!_stop.IsCancellationRequested)
        {
            var difference = CameraClock.Measure(address, options.Time, _stop.Token);
            pump.Compare(difference);
            if (difference is not null)
            {
                backoff.Reset();
            }

            Wait(difference is null ? backoff.Next() : ClockEvery);
        }
    }

    private void Wait(TimeSpan delay)
    {
        try
        {
            Task.Delay(delay, options.Time, _stop.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // told to stop while waiting
        }
    }
}
