using Anpr.Edge.Uplink;
using CsCheck;

namespace Anpr.Edge.Tests.Uplink;

public sealed class BackoffTests
{
    [Fact]
    public void Next_ForAnySeed_GrowsToTheLongestAndStaysWithinItsJitter() => Gen.Int.Sample(seed =>
    {
        var backoff = new Backoff(new Random(seed));
        for (var failure = 0; failure < 40; failure++)
        {
            var middle = Math.Min(0.5 * Math.Pow(2, failure), Backoff.Longest.TotalSeconds);
            Assert.InRange(backoff.Next().TotalSeconds, middle * 0.5, middle * 1.5);
        }

        backoff.Reset();
        Assert.InRange(backoff.Next().TotalSeconds, 0.25, 0.75);
    });
}
