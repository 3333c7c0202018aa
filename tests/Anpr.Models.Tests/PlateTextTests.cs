using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Models.Tests;

public sealed class PlateTextTests
{
    [Theory]
    [InlineData("ab-12 cd", "AB12CD")]
    [InlineData("W·123·ÖÄ", "W123OA")]
    [InlineData("АВ 1234 ЕК", "AB1234EK")] // Cyrillic
    [InlineData("ΝΖΑ-1234", "NZA1234")] // Greek
    [InlineData("łódź 12 ßq", "LODZ12Q")]
    [InlineData("O0I1", "O0I1")]
    [InlineData("", "")]
    public void Fold_Text_Canonical(string text, string expected) => Assert.Equal(expected, PlateText.Fold(text));

    [Fact]
    public void FoldPattern_Wildcards_Stay() => Assert.Equal("AB?2*", PlateText.FoldPattern("ab-?2 *"));

    [Fact]
    public void Merge_SharedGlyphs_AreOne() => Assert.Equal(PlateText.Merge("O0I1"), PlateText.Merge("0OII"));

    [Fact]
    public void Fold_AnyText_IsIdempotentAndInTheAlphabet() => Gen.String.Sample(text =>
    {
        var folded = PlateText.Fold(text);
        Assert.Equal(folded, PlateText.Fold(folded));
        Assert.Equal(PlateText.Merge(text), PlateText.Merge(folded));
        Assert.All(folded, c => Assert.Contains(c, PlateText.Alphabet));
    });

    [Theory]
    [InlineData("AB12", "AB12", 0)]
    [InlineData("AB12", "A812", 1)]
    [InlineData("AB12", "AB1", 1)]
    [InlineData("", "AB1", 3)]
    [InlineData("12AB", "AB12", 4)]
    public void Distance_Pairs_Edits(string a, string b, int edits)
    {
        Assert.Equal(edits, PlateText.Distance(a, b));
        Assert.Equal(edits, PlateText.Distance(b, a));
    }
}
