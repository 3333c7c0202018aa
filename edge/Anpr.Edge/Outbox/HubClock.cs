namespace Anpr.Edge.Outbox;

/// <summary>
/// How far the box's clock is from the hub's at any moment: the hub's last word, carried on by the timer that runs whatever the time is set to. So a
/// clock that jumps is known at once, without the hub too. Thread-safe.
/// </summary>
internal sealed class HubClock(TimeProvider time)
{
    private volatile Word? _last;

    /// <summary>Box clock minus hub clock now; null before the hub has said its time.</summary>
    public TimeSpan? BoxAhead => _last is { } last ? time.GetUtcNow() - (last.Hub + time.GetElapsedTime(last.At)) : null;

    /// <summary>Notes the hub's time at this moment.</summary>
    public void Heard(DateTimeOffset hub) => _last = new Word(hub, time.GetTimestamp());

    private sealed record Word(DateTimeOffset Hub, long At);
}
