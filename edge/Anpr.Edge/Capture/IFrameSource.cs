namespace Anpr.Edge.Capture;

/// <summary>Pictures with their times, in order. Read once.</summary>
public interface IFrameSource : IAsyncDisposable
{
    /// <summary>False when the source does not say when it was taken: <see cref="Frame.Time"/> then counts from the Unix epoch.</summary>
    bool TimeKnown { get; }

    /// <summary>Frames that were dropped because nobody took them in time.</summary>
    long Dropped { get; }

    /// <summary>
    /// All frames; each belongs to the caller, who disposes it. Throws <see cref="SourceException"/> after the last good frame when the
    /// source is damaged, wrong or gone.
    /// </summary>
    IAsyncEnumerable<Frame> ReadAsync(CancellationToken cancel);
}
