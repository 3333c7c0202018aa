using Anpr.Edge.Detect;
using Anpr.Edge.Read;
using CsCheck;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Detect;

public sealed class QuadTests
{
    // A plate of 40-400 pixels, turned by up to 40 degrees and sheared a little, anywhere.
    private static readonly Gen<Quad> AnyQuad =
        Gen.Select(Gen.Double[40, 400], Gen.Double[2, 5], Gen.Double[-0.7, 0.7], Gen.Double[-0.2, 0.2], Gen.Double[0, 1000]).Select((w, aspect, angle, shear, at) =>
        {
            var (cos, sin, h) = (Math.Cos(angle), Math.Sin(angle), w / aspect);
            Point2f Turn(double x, double y) => new((float)(at + ((x + (shear * y)) * cos) - (y * sin)), (float)(at + ((x + (shear * y)) * sin) + (y * cos)));
            return new Quad(Turn(0, 0), Turn(w, 0), Turn(w, h), Turn(0, h));
        });

    [Fact]
    public void Map_AnyQuad_CornersGoToCornersAndBack() =>
        AnyQuad.Sample(quad =>
        {
            using var map = Rectifier.Map(quad, 160, 64);
            using var back = map.Inv();
            var flat = Cv2.PerspectiveTransform(quad.Corners(), map);
            Point2f[] corners = [new(0, 0), new(160, 0), new(160, 64), new(0, 64)];
            for (var i = 0; i < 4; i++)
            {
                Assert.True(flat[i].DistanceTo(corners[i]) < 0.05);
                Assert.True(Cv2.PerspectiveTransform(corners, back)[i].DistanceTo(quad.Corners()[i]) < 0.05);
            }
        });

    [Fact]
    public void Enlarged_AnyQuad_GrowsAndStaysUsable() =>
        AnyQuad.Sample(quad =>
        {
            var larger = quad.Enlarged(0.04f, 0.08f);
            Assert.True(quad.IsUsable() && larger.IsUsable());
            Assert.Equal(quad.WidthPx * 1.08f, larger.WidthPx, quad.WidthPx * 0.02f);
            Assert.Equal(quad.HeightPx * 1.16f, larger.HeightPx, quad.HeightPx * 0.02f);
        });

    [Fact]
    public void IsUsable_TurnedAnticlockwise_False() => Assert.False(new Quad(new(0, 0), new(0, 10), new(10, 10), new(10, 0)).IsUsable());

    [Fact]
    public void Cut_TiltedPicture_IsStraight()
    {
        // Left half black, right half white, on a plate turned by 20 degrees.
        using var image = new Mat(400, 400, MatType.CV_8UC3, new Scalar(128, 128, 128));
        var quad = new Quad(new(100, 100), new(288, 168), new(271, 215), new(83, 147));
        Point middleTop = new(194, 134), middleBottom = new(177, 181);
        Cv2.FillConvexPoly(image, [new Point(100, 100), middleTop, middleBottom, new Point(83, 147)], Scalar.Black);
        Cv2.FillConvexPoly(image, [middleTop, new Point(288, 168), new Point(271, 215), middleBottom], Scalar.White);
        using var crop = new Mat(64, 160, MatType.CV_8UC3);

        Rectifier.Cut(image, quad, 0, 0, crop);

        using var left = new Mat(crop, new Rect(10, 10, 60, 44));
        using var right = new Mat(crop, new Rect(90, 10, 60, 44));
        Assert.True(left.Mean().Val0 < 5);
        Assert.True(right.Mean().Val0 > 250);
    }
}
