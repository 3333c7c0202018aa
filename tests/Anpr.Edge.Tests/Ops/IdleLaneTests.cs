using Anpr.Edge.Capture;
using Anpr.Edge.Ops;
using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Edge.Tests.Ops;

public sealed class IdleLaneTests
{
    /// <summary>Looks one second apart: key pictures do exactly while the last ten seconds or more of them were quiet.</summary>
    [Fact]
    public void See_AnyLooks_KeyPicturesAfterTenQuietSecondsUntilTheFirstChange() =>
        Gen.Frequency((9, Gen.Const(true)), (1, Gen.Const(false))).Array[1, 80].Sample(looks =>
        {
            var (time, keys) = (new FakeTimeProvider(), new KeyPictures());
            var status = new LaneStatus(time, NullLogger.Instance);
            var idle = new IdleLane(TimeSpan.FromSeconds(10), keys, status, time);
            var (quietFor, spells) = (0, 0);
            foreach (var quiet in looks)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                quietFor = quiet ? quietFor + 1 : 0;
                spells += quietFor == 10 ? 1 : 0;
                idle.See(quiet);
                Assert.Equal(quietFor >= 10, keys.Alone);
            }

            Assert.Equal(spells, status.Counters().SingleOrDefault(c => c.Name == "idle_spells").Value);
        });

    [Fact]
    public void See_WithoutATime_NeverIdle()
    {
        var (time, keys) = (new FakeTimeProvider(), new KeyPictures());
        var idle = new IdleLane(null, keys, new LaneStatus(time, NullLogger.Instance), time);
        time.Advance(TimeSpan.FromDays(1));

        idle.See(quiet: true);

        Assert.False(keys.Alone);
    }
}
