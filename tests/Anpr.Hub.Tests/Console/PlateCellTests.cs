using Anpr.Hub.Web.Parts;
using Anpr.Proto.V1;

namespace Anpr.Hub.Tests.Web;

public sealed class PlateCellTests
{
    [Fact]
    public void Lay_UnsureCharacter_IsMarkedWithWhatElseItMayBe()
    {
        var cells = PlateCell.Lay("AB1", [Sure("A"), Unsure("B", 0.6f, "8"), Sure("1")], "");

        Assert.Equal([false, true, false], cells.Select(c => c.Unsure));
        Assert.Contains("perhaps 8 40", cells[1].Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Lay_CharactersOfAnotherText_AreNotUsed()
    {
        var cells = PlateCell.Lay("AB1", [Sure("A"), Unsure("8", 0.6f, "B"), Sure("1")], "");

        Assert.DoesNotContain(cells, c => c.Unsure);
    }

    [Theory]
    [InlineData("B27CMR", "", "......")]
    [InlineData("B27CMR", "B27CMR", "......")]
    [InlineData("827CMR", "B27CMR", "x.....")]
    [InlineData("B27CMR", "B2?CMR", "......")]
    [InlineData("B27CMRX", "B27CMR", "......x")]
    [InlineData("AB123CD", "AB*CD", ".......")]
    [InlineData("AB123CD", "AX*CE", ".x....x")]
    [InlineData("AB", "ABC*XYZ", ".x")]
    [InlineData("AB12DE", "AB12CDE", "....x.")]
    [InlineData("ANY", "*", "...")]
    public void Differing_PatternBesideText_MarksWhatItDoesNotCover(string text, string pattern, string marks) =>
        Assert.Equal(marks, string.Concat(PlateCell.Differing(text, pattern).Select(d => d is null ? '.' : 'x')));

    private static Character Sure(string c) => new() { C = c, P = 0.99f };

    private static Character Unsure(string c, float p, string other)
    {
        var character = new Character { C = c, P = p };
        character.Alternatives.Add(new CharacterAlternative { C = other, P = 1 - p });
        return character;
    }
}
