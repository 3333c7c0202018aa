using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Models.Tests;

public sealed class WatchlistIndexTests
{
    // Few characters, look-alikes among them, so that reads meet entries.
    private static readonly Gen<string> Texts = Gen.Char["AB8O01I5S"].Array[3, 7].Select(c => new string(c));

    private static readonly Gen<ListedPattern> Patterns = Gen.Select(Gen.Char["AB8O01I5S?*"].Array[3, 7].Select(c => new string(c)), Gen.Bool, Gen.Double[0.01, 0.3])
        .Select((pattern, fuzzy, least) => new ListedPattern(
            pattern.Any(char.IsAsciiLetterOrDigit) ? pattern : "A",
            pattern.AsSpan().ContainsAny('?', '*') ? ListedKind.Wildcard : fuzzy ? ListedKind.Fuzzy : ListedKind.Exact,
            least));

    /// <summary>The index finds what looking at each entry finds.</summary>
    [Fact]
    public void Match_AnyListAndRead_AsEachEntryByItself() => Gen.Select(Patterns.List[1, 30], Texts, Gen.Int[0, 6], Gen.Char["8B5SOX"], Gen.Double[0.05, 0.5])
        .Sample((list, text, at, other, p) =>
        {
            var reading = PlateReadingTests.Reading(text, at % text.Length, other, p);
            var index = new WatchlistIndex<int>(Enumerable.Range(0, list.Count), i => list[i]);

            var expected = Enumerable.Range(0, list.Count).Where(i => list[i].Of(reading).Fit != PatternFit.None);
            Assert.Equal(expected, index.Match(reading).Select(h => h.Entry).Order());
        });

    [Theory]
    [InlineData("AB128CD", ListedKind.Exact, "AB12BCD", false)]
    [InlineData("AB128CD", ListedKind.Fuzzy, "AB128CD", true)]
    [InlineData("AB128CD", ListedKind.Fuzzy, "AB12BCD", true)]
    [InlineData("AB158CD", ListedKind.Fuzzy, "AB1SBCD", false)] // two look-alikes, both read surely
    [InlineData("AB12CDE", ListedKind.Fuzzy, "AB12CDEF", false)] // one too many: from 0.02 on
    [InlineData("AB12CDE", ListedKind.Fuzzy, "AB12CDF", true)] // our reader takes E for F
    [InlineData("AB12CDE", ListedKind.Fuzzy, "AB12CDW", false)] // and never E for W
    [InlineData("AB1*", ListedKind.Wildcard, "AB1", true)]
    [InlineData("A?B?C", ListedKind.Wildcard, "AXBYC", true)]
    public void Match_Examples(string pattern, ListedKind kind, string text, bool hit)
    {
        var found = new WatchlistIndex<string>([pattern], p => new ListedPattern(p, kind)).Match(PlateReading.Of(text));

        Assert.Equal(hit, found.Count == 1);
        Assert.All(found, h => Assert.Equal(text != pattern, h.Loose));
        Assert.All(found, h => Assert.Equal(kind == ListedKind.Wildcard, h.Probability is null));
    }

    [Fact]
    public void Misreads_OfAFuzzyEntry_AreExactlyThoseOneMistakeAwayThatHit() => Gen.Char["AB8O01I5SCDE"].Array[4, 6].Select(c => new string(c)).Sample(
        pattern =>
        {
            var listed = new ListedPattern(pattern, ListedKind.Fuzzy);
            var misreads = listed.Misreads();

            Assert.NotEmpty(misreads);
            Assert.All(misreads, m => Assert.Equal(PatternFit.Loose, listed.Of(PlateReading.Of(m.Text)).Fit));
            Assert.Equal(misreads.OrderByDescending(m => m.Probability).Select(m => m.Probability), misreads.Select(m => m.Probability));
        },
        iter: 50);

    [Fact]
    public void Misreads_AHigherLeast_AcceptsFewer()
    {
        var (loose, strict) = (new ListedPattern("AB128CD", ListedKind.Fuzzy, 0.02).Misreads(), new ListedPattern("AB128CD", ListedKind.Fuzzy, 0.15).Misreads());

        Assert.True(strict.Count < loose.Count);
        Assert.Equal(loose.Take(strict.Count), strict);
    }
}
