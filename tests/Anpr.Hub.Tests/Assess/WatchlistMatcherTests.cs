using Anpr.Hub.Assess;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Hub.Tests.Assess;

public sealed class WatchlistMatcherTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("AB123CD", ListedKind.Exact, "AB123CD", true, false)]
    [InlineData("AB123CD", ListedKind.Exact, "AB123C", false, false)]
    [InlineData("AB128CD", ListedKind.Exact, "AB12BCD", false, false)]
    [InlineData("ZZ0123", ListedKind.Exact, "ZZO123", true, true)] // one glyph for both, as lanes match
    [InlineData("AB1??CD", ListedKind.Wildcard, "AB199CD", true, true)]
    [InlineData("AB1*", ListedKind.Wildcard, "AB1", true, true)]
    [InlineData("AB1*", ListedKind.Wildcard, "AB2", false, false)]
    [InlineData("AB128CD", ListedKind.Fuzzy, "AB128CD", true, false)]
    [InlineData("AB128CD", ListedKind.Fuzzy, "AB12BCD", true, true)]
    [InlineData("AB158CD", ListedKind.Fuzzy, "AB1SBCD", false, false)] // two look-alikes are too many
    public void Match_EachKind_HitsAndSaysWhenLoose(string pattern, ListedKind kind, string text, bool hit, bool loose)
    {
        var hits = new WatchlistMatcher([Entry(pattern, kind)]).Match(PlateReading.Of(text), "calais", Now);

        Assert.Equal(hit ? 1 : 0, hits.Count);
        Assert.Equal(hit && loose, hits.Any(h => h.Loose));
    }

    [Fact]
    public void Match_ExpiredOrRemoved_DoesNotHit()
    {
        var matcher = new WatchlistMatcher([Entry("AB123CD", ListedKind.Exact) with { ExpiresAt = Now }, Entry("AB123CD", ListedKind.Exact) with { Removed = true }]);

        Assert.Empty(matcher.Match(PlateReading.Of("AB123CD"), "calais", Now));
    }

    [Fact]
    public void Match_SeveralEntries_MostUrgentFirst()
    {
        var matcher = new WatchlistMatcher([Entry("AB123CD", ListedKind.Exact) with { Priority = 3 }, Entry("AB*CD", ListedKind.Wildcard) with { Priority = 1 }]);

        Assert.Equal([1, 3], matcher.Match(PlateReading.Of("AB123CD"), "calais", Now).Select(h => h.Entry.Priority));
    }

    [Fact]
    public void Match_AnEntryOfAPort_HitsThereOnly()
    {
        var matcher = new WatchlistMatcher([Entry("AB123CD", ListedKind.Exact) with { Ports = ["dunkerque"] }]);

        Assert.Empty(matcher.Match(PlateReading.Of("AB123CD"), "calais", Now));
        Assert.Single(matcher.Match(PlateReading.Of("AB123CD"), "dunkerque", Now));
    }

    /// <summary>However often it changes, the list matches as one that was made of its newest entries.</summary>
    [Fact]
    public void With_AnyChanges_MatchesAsTheNewestEntries() => Gen.Select(Gen.Int[0, 9], Gen.Char["AB8"].Array[3].Select(c => new string(c)), Gen.Bool).List[1, 1200].Sample(
        changes =>
        {
            var entries = changes.ConvertAll(c => Entry(c.Item2, ListedKind.Exact) with { Id = $"{(changes.Count > 600 ? changes.IndexOf(c) : c.Item1)}", Removed = c.Item3 });
            var stepwise = entries.Chunk(100).Aggregate(WatchlistMatcher.Empty, (m, chunk) => m.With(chunk));
            var anew = new WatchlistMatcher(entries.GroupBy(e => e.Id, StringComparer.Ordinal).Select(g => g.Last()));

            foreach (var text in new[] { "AB8", "AAA", "88B" })
            {
                Assert.Equal(Ids(anew, text), Ids(stepwise, text));
            }
        },
        iter: 30);

    private static IEnumerable<string> Ids(WatchlistMatcher matcher, string text) => matcher.Match(PlateReading.Of(text), "calais", Now).Select(h => h.Entry.Id);

    private static ListEntry Entry(string pattern, ListedKind kind) =>
        new(Guid.NewGuid().ToString(), pattern, kind, 2, "Stop", "test", "supervisor", false, Now.AddDays(-1), Now.AddDays(1), false, 1);
}
