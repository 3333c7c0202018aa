using Anpr.Benchmarks.Link;
using Anpr.Hub.Movements;

namespace Anpr.Hub.Tests.Link;

/// <summary>What <c>./anpr bench link</c> counts.</summary>
public sealed class LinkTallyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Of_AllRight_AllPairsLinkedNoneFalse() =>
        Assert.Equal(new LinkTally(2, 2, 2, 0), LinkTally.Of([Seen("a", 0), Seen("b", 1), Seen("a", 10), Seen("b", 11)], ["1", "2", "1", "2"]));

    [Fact]
    public void Of_SplitVehicle_PairIsMissing() =>
        Assert.Equal(new LinkTally(2, 1, 1, 0), LinkTally.Of([Seen("a", 0), Seen("a", 10), Seen("a", 20)], ["1", "1", "2"]));

    [Fact]
    public void Of_TwoTakenForOne_EachChangeIsFalse() =>
        Assert.Equal(new LinkTally(1, 1, 2, 2), LinkTally.Of([Seen("a", 0), Seen("b", 5), Seen("a", 10)], ["1", "1", "1"]));

    /// <summary>One plate at two places: a clone that nobody can tell counts nowhere, one that came faster than any vehicle is a false link.</summary>
    [Theory]
    [InlineData(60, 0, 0)]
    [InlineData(5, 1, 1)]
    public void Of_Clone_CountsOnlyWhereItCouldBeTold(double minutes, int links, int wrong) =>
        Assert.Equal(new LinkTally(0, 0, links, wrong), LinkTally.Of([Seen("a", 0, plate: "X1"), Seen("b", minutes, "dunkerque", "X1")], ["1", "1"]));

    [Fact]
    public void Rules_KnownTexts_LinkAsPublished()
    {
        Assert.Equal([true, false, false, false], Linked(LinkRule.Exact()));
        Assert.Equal([true, true, true, true], Linked(LinkRule.Levenshtein()));
        Assert.Equal([true, true, false, false], Linked(LinkRule.Genetec()));

        // The same text, one look-alike, one other character, one lost.
        static bool[] Linked(LinkRule rule)
        {
            var first = rule.Link(Seen("a", 0, text: "AB128CD"));
            return [.. new[] { "AB128CD", "AB12BCD", "AB124CD", "AB12CD" }.Select(text => rule.Link(Seen("a", 1, text: text)) == first)];
        }
    }

    private static SeenPlate Seen(string vehicle, double minutes, string port = "calais", string? plate = null, string text = "AB123CD") => new(
        new SightingRow { Id = Guid.CreateVersion7().ToString(), Port = port, Lane = "l1", Time = Noon.AddMinutes(minutes), Text = text },
        vehicle,
        plate ?? vehicle);
}
