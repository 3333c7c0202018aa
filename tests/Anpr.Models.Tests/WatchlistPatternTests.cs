using System.Text.RegularExpressions;
using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Models.Tests;

public sealed class WatchlistPatternTests
{
    [Theory]
    [InlineData("AB12CDE", "AB12CDE", true)]
    [InlineData("AB12CDE", "AB12CDF", false)]
    [InlineData("AB12CDE", "AB12CDEF", false)]
    [InlineData("AB1?CDE", "AB12CDE", true)]
    [InlineData("AB1?CDE", "AB1CDE", false)]
    [InlineData("*CDE", "AB12CDE", true)]
    [InlineData("AB*", "AB", true)]
    [InlineData("", "", false)]
    public void Matches_Examples(string pattern, string text, bool matches) => Assert.Equal(matches, WatchlistPattern.Matches(pattern, text));

    /// <summary>An independent answer: the pattern as a regular expression.</summary>
    [Fact]
    public void Matches_AnyPatternAndText_AsTheRegularExpressionDoes() => Gen.Select(
        Gen.Char["AB?*"].Array[1, 8].Select(c => new string(c)),
        Gen.Char["AB"].Array[0, 8].Select(c => new string(c))).Sample((pattern, text) =>
            WatchlistPattern.Matches(pattern, text) == Regex.IsMatch(text, $"^{pattern.Replace("?", ".").Replace("*", ".*")}$", RegexOptions.NonBacktracking));

    [Theory]
    [InlineData("ZZ0123", "ZZ0123", PatternFit.Exact)]
    [InlineData("ZZ0123", "ZZO123", PatternFit.Loose)] // one glyph for both
    [InlineData("ZZ0123", "ZZOI23", PatternFit.Loose)]
    [InlineData("AB128CD", "AB12BCD", PatternFit.None)]
    [InlineData("ZZ?123", "ZZ0I23", PatternFit.Loose)]
    [InlineData("ZZ*", "ZZ0123", PatternFit.Loose)]
    public void Fit_Examples(string pattern, string text, PatternFit fit) => Assert.Equal(fit, WatchlistPattern.Fit(pattern, text));
}
