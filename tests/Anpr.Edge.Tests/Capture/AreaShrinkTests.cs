using Anpr.Edge.Capture;
using CsCheck;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Capture;

public sealed class AreaShrinkTests
{
    [Theory]
    [InlineData(1920, 1080, 640, 360)] // by 3
    [InlineData(1920, 1080, 160, 90)] // by 12
    [InlineData(2560, 1440, 640, 360)] // by 4
    [InlineData(51, 48, 17, 8)] // by 3 and 6, a row that is no whole number of vectors
    [InlineData(1280, 720, 640, 360)] // by 2: left to OpenCV
    [InlineData(1000, 700, 640, 448)] // no whole factor
    [InlineData(640, 480, 640, 480)] // not at all
    public void Into_AnyPicture_PixelsOfInterArea(int width, int height, int smallWidth, int smallHeight) =>
        Gen.Select(Gen.ULong, Gen.Bool).Sample(
            (seed, grey) =>
            {
                var type = grey ? MatType.CV_8UC1 : MatType.CV_8UC3;
                using var image = Noise(width, height, seed, type);
                using var expected = new Mat();
                Cv2.Resize(image, expected, new OpenCvSharp.Size(smallWidth, smallHeight), 0, 0, InterpolationFlags.Area);
                using var actual = new Mat(smallHeight, smallWidth, type);
                new AreaShrink().Into(image, actual);
                Assert.Equal(0, Cv2.Norm(expected, actual, NormTypes.INF));
            },
            iter: 5);

    [Fact]
    public void Into_OtherSizesInTurn_NothingIsLeftOfTheOneBefore()
    {
        var shrink = new AreaShrink();
        foreach (var (width, factor) in new[] { (480, 3), (300, 5), (480, 3) })
        {
            using var image = Noise(width, 120, (ulong)width, MatType.CV_8UC3);
            using var expected = new Mat();
            Cv2.Resize(image, expected, new OpenCvSharp.Size(width / factor, 120 / factor), 0, 0, InterpolationFlags.Area);
            using var frame = new Mat(200, 400, MatType.CV_8UC3);
            using var actual = new Mat(frame, new Rect(0, 0, width / factor, 120 / factor)); // a part of a larger picture, as in the detector's input
            shrink.Into(image, actual);
            Assert.Equal(0, Cv2.Norm(expected, actual, NormTypes.INF));
        }
    }

    private static Mat Noise(int width, int height, ulong seed, MatType type)
    {
        var image = new Mat(height, width, type);
        new RNG(seed).Fill(image, DistributionType.Uniform, 0, 256);
        return image;
    }
}
