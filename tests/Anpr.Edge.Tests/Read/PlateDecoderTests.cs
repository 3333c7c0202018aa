using Anpr.Edge.Read;

namespace Anpr.Edge.Tests.Read;

public sealed class PlateDecoderTests
{
    [Fact]
    public void Decode_OneLine_TextLinesAndCalibratedConfidence()
    {
        float[] output = [.. CtcLineTests.Line("AB123", 0.9f), .. CtcLineTests.Line(".....", 0.98f)];

        var plain = new PlateDecoder(new(), 1).Decode(output);
        var cautious = new PlateDecoder(new(), 2).Decode(output);

        Assert.Equal("AB123", plain.Text);
        Assert.Equal(1, plain.Lines);
        Assert.Equal(5, plain.Characters.Count);
        Assert.Equal(plain.Confidence * plain.Confidence, cautious.Confidence, 0.0001f);
        Assert.Equal(MathF.Pow(0.9f, 5) * MathF.Pow(0.98f, 5), plain.Confidence, 0.02f);
    }

    [Fact]
    public void Decode_TwoLines_TopThenBottom()
    {
        float[] output = [.. CtcLineTests.Line("AB", 0.95f), .. CtcLineTests.Line("12", 0.95f)];

        var read = new PlateDecoder(new(), 1).Decode(output);

        Assert.Equal(("AB12", 2), (read.Text, read.Lines));
    }

    [Fact]
    public void Decode_UnsureCharacter_AlternativesOfCharacterAndText()
    {
        float[] output =
        [
            .. CtcLineTests.Step((11, 1f)), .. CtcLineTests.Step((9, 0.6f), (12, 0.4f)), .. CtcLineTests.Step((2, 1f)),
            .. CtcLineTests.Step((0, 1f)), .. CtcLineTests.Step((0, 1f)), .. CtcLineTests.Step((0, 1f)),
        ];

        var read = new PlateDecoder(new(), 1).Decode(output);

        Assert.Equal("A81", read.Text);
        Assert.Equal('B', read.Characters[1].Alternatives[0].C);
        Assert.Equal("AB1", read.Alternatives[0].Text);
        Assert.Equal(0.4f, read.Alternatives[0].P, 0.001f);
    }

    /// <summary>Ten characters are a plate's most: a telephone number on a trailer's side is no text, however clear it is.</summary>
    [Theory]
    [InlineData("AB123CD456", "", "AB123CD456")]
    [InlineData("AB12345", "CDE", "AB12345CDE")]
    [InlineData("01234567895", "", "")]
    [InlineData("ABCDEFG", "1234567", "")]
    public void Decode_LongLine_TextUpToTenCharacters(string top, string bottom, string text)
    {
        float[] output = [.. CtcLineTests.Line(Parted(top), 0.97f), .. CtcLineTests.Line(Parted(bottom), 0.97f)];

        var read = new PlateDecoder(new(), 1).Decode(output);

        Assert.Equal(text, read.Text);
        Assert.Equal(text.Length, read.Characters.Count);
        Assert.Equal(text.Length > 0, read.Confidence > 0.1f);
        Assert.All(read.Alternatives, a => Assert.InRange(a.Text.Length, 0, PlateDecoder.MaxTextLength));
        Assert.All(read.Spellings, s => Assert.InRange(s.Columns.Count, 0, PlateDecoder.MaxTextLength));

        static string Parted(string line) => string.Join('.', line.ToCharArray()).PadRight(28, '.');
    }

    [Fact]
    public void Decode_NothingThere_EmptyText()
    {
        float[] output = [.. CtcLineTests.Line("...", 0.99f), .. CtcLineTests.Line("...", 0.99f)];

        Assert.Equal("", new PlateDecoder(new(), 1).Decode(output).Text);
    }

    [Fact]
    public void Decode_CharacterThatMayBeMissing_ASpellingWithAndOneWithoutIt()
    {
        float[] output =
        [
            .. CtcLineTests.Step((11, 1f)), .. CtcLineTests.Step((0, 0.7f), (2, 0.3f)), .. CtcLineTests.Step((3, 1f)),
            .. CtcLineTests.Step((0, 1f)), .. CtcLineTests.Step((0, 1f)), .. CtcLineTests.Step((0, 1f)),
        ];

        var read = new PlateDecoder(new(), 1).Decode(output);

        Assert.Equal(["A2", "A12"], read.Spellings.Select(s => s.Text));
        Assert.Equal(0.7f, read.Spellings[0].P, 0.001f);
        Assert.Equal(0.3f, read.Spellings[1].P, 0.001f);
    }
}
