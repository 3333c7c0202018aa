using Anpr.Edge.Read;

namespace Anpr.Edge.Tests.Read;

public sealed class PlateReaderTests
{
    [Theory]
    [InlineData("EK8569", 0.99f, "EK85696", 0.9f, "EK85696")] // the last character was cut off
    [InlineData("EK8569", 0.99f, "EK85696", 0.1f, "EK8569")] // too unsure to be believed
    [InlineData("EK85696", 0.9f, "EK85698", 0.99f, "EK85696")] // says something else
    [InlineData("EK85696", 0.9f, "EK8569", 0.99f, "EK85696")] // says less
    public void Whole_WiderLook_TakenOnlyWhenItSaysTheSameAndMore(string plain, float plainP, string wider, float widerP, string expected) =>
        Assert.Equal(expected, PlateReader.Whole(Of(plain, plainP), Of(wider, widerP)).Text);

    [Theory]
    [InlineData("", 0.95f, false)] // nothing is written there
    [InlineData("", 0.5f, true)] // unsure of that
    [InlineData("EK8569", 0.99f, true)] // as sure as a whole plate, and yet cut off
    public void IsWorthWiderLook_AllButSureNothing(string plain, float confidence, bool expected) =>
        Assert.Equal(expected, PlateReader.IsWorthWiderLook(Of(plain, confidence)));

    private static PlateRead Of(string text, float p) => new(text, p, [], 1, []);
}
