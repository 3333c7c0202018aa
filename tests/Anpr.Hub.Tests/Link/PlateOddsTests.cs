using Anpr.Hub.Link;
using CsCheck;

namespace Anpr.Hub.Tests.Link;

public sealed class PlateOddsTests
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly Gen<string> Text = Gen.Char[Alphabet].Array[4, 9].Select(c => new string(c));

    private static readonly Gen<IReadOnlyList<Position>> Read =
        from text in Text
        from p in Gen.Double[0.4, 1].Array[text.Length]
        from other in Gen.Char[Alphabet].Array[text.Length]
        select (IReadOnlyList<Position>)[.. text.Select((c, i) => new Position([new Option(c, p[i]), new Option(other[i], (1 - p[i]) / 2)]))];

    [Fact]
    public void Spread_AnyRead_EachPositionSumsToOneAndRulesNothingOut() => Read.Sample(read =>
    {
        var spread = Spread.Of(read, Confusions.Shipped);
        for (var i = 0; i < spread.Length; i++)
        {
            Assert.Equal(1, spread[i].Sum(), 1e-9);
            Assert.All(spread[i], p => Assert.True(p > 0));
        }
    });

    [Fact]
    public void With_AnyTwoReads_SumsToOneAndIsTheSameEitherWay() => Gen.Select(Read, Read).Where((a, b) => a.Count == b.Count).Sample((a, b) =>
    {
        var (ab, ba) = (Spread.Of(a, Confusions.Shipped).With(Spread.Of(b, Confusions.Shipped)), Spread.Of(b, Confusions.Shipped).With(Spread.Of(a, Confusions.Shipped)));
        for (var i = 0; i < ab.Length; i++)
        {
            Assert.Equal(1, ab[i].Sum(), 1e-9);
            Assert.Equal(ab[i], ba[i], (x, y) => Math.Abs(x - y) < 1e-9);
        }
    });

    [Fact]
    public void Same_AnyTwoReads_IsSymmetricAndNeverNegative() => Gen.Select(Read, Read).Sample((a, b) =>
    {
        var (ab, ba) = (PlateOdds.Same(Spread.Of(a, Confusions.Shipped), Spread.Of(b, Confusions.Shipped)), PlateOdds.Same(Spread.Of(b, Confusions.Shipped), Spread.Of(a, Confusions.Shipped)));
        Assert.True(ab >= 0);
        Assert.Equal(1, ab == 0 ? 1 : ba / ab, 1e-6);
    });

    /// <summary>Without gaps the odds are the product over positions, worked out here in another way.</summary>
    [Fact]
    public void Same_OneCharacter_IsTheSumOverCharacters() => Gen.Select(Gen.Char["ABCXYZ"], Gen.Char["ABCXYZ"], Gen.Double[0.5, 1]).Sample((a, b, p) =>
    {
        var (x, y) = (Spread.Of([new Position([new Option(a, p)])], Confusions.Shipped), Spread.Of([new Position([new Option(b, p)])], Confusions.Shipped));
        var expected = Enumerable.Range(0, MergedAlphabet.Count).Sum(c => x[0][c] * y[0][c] / MergedAlphabet.Background[c]);
        // The one alignment more: both characters alone, in either order.
        Assert.Equal(expected + (2 * 0.004 * 0.004), PlateOdds.Same(x, y), 1e-9);
    });

    [Theory]
    [InlineData("AB123CD", "AB123CD", 1e6, double.PositiveInfinity)]
    [InlineData("0B1SGCD", "OBISGCD", 1e6, double.PositiveInfinity)] // O and 0, I and 1 are one glyph
    [InlineData("AB128CD", "AB12BCD", 10, 1e6)] // look-alikes
    [InlineData("AB123CD", "AB12CD", 10, 1e6)] // a character lost
    [InlineData("AB123CD", "AB1233CD", 10, 1e7)] // one too many
    [InlineData("AB123CD", "XY987ZW", 0, 1e-6)]
    [InlineData("AB123CD", "AB1", 0, 1e-6)]
    public void Same_KnownPairs_Between(string a, string b, double least, double most) =>
        Assert.InRange(PlateOdds.Same(Sure(a), Sure(b)), least, most);

    [Theory]
    [InlineData("AB12CDS", "AB12CDT")]
    [InlineData("AB123CD", "AB124CD")]
    [InlineData("AB12CDZ", "AB12CEA")]
    public void Sibling_OfOneSeries_IsFarMoreThanTheSame(string a, string b) =>
        Assert.True(PlateOdds.Sibling(Sure(a), Sure(b), a.LastIndexOfAny([.. "0123456789"])) > 100 * PlateOdds.Same(Sure(a), Sure(b)));

    [Fact]
    public void Sibling_EqualReads_IsFarLessThanTheSame() => Text.Sample(text =>
        Assert.True(PlateOdds.Sibling(Sure(text), Sure(text), text.LastIndexOfAny([.. "0123456789"])) < 0.05 * PlateOdds.Same(Sure(text), Sure(text))));

    [Fact]
    public void Keys_EightCharactersAndMore_ShareOneWithTwoOthersOrOneMoreOrLess() =>
        Gen.Select(Gen.Char["0123456789ACEFHJKLMNPRTUVWXY"].Array[8, 9], Gen.Int[0, 100], Gen.Int[0, 100], Gen.Char["ACEFH"], Gen.Int[0, 2]).Sample((plate, i, j, other, change) =>
        {
            var text = new string(plate);
            i %= text.Length;
            j %= text.Length;
            var misread = change switch { 0 => text.Remove(i, 1), 1 => text.Insert(i, other.ToString()), _ => Replace(Replace(text, i, other), j, other) };
            return PlateKey.Of(text).Intersect(PlateKey.Of(misread)).Any();
        });

    [Fact]
    public void Keys_ShortTexts_ShareOneWithACharacterLost() =>
        Gen.Select(Gen.Char["0123456789ACEF"].Array[3, 5], Gen.Int[0, 100]).Sample((plate, i) =>
            PlateKey.Of(new string(plate)).Intersect(PlateKey.Of(new string(plate).Remove(i % plate.Length, 1))).Any());

    [Fact]
    public void Keys_SixOrSevenCharacters_ShareOneWithAnotherCharacterOrOneMoreOrLess() =>
        Gen.Select(Gen.Char["0123456789ACEF"].Array[6, 7], Gen.Int[0, 5], Gen.Char["ACEFH"], Gen.Int[0, 2]).Sample((plate, i, other, change) =>
        {
            var text = new string(plate);
            var misread = change switch { 0 => text.Remove(i, 1), 1 => text.Insert(i, other.ToString()), _ => Replace(text, i, other) };
            return PlateKey.Of(text).Intersect(PlateKey.Of(misread)).Any();
        });

    [Fact]
    public void Keys_OfAnyText_AreReadFromTheirIds() =>
        Gen.Char[Alphabet].Array[1, 12].Sample(text => Assert.All(PlateKey.Of(new string(text)), key =>
        {
            var stored = new PlateKey(key, "2900", new string(text), "019");
            Assert.Equal(stored, PlateKey.Table.Read(PlateKey.Table.Id(stored), PlateKey.Table.Write(stored)));
        }));

    [Fact]
    public void Keys_OtherPlates_ShareNone() => Assert.Empty(PlateKey.Of("AC123EF").Intersect(PlateKey.Of("XY987WV")));

    private static Spread Sure(string text) => Spread.Of([.. text.Select(c => new Position([new Option(c, 0.999)]))], Confusions.Shipped);

    private static string Replace(string text, int at, char c) => text.Remove(at, 1).Insert(at, c.ToString());
}
