using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Faults;

/// <summary>A clock that somebody sets: its time jumps, and timers run on as they do on a machine whose time is set.</summary>
internal sealed class SteppedClock(FakeTimeProvider real) : TimeProvider
{
    /// <summary>How far it is ahead of the true time.</summary>
    public TimeSpan Ahead { get; set; }

    public override long TimestampFrequency => real.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => real.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + Ahead;

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => real.CreateTimer(callback, state, dueTime, period);
}
