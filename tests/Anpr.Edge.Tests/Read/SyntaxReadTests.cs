using Anpr.Edge.Read;
using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Edge.Tests.Read;

public sealed class SyntaxReadTests
{
    private static readonly PlateSyntax Syntax = new(CountryTable.LoadShipped());

    // Two lines of steps: each a blank or one of two characters, more or less sure.
    private static readonly Gen<float[]> Plates = Gen.Select(Gen.Int[0, 36], Gen.Int[0, 36], Gen.Float[0.4f, 1f])
        .Select((best, second, p) => CtcLineTests.Step((best, p), (second, 1 - p))).Array[2, 18]
        .Select(steps => steps.SelectMany(s => s).ToArray()).Select(l => (float[])[.. l, .. l[..(l.Length / CtcLine.Classes / 2 * CtcLine.Classes)]])
        .Where(l => l.Length / CtcLine.Classes % 2 == 0);

    [Fact]
    public void Of_AnyPlate_RawReadStaysAndTheOtherIsAProbability() =>
        Plates.Sample(output =>
        {
            var decoder = new PlateDecoder(new(), 0.6f);
            var (read, again) = (decoder.Decode(output), decoder.Decode(output));

            var says = SyntaxRead.Of(read, Syntax);

            Assert.Equal((again.Text, again.Confidence, again.Lines), (read.Text, read.Confidence, read.Lines));
            Assert.Equal(again.Characters.Select(c => (c.C, c.P)), read.Characters.Select(c => (c.C, c.P)));
            Assert.Equal(read.Text, string.Concat(read.Characters.Select(c => c.C)));
            Assert.InRange(read.Spellings.Sum(s => s.P), 0, 1.0001);
            Assert.Equal(says.Text, string.Concat(says.Characters.Select(c => c.C)));
            Assert.InRange(says.Confidence + says.Alternatives.Sum(a => a.P), 0, 1.0001);
            Assert.All(says.Characters, c => Assert.InRange(c.P + c.Alternatives.Sum(a => a.P), 0, 1.001f));
            Assert.DoesNotContain(says.Alternatives, a => a.Text == says.Text);
        });

    [Fact]
    public void Of_ASealReadAsOne_TextWithoutItFitsAndWins()
    {
        // Germany, B-MX 4711: the seal between the groups is nearly as likely a 1 as nothing.
        float[] output =
        [
            .. CtcLineTests.Line("B", 1f), .. CtcLineTests.Step((0, 0.45f), (2, 0.55f)), .. CtcLineTests.Line("MX47", 0.99f), .. CtcLineTests.Line("1.1.", 0.99f),
            .. CtcLineTests.Line("..........", 0.99f),
        ];

        var read = new PlateDecoder(new(), 1).Decode(output);

        Assert.Equal("B1MX4711", read.Text);
        Assert.Equal("BMX4711", SyntaxRead.Of(read, Syntax).Text);
    }

    [Fact]
    public void Of_SyntaxOfTwoCountries_LooksDecide()
    {
        float[] output = [.. CtcLineTests.Line("AB123CD", 0.95f), .. CtcLineTests.Line(".......", 0.99f)]; // France and Italy both issue it
        var codes = Syntax.Countries.Countries.Select(c => c.Code).ToList();
        var look = new float[codes.Count];
        (look[codes.IndexOf("IT")], look[codes.IndexOf("FR")]) = (0.8f, 0.1f);
        var decoder = new PlateDecoder(new(), 1);

        Assert.Null(SyntaxRead.Of(decoder.Decode(output), Syntax).Country);
        Assert.Equal("IT", SyntaxRead.Of(decoder.Decode(output, look), Syntax).Country);
    }
}
