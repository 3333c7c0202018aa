using Anpr.Edge.Read;
using Anpr.Edge.Tests.Passage;
using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Edge.Tests.Read;

public sealed class LookMixtureTests
{
    private const float MinAlternative = 0.001f;

    // Looks as the decoder makes them: of random outputs, two lines of six steps.
    private static readonly Gen<PlateRead> Decoded = Gen.Double[0, 1].Array[CtcLine.Classes * 12].Select(raw => new PlateDecoder(new(), 1).Decode(Normalised(raw)));

    [Theory]
    [InlineData("EK8569", 0.6f, "EK85696", 0.9f, "EK8569", 0.2f, "EK85696")] // the last character was cut off
    [InlineData("EK8569", 0.6f, "EK85696", 0.5f, "EK8569", 0.3f, "EK8569")] // two are surer together than one
    [InlineData("EK85696", 0.3f, "EK85698", 0.4f, "EK85698", 0.45f, "EK85698")] // the further looks agree
    [InlineData("EK85696", 0.4f, "A", 0.4f, "EK8S696", 0.4f, "EK85696")] // none is better: the plain one
    public void Of_ThreeLooks_TextForWhichTheySpeakMost(string a, float pa, string b, float pb, string c, float pc, string text) =>
        Assert.Equal(text, LookMixture.Of([Scene.Read(a, pa), Scene.Read(b, pb), Scene.Read(c, pc)], MinAlternative).Text);

    [Fact]
    public void Of_LooksThatDiffer_LessSureThanEach()
    {
        var read = LookMixture.Of([Scene.Read("EK85696", 0.8f), Scene.Read("EK85698", 0.6f)], MinAlternative);

        Assert.Equal(("EK85696", 0.4f), (read.Text, read.Confidence));
        Assert.Equal("EK85698", read.Alternatives[0].Text);
        Assert.Equal(0.3f, read.Alternatives[0].P, 1e-5f);
        Assert.Equal('8', read.Characters[6].Alternatives[0].C);
        Assert.InRange(read.Characters[6].P, 0.48f, 0.49f); // each gives its own .97 and the other .003
    }

    [Fact]
    public void Of_OneLookThrice_ThatLook() => Decoded.Sample(look =>
    {
        var read = LookMixture.Of([look, look, look], MinAlternative);

        Assert.Equal((look.Text, look.Lines), (read.Text, read.Lines));
        Assert.Equal(look.Confidence, read.Confidence, 1e-5f);
        Assert.Equal(look.Characters.Count, read.Characters.Count);
    });

    [Fact]
    public void Of_AnyLooks_ProbabilitiesThatAreOnes() => Decoded.Array[2, 4].Sample(looks =>
    {
        var read = LookMixture.Of(looks, MinAlternative);

        Assert.Contains(read.Text, looks.Select(look => look.Text));
        Assert.InRange(read.Confidence, looks.Max(look => look.Confidence) / looks.Length - 1e-6f, looks.Max(look => look.Confidence) + 1e-6f);
        Assert.InRange(read.Spellings.Sum(s => s.P), 0, 1 + 1e-5);
        Assert.Equal(read.Text.Length, read.Spellings[0].Columns.Count);
        Assert.All(read.Spellings.SelectMany(s => s.Columns), column => Assert.Equal(1, column.Sum(), 1e-4f));
        Assert.InRange(read.Confidence + read.Alternatives.Sum(a => a.P), 0, 1 + 1e-4f);
        Assert.True(read.Spellings[0].P * PlateDecoder.Product(read.Spellings[0].Columns, read.Text) <= read.Confidence + 1e-5);
    });

    [Fact]
    public void Of_CountriesByLooks_TheirMean()
    {
        var read = LookMixture.Of([Scene.Read("AB1", 0.5f) with { Look = [0.8f, 0.1f] }, Scene.Read("AB1", 0.5f) with { Look = [0.2f, 0.3f] }], MinAlternative);

        Assert.Equal([0.5f, 0.2f], read.Look!.Select(p => MathF.Round(p, 5)));
    }

    private static float[] Normalised(double[] raw) =>
        [.. raw.Chunk(CtcLine.Classes).SelectMany(step =>
        {
            var peaked = Array.ConvertAll(step, x => Math.Pow(x, 60) + 1e-9);
            return Array.ConvertAll(peaked, x => (float)(x / peaked.Sum()));
        })];
}
