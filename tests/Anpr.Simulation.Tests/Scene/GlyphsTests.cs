using Anpr.Models.Plates;
using Anpr.Simulation.Scene;
using OpenCvSharp;

namespace Anpr.Simulation.Tests.Scene;

public sealed class GlyphsTests
{
    [Fact]
    public void Draw_EveryCharacter_LooksLikeNoOther()
    {
        var drawn = PlateText.Alphabet.ToDictionary(character => character, Picture);
        var pairs = from a in drawn from b in drawn where a.Key < b.Key select (a, b);
        Assert.All(pairs, pair =>
        {
            using var difference = new Mat();
            Cv2.Absdiff(pair.a.Value, pair.b.Value, difference);
            // 2 % of the cell: O and 0 are the nearest.
            Assert.True(Cv2.CountNonZero(difference) > 0.02 * difference.Width * difference.Height, $"{pair.a.Key} and {pair.b.Key}");
        });
    }

    private static Mat Picture(char character)
    {
        var picture = new Mat(130, 110, MatType.CV_8UC1, Scalar.All(0));
        Glyphs.Draw(picture, character, 15, 15, 1, 1, 14, Scalar.All(255));
        Cv2.Threshold(picture, picture, 127, 255, ThresholdTypes.Binary);
        return picture;
    }
}
