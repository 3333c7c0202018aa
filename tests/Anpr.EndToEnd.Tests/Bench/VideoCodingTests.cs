using Anpr.Benchmarks.Reading;
using OpenCvSharp;

namespace Anpr.EndToEnd.Tests.Bench;

public sealed class VideoCodingTests
{
    [Fact]
    public void Apply_CoarserQuantiser_LosesMore()
    {
        double[] lost = [.. ((int[])[4, 20, 30, 40, 50]).Select(Lost)];

        Assert.InRange(lost[0], 0, 3);
        Assert.Equal(lost.Order(), lost);
        Assert.True(lost[^1] > 3 * lost[0], string.Join(' ', lost));
    }

    [Fact]
    public void Apply_PlainPicture_StaysAsItIs()
    {
        using var plain = new Mat(37, 50, MatType.CV_8UC3, new Scalar(90, 120, 150));
        VideoCoding.Apply(plain, 28);

        Assert.All(((double[])[90, 120, 150]).Zip((double[])[plain.Mean().Val0, plain.Mean().Val1, plain.Mean().Val2]), pair => Assert.Equal(pair.First, pair.Second, 4.0));
    }

    // Mean difference of grey levels; the picture's sides are no multiples of the blocks.
    private static double Lost(int quantiser)
    {
        using var picture = new Mat(61, 94, MatType.CV_8UC3, Scalar.All(200));
        Cv2.PutText(picture, "AB12", new Point(4, 42), HersheyFonts.HersheyDuplex, 1, Scalar.All(20), 3);
        using var coded = picture.Clone();
        VideoCoding.Apply(coded, quantiser);
        using var difference = new Mat();
        Cv2.Absdiff(picture, coded, difference);
        return difference.Mean().Val0;
    }
}
