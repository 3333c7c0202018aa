using Anpr.Hub.Link;
using CsCheck;

namespace Anpr.Hub.Tests.Link;

public sealed class LinkScoreTests
{
    private const double Crowd = 15_000;
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly Gen<PlateEvidence> Plate =
        from text in Gen.Char[Alphabet].Array[5, 8]
        from p in Gen.Double[0.4, 0.999].Array[text.Length]
        from other in Gen.Char[Alphabet].Array[text.Length]
        select new PlateEvidence(new string(text), [.. text.Select((c, i) => new Position([new Option(c, p[i]), new Option(other[i], (1 - p[i]) / 2)]))], "");

    [Fact]
    public void Probability_AnyTwoReads_IsSymmetricAndAProbability() => Gen.Select(Plate, Plate).Sample((a, b) =>
    {
        var p = LinkScore.Probability(a, b, Crowd);
        return p is >= 0 and <= 1 && Math.Abs(p - LinkScore.Probability(b, a, Crowd)) < 1e-12;
    });

    [Fact]
    public void Probability_SameRead_IsMoreThanWithLookAlikeInstead() => Plate.Sample(a =>
    {
        var other = Read(a.Text.Replace('8', 'B').Replace('5', 'S').Replace('0', 'D'), 0.9);
        return other.Text == a.Text || LinkScore.Probability(a, a, Crowd) > LinkScore.Probability(a, other, Crowd);
    });

    [Theory]
    [InlineData("AB123CD", 0.97, "AB123CD", 0.97, true)]
    [InlineData("AB123", 0.97, "AB123", 0.97, true)] // short registrations are unique too
    [InlineData("AB123CD", 0.55, "AB123CD", 0.55, true)]
    [InlineData("AB128CD", 0.97, "AB12BCD", 0.97, true, 0.05)] // one character that neither was sure of
    [InlineData("AB128CD", 0.999, "AB12BCD", 0.999, false)] // both were sure: two vehicles
    [InlineData("AB128CD", 0.97, "AB123CD", 0.97, false)] // 8 and 3 are no look-alikes
    [InlineData("AB123CD", 0.97, "AB123CDE", 0.97, false)]
    [InlineData("0B1SGCD", 0.9, "OBISGCD", 0.9, true)] // O and 0, I and 1 are often one glyph
    public void Probability_KnownPairs_LinkOrNot(string a, double pa, string b, double pb, bool linked, double unsure = 0)
    {
        var p = LinkScore.Probability(Read(a, pa, unsure, b), Read(b, pb, unsure, a), Crowd);

        Assert.Equal(linked, p >= new LinkOptions().Threshold);
    }

    [Fact]
    public void Probability_OtherCountry_IsLower()
    {
        var a = Read("AB128CD", 0.97, 0.05, "AB12BCD") with { Country = "FR" };
        var b = Read("AB12BCD", 0.97, 0.05, "AB128CD");

        Assert.True(LinkScore.Probability(a, b with { Country = "PL" }, Crowd) < LinkScore.Probability(a, b with { Country = "FR" }, Crowd));
        Assert.Equal(LinkScore.Probability(a, b, Crowd), LinkScore.Probability(a, b with { Country = "FR" }, Crowd));
    }

    // A read at probability p everywhere; where it differs from the other text, it gives that one the probability unsure + rest.
    private static PlateEvidence Read(string text, double p, double unsure = 0, string? other = null) => new(
        text,
        [.. text.Select((c, i) => other is not null && unsure > 0 && i < other.Length && other[i] != c
            ? new Position([new Option(c, 1 - (2 * unsure)), new Option(other[i], 2 * unsure)])
            : new Position([new Option(c, p)]))],
        "");
}
