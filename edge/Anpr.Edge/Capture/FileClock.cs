namespace Anpr.Edge.Capture;

/// <summary>Times of frames that come from a file: the recording's own, or the box clock's when it is played as a camera.</summary>
internal sealed class FileClock
{
    private readonly CaptureOptions _options;
    private DateTimeOffset? _start;

    /// <param name="options">Of the source.</param>
    /// <param name="start">When the recording began; null when it does not say.</param>
    public FileClock(CaptureOptions options, DateTimeOffset? start)
    {
        _options = options;
        _start = options.RealTime ? null : start ?? DateTimeOffset.UnixEpoch;
        Quality = new(
            options.RealTime ? TimeSource.BoxClock : TimeSource.FileOffset,
            Simulated: options.Simulated,
            SimulatedShift: options.Simulated ? options.ClockShift : TimeSpan.Zero);
    }

    /// <summary>How far these times can be trusted.</summary>
    public TimeQuality Quality { get; }

    /// <summary>Capture time of the frame at this offset.</summary>
    public DateTimeOffset At(TimeSpan offset) => Begin(offset) + offset + Quality.SimulatedShift;

    /// <summary>Waits until the frame at this offset is due; at once when the file is not played as a camera.</summary>
    public Task WaitAsync(TimeSpan offset, CancellationToken cancel)
    {
        var wait = Begin(offset) + offset - _options.Time.GetUtcNow();
        return _options.RealTime && wait > TimeSpan.Zero ? Task.Delay(wait, _options.Time, cancel) : Task.CompletedTask;
    }

    /// <summary>When the recording began. Played as a camera, with the first frame that is there: the time until a decoder gives one is nobody's.</summary>
    private DateTimeOffset Begin(TimeSpan offset) => _start ??= _options.Time.GetUtcNow() - offset;
}
