using Anpr.Edge.Capture;
using CsCheck;

namespace Anpr.Edge.Tests.Capture;

public sealed class ClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void StreamClock_JitteredArrivals_EvenTimes()
    {
        var clock = new StreamClock();
        var random = new Random(1);
        var times = Enumerable.Range(0, 500).Select(i => clock.At(Start.AddMilliseconds((i * 40) + (i == 30 ? 0 : random.Next(5, 80))), TimeSpan.FromMilliseconds(i * 40))).ToList();

        var steps = times.Skip(31).Zip(times.Skip(32), (a, b) => (b - a).TotalMilliseconds);
        Assert.All(steps, s => Assert.InRange(s, 38, 42));
    }

    [Fact]
    public void StreamClock_StreamStartsAgain_GoesOnFromArrival()
    {
        var clock = new StreamClock();
        clock.At(Start, TimeSpan.FromSeconds(1000));
        clock.At(Start.AddSeconds(1), TimeSpan.FromSeconds(1001));

        Assert.Equal(Start.AddSeconds(2), clock.At(Start.AddSeconds(2), TimeSpan.Zero));
    }

    /// <summary>The frames after it have the box's new time at once, and keep their distance.</summary>
    [Fact]
    public void StreamClock_BoxClockSetBack_NewTimeAtOnce()
    {
        var clock = new StreamClock();
        for (var i = 0; i < 50; i++)
        {
            clock.At(Start.AddSeconds(i / 25.0), TimeSpan.FromSeconds(i / 25.0));
        }

        for (var i = 50; i < 100; i++)
        {
            Assert.Equal(Start.AddMinutes(-10).AddSeconds(i / 25.0), clock.At(Start.AddMinutes(-10).AddSeconds(i / 25.0), TimeSpan.FromSeconds(i / 25.0)));
        }
    }

    [Fact]
    public void StreamClock_AnyArrivals_RisesAndIsNeverMuchAfterArrival() =>
        Gen.Select(Gen.Double[0, 2], Gen.OneOf(Gen.Double[0, 2], Gen.Double[-50, 50])).Array[1, 60].Sample(steps =>
        {
            var clock = new StreamClock();
            var (arrival, stream, last) = (Start, 100.0, DateTimeOffset.MinValue);
            foreach (var (wait, progress) in steps)
            {
                arrival += TimeSpan.FromSeconds(wait);
                stream += progress;
                var time = clock.At(arrival, TimeSpan.FromSeconds(stream));
                Assert.True(time > last);
                Assert.True(time <= arrival.AddMilliseconds(steps.Length));
                last = time;
            }
        });

    /// <summary>A lane that looks at 12 frames a second goes on with them when its box's clock is set back, by however much.</summary>
    [Fact]
    public void FrameStep_TimeRunsBack_GoesOnAtTheSameRate() =>
        Gen.Select(Gen.Double[0.5, 25], Gen.Double[1, 200], Gen.Double[0.1, 100_000]).Sample((rate, before, back) =>
        {
            var step = new FrameStep(rate);
            int Taken(double from, double seconds) => Enumerable.Range(0, (int)(25 * seconds)).Count(i => step.Take(TimeSpan.FromSeconds(from + (i / 25.0))));
            Taken(0, before);

            Assert.InRange(Taken(before - back, 20), Math.Floor(20 * rate) - 1, Math.Ceiling(20 * rate) + 1);
        });

    [Fact]
    public void Backoff_Failures_DoubleToTheLongestAndStartAgain()
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30), new Random(1));
        var waits = Enumerable.Range(0, 12).Select(_ => backoff.Next().TotalSeconds).ToList();

        for (var i = 0; i < waits.Count; i++)
        {
            var plain = Math.Min(30, 0.5 * Math.Pow(2, i));
            Assert.InRange(waits[i], 0.75 * plain, 1.25 * plain);
        }

        backoff.Reset();
        Assert.InRange(backoff.Next().TotalSeconds, 0.375, 0.625);
    }
}
