using Anpr.Hub.Link;
using CsCheck;

namespace Anpr.Hub.Tests.Link;

public sealed class UsualTimeTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Usual_OfFewerThanTwenty_IsNotTold()
    {
        Assert.Null(Learned([.. Enumerable.Repeat(3600.0, 19)]).Usual("dunkerque", "calais"));
        Assert.NotNull(Learned([.. Enumerable.Repeat(3600.0, 20)]).Usual("dunkerque", "calais"));
    }

    // Times are kept in classes that grow by 1.35: no answer is further from the true quantile than one of them.
    [Fact]
    public void Usual_AnyTimes_IsWithinAClassOfTheTrueQuantiles() => Gen.Double[60, 400_000].Array[20, 200].Sample(times =>
    {
        var usual = Learned(times).Usual("dunkerque", "calais")!;
        var ordered = times.Order().ToArray();

        Assert.Equal(times.Length, usual.Of);
        Assert.True(usual.Shortest <= usual.Median && usual.Median <= usual.Longest);
        AssertNear(ordered, 0.05, usual.Shortest);
        AssertNear(ordered, 0.5, usual.Median);
        AssertNear(ordered, 0.95, usual.Longest);
    });

    [Fact]
    public void Least_OfFewerThanTwoThousand_IsNotTold()
    {
        Assert.Null(Learned([.. Enumerable.Repeat(3600.0, 1999)]).Least("dunkerque", "calais"));
        Assert.Equal(2000, Learned([.. Enumerable.Repeat(3600.0, 2000)]).Least("dunkerque", "calais")!.Of);
        Assert.Null(Learned([.. Enumerable.Repeat(3600.0, 2000)]).Least("calais", "dunkerque"));
    }

    // Whoever is called too soon is one in a thousand at most, and the time is no more than a class below the true one.
    [Fact]
    public void Least_AnyTimes_IsReachedByAllButOneInAThousand() => Gen.Double[60, 400_000].Array[2000, 4000].Sample(
        times =>
        {
            var least = Learned(times).Least("dunkerque", "calais")!.Took.TotalSeconds;
            var ordered = times.Order().ToArray();

            Assert.True(times.Count(t => t < least * 0.999) <= times.Length / 1000.0);
            Assert.True(least >= ordered[times.Length / 1000] / 1.36);
        },
        iter: 30);

    [Fact]
    public void LeastReturn_CountsThoseFromAControlToALaneBeforeIt_ThatCanHaveCrossed()
    {
        var book = new TravelBook(
        [
            Pair("calais", "control", "calais", "approach", 8, 3000), Pair("calais", "control", "dunkerque", "approach", 30, 10),
            Pair("calais", "control", "calais", "approach", 2, 4000), // turned round
            Pair("calais", "approach", "calais", "control", 9, 5000), Pair("dunkerque", "control", "calais", "approach", 9, 5000),
        ]);

        var least = book.LeastReturn(lane => lane.EndsWith("control", StringComparison.Ordinal), lane => lane.EndsWith("approach", StringComparison.Ordinal), "calais", TimeSpan.FromHours(3));

        Assert.Equal(3010, least!.Of);
        Assert.InRange(least.Took.TotalHours, 8 / 1.36, 8);
        Assert.Null(book.LeastReturn(_ => true, _ => true, "coquelles", TimeSpan.FromHours(3)));
    }

    private static LanePair Pair(string fromPort, string fromLane, string toPort, string toLane, double hours, int count) =>
        new(fromPort, fromLane, toPort, toLane, count, [new TimeCount(8, Times.Class(TimeSpan.FromHours(hours)), count)]);

    private static void AssertNear(double[] ordered, double share, TimeSpan told)
    {
        var at = (int)Math.Ceiling(share * ordered.Length) - 1;
        Assert.InRange(told.TotalSeconds, ordered[at] / 1.36, ordered[at] * 1.36);
    }

    private static TravelBook Learned(double[] seconds)
    {
        var book = new TravelBook([]);
        foreach (var took in seconds)
        {
            book.Learn(new Lesson(new Place("calais", "calais-1"), Now, (new Place("dunkerque", "dunkerque-1"), Now.AddSeconds(-took))));
        }

        return book;
    }
}
