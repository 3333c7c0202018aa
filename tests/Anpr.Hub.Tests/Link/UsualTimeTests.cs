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
