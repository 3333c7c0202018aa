using System.Text;
using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Models.Tests;

public sealed class PlateTextTests
{
    private static readonly Gen<string> Written = Gen.OneOf(
        Gen.String, Gen.Char["AbZ09?* -ÄöŠđČćž\u0308ΑΒΞАЖß۳"].Array[0, 12].Select(c => new string(c)));

    [Theory]
    [InlineData("ab-12 cd", "AB12CD")]
    [InlineData("W·123·ÖÄ", "W123OA")]
    [InlineData("АВ 1234 ЕК", "AB1234EK")] // Cyrillic
    [InlineData("ΝΖΑ-1234", "NZA1234")] // Greek
    [InlineData("łódź 12 q", "LODZ12Q")]
    [InlineData("Ä Ö Ü Š Đ Č Ć Ž", "AOUSDCCZ")]
    [InlineData("äöüšđčćž", "AOUSDCCZ")]
    [InlineData("A\u0308B 12", "AB12")] // A and a mark of its own
    [InlineData("ßq 12", "?Q12")]
    [InlineData("Ж123Б", "?123?")] // Cyrillic without a Latin twin
    [InlineData("د 12 ۳", "?12?")] // Arabic letter and digit
    [InlineData("𝟙AB", "?AB")] // a digit of two code units
    [InlineData("AB?12*", "AB?12")]
    [InlineData("O0I1", "O0I1")]
    [InlineData("", "")]
    public void Fold_Text_Canonical(string text, string expected) => Assert.Equal(expected, PlateText.Fold(text));

    [Fact]
    public void FoldPattern_Wildcards_Stay() => Assert.Equal("AB?2*", PlateText.FoldPattern("ab-?2 *"));

    [Fact]
    public void Merge_SharedGlyphs_AreOne() => Assert.Equal(PlateText.Merge("O0I1"), PlateText.Merge("0OII"));

    /// <summary>Nothing of a registration is dropped, and nothing is added: as many characters come out as letters, digits and question marks went in.</summary>
    [Fact]
    public void Fold_AnyText_IsIdempotentAndKeepsOneForEachLetterAndDigit() => Written.Sample(text =>
    {
        var folded = PlateText.Fold(text);
        Assert.Equal(folded, PlateText.Fold(folded));
        Assert.Equal(PlateText.Merge(text), PlateText.Merge(folded));
        Assert.Equal(text.EnumerateRunes().Count(r => Rune.IsLetterOrDigit(r) || r.Value == '?'), folded.Length);
        Assert.All(folded, c => Assert.Contains(c, PlateText.Alphabet + PlateText.Unknown));
    });

    /// <summary>However it is typed: small or capital, with any separators between, a registration is the same.</summary>
    [Fact]
    public void Fold_Registration_IsTheSameHoweverItIsTyped() => Gen.Select(Gen.Char[PlateText.Alphabet].Array[1, 9], Gen.Char[" -·.•–\u00a0\t"].Array[10], Gen.Bool).Sample((plate, gaps, small) =>
    {
        var typed = string.Concat(plate.Select((c, i) => $"{(small ? char.ToLowerInvariant(c) : c)}{gaps[i]}"));
        Assert.Equal(new string(plate), PlateText.Fold(typed));
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
