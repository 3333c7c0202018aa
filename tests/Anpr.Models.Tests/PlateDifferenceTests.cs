using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Models.Tests;

public sealed class PlateDifferenceTests
{
    private static readonly Gen<string> Texts = Gen.Char["AB12"].Array[1, 7].Select(c => new string(c));

    [Fact]
    public void Between_TwoTexts_AreAsManyAsTheirDistance() => Gen.Select(Texts, Texts).Sample((pattern, text) =>
        PlateDifference.Between(pattern, text).Count == PlateText.Distance(pattern, text));

    [Fact]
    public void Between_PatternAndText_NoneExactlyWhereItMatches() => Gen.Select(Gen.Char["AB?*"].Array[1, 7].Select(c => new string(c)), Texts).Sample((pattern, text) =>
        (PlateDifference.Between(pattern, text).Count == 0) == WatchlistPattern.Matches(pattern, text));

    /// <summary>Undoing the differences gives the listed registration.</summary>
    [Fact]
    public void Between_TwoTexts_UndoneFromTheEnd_GivesTheListed() => Gen.Select(Texts, Texts).Sample((pattern, text) =>
        PlateDifference.Between(pattern, text).Reverse().Aggregate(text, (t, d) => (d.Read is null ? t : t.Remove(d.At, 1)).Insert(d.At, d.Listed?.ToString() ?? "")) == pattern);
}
