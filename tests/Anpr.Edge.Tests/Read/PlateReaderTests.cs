using Anpr.Edge.Read;

namespace Anpr.Edge.Tests.Read;

public sealed class PlateReaderTests
{
    [Theory]
    [InlineData("EK8569", 0.6f, "EK85696", 0.9f, "EK8569", 0.2f, "EK85696", 0.9f)] // the last character was cut off
    [InlineData("EK8569", 0.6f, "EK85696", 0.5f, "EK8569", 0.3f, "EK8569", 0.6f)] // two are surer together than one
    [InlineData("EK85696", 0.3f, "EK85698", 0.4f, "EK85698", 0.45f, "EK85698", 0.4f)] // the further looks agree
    [InlineData("EK85696", 0.4f, "", 0.4f, "EK8S696", 0.4f, "EK85696", 0.4f)] // none is better: the plain one
    public void Likeliest_ThreeLooks_TextForWhichTheySpeakMostByItsFirstLook(string a, float pa, string b, float pb, string c, float pc, string text, float p)
    {
        var taken = PlateReader.Likeliest([Of(a, pa), Of(b, pb), Of(c, pc)]);

        Assert.Equal((text, p), (taken.Text, taken.Confidence));
    }

    private static PlateRead Of(string text, float p) => new(text, p, [], 1, []);
}
