using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Models.Tests;

public sealed class PlateReadingTests
{
    private static readonly Gen<string> Texts = Gen.Char[PlateText.Alphabet].Array[4, 8].Select(c => new string(c));

    [Fact]
    public void ProbabilityOf_AnyTexts_IsAProbabilityAndHighestForTheTextItself() => Gen.Select(Texts, Texts).Sample((read, listed) =>
    {
        var reading = PlateReading.Of(read);
        return reading.ProbabilityOf(listed) is >= 0 and <= 1 && reading.ProbabilityOf(listed) <= reading.ProbabilityOf(read) + 1e-12;
    });

    [Fact]
    public void ProbabilityOf_SharedGlyphs_AreOne() => Texts.Sample(text =>
        Assert.Equal(PlateReading.Of(text).ProbabilityOf(text), PlateReading.Of(text.Replace('O', '0').Replace('I', '1')).ProbabilityOf(text.Replace('0', 'O')), 12));

    /// <summary>What the reader says of the character decides: the surer it is of the listed one, the likelier the listed plate.</summary>
    [Fact]
    public void ProbabilityOf_MoreOfTheListedCharacter_IsHigher() => Gen.Select(Gen.Double[0.01, 0.4], Gen.Double[0.01, 0.09]).Sample((p, more) =>
        Reading("AB12BCD", 4, '8', p + more).ProbabilityOf("AB128CD") > Reading("AB12BCD", 4, '8', p).ProbabilityOf("AB128CD"));

    [Fact]
    public void ProbabilityOf_ALookAlikeOfASureRead_IsBetweenAnyOtherCharacterAndAnUnsureRead()
    {
        var (other, alike) = (PlateReading.Of("AB12CDW").ProbabilityOf("AB12CDE"), PlateReading.Of("AB12BCD").ProbabilityOf("AB128CD"));
        var unsure = Reading("AB12BCD", 4, '8', 0.4).ProbabilityOf("AB128CD");

        Assert.True(other < ListedPattern.UsualLeast, $"{other}");
        Assert.InRange(alike, ListedPattern.UsualLeast, 0.5);
        Assert.InRange(unsure, 0.9, 1);
    }

    [Fact]
    public void ProbabilityOf_ACharacterTooMany_IsLikelierThanTwo()
    {
        var (one, two) = (PlateReading.Of("AB12CDEX").ProbabilityOf("AB12CDE"), PlateReading.Of("AB12CDEXX").ProbabilityOf("AB12CDE"));

        Assert.InRange(one, 0.02, ListedPattern.UsualLeast);
        Assert.InRange(two, 0, 0.001);
        Assert.Equal(0, PlateReading.Of("AB12CDEXXX").ProbabilityOf("AB12CDE"));
    }

    [Fact]
    public void Of_AsManyPositionsAsCharacters_OrRefused() =>
        Assert.Throws<ArgumentException>(() => PlateReading.Of("AB", [[new CharacterChance('A', 1)]]));

    [Fact]
    public void ProbabilityOf_CharactersOfNoAlphabet_StaysAProbability() => Gen.String.Sample(text =>
        PlateReading.Of(text).ProbabilityOf("AB12CDE") is >= 0 and <= 1);

    internal static PlateReading Reading(string text, int at, char other, double p) => PlateReading.Of(
        text,
        [.. text.Select((c, i) => (IReadOnlyList<CharacterChance>)(i == at ? [new(c, 1 - p), new(other, p)] : [new(c, 0.99)]))]);
}
