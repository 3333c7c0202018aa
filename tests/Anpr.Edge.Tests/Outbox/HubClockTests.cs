using Anpr.Edge.Outbox;
using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Edge.Tests.Outbox;

public sealed class HubClockTests
{
    [Fact]
    public void BoxAhead_BeforeTheHubHasSaidItsTime_IsUnknown() => Assert.Null(new HubClock(new FakeTimeProvider(Passages.Noon)).BoxAhead);

    /// <summary>Whatever the box's clock is set to, and however long ago the hub was heard.</summary>
    [Fact]
    public void BoxAhead_AfterAnySettingOfTheClock_IsWhatItDiffersNow() => Gen.Select(Gen.Int[-100_000, 100_000], Gen.Int[0, 100_000], Gen.Int[-100_000, 100_000], Gen.Int[0, 100_000]).Sample((ahead, passes, set, passesAgain) =>
    {
        var real = new FakeTimeProvider(Passages.Noon);
        var box = new SetClock(real) { Ahead = TimeSpan.FromSeconds(ahead) };
        var clock = new HubClock(box);
        clock.Heard(real.GetUtcNow());
        real.Advance(TimeSpan.FromSeconds(passes));
        Assert.Equal(TimeSpan.FromSeconds(ahead), clock.BoxAhead);

        box.Ahead = TimeSpan.FromSeconds(set);
        real.Advance(TimeSpan.FromSeconds(passesAgain));

        Assert.Equal(TimeSpan.FromSeconds(set), clock.BoxAhead);
    });

    private sealed class SetClock(FakeTimeProvider real) : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override long TimestampFrequency => real.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + Ahead;

        public override long GetTimestamp() => real.GetTimestamp();
    }
}
