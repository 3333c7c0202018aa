using Anpr.Edge.Capture;
using CsCheck;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Capture;

public sealed class PictureTests
{
    private static readonly Gen<(int Width, int Height, int Seed)> Sizes = Gen.Select(Gen.Int[30, 160], Gen.Int[30, 120], Gen.Int[0, 1000]).Select(t => (2 * t.Item1, 2 * t.Item2, t.Item3));

    [Fact]
    public void Cut_AnyPartOfPlanes_SamePixelsAsTheWhole() =>
        Gen.Select(Sizes, Gen.Int[-40, 340], Gen.Int[-40, 260], Gen.Int[1, 200], Gen.Int[1, 200]).Sample(
            (size, x, y, w, h) =>
            {
                using var planes = Planes(size);
                using var picture = Picture.OfPlanes(planes, static _ => { });
                using var whole = Picture.OfPlanes(planes, static _ => { });
                var wanted = new Rect(x, y, w, h);

                using var cut = picture.Cut(wanted);

                var part = new Rect(cut.At, cut.Bgr.Size());
                var seen = wanted & new Rect(0, 0, size.Width, size.Height);
                Assert.True(seen.Width <= 0 || seen.Height <= 0 || (part & seen) == seen, $"{part} of {seen}");
                using var expected = whole.Bgr[part];
                Assert.Equal(0, Cv2.Norm(expected, cut.Bgr, NormTypes.INF));
            },
            iter: 200);

    [Fact]
    public void Part_AnyOfPlanesAndOfBgr_SamePixelsAsTheWhole() =>
        Gen.Select(Sizes, Gen.Int[0, 20], Gen.Int[0, 20], Gen.Int[5, 10], Gen.Int[5, 10]).Sample(
            (size, x, y, w, h) =>
            {
                using var planes = Planes(size);
                using var picture = Picture.OfPlanes(planes, static _ => { });
                using var whole = Picture.OfPlanes(planes, static _ => { });
                using var bgr = Picture.Of(whole.Bgr.Clone());
                var part = new Rect(2 * x, 2 * y, 2 * w, 2 * h);

                using var ofPlanes = picture.Part(part);
                using var ofBgr = bgr.Part(part);

                using var expected = whole.Bgr[part];
                Assert.Equal(0, Cv2.Norm(expected, ofPlanes.Bgr, NormTypes.INF));
                Assert.Equal(0, Cv2.Norm(expected, ofBgr.Bgr, NormTypes.INF));
            },
            iter: 100);

    [Fact]
    public void Into_OfPlanes_AsOfTheSamePictureInBgr() =>
        Gen.Select(Sizes, Gen.Int[2, 6], Gen.Int[2, 6]).Sample(
            (size, across, down) =>
            {
                using var planes = Planes(size);
                using var picture = Picture.OfPlanes(planes, static _ => { });
                using var converted = Picture.Of(Picture.OfPlanes(planes, static _ => { }).Bgr);
                using var shrink = new PictureShrink();
                var small = new OpenCvSharp.Size(Math.Max(1, size.Width / across), Math.Max(1, size.Height / down));
                using var actual = new Mat(small, MatType.CV_8UC3);
                using var expected = new Mat(small, MatType.CV_8UC3);
                using var actualGrey = new Mat(small, MatType.CV_8UC1);
                using var expectedGrey = new Mat(small, MatType.CV_8UC1);

                shrink.Into(picture, actual);
                shrink.Into(converted, expected);
                shrink.GreyInto(picture, actualGrey);
                shrink.GreyInto(converted, expectedGrey);

                Assert.InRange(Cv2.Norm(expected, actual, NormTypes.L1) / expected.Total() / 3, 0, 4); // colour has half the resolution; 3 is passed by one picture in some thousands
                Assert.InRange(Cv2.Norm(expectedGrey, actualGrey, NormTypes.L1) / expected.Total(), 0, 1.5);
            },
            iter: 100);

    [Fact]
    public void Dispose_OfPlanes_GivesThemBackOnce()
    {
        using var planes = Planes((16, 16, 1));
        var given = new List<Mat>();

        Picture.OfPlanes(planes, given.Add).Dispose();

        Assert.Equal([planes], given);
    }

    [Fact]
    public void Take_AfterGive_SameMemoryUnlessTheSizeChanged()
    {
        using var pool = new PixelPool();
        var first = pool.Take(12, 8);
        pool.Give(first);

        Assert.Same(first, pool.Take(12, 8));
        pool.Give(first);
        using var other = pool.Take(24, 8);
        Assert.Equal((24, 8), (other.Rows, other.Cols));
        Assert.True(first.IsDisposed);
    }

    // Smooth colours in limited range, so that nothing is clipped on the way to BGR.
    private static Mat Planes((int Width, int Height, int Seed) size)
    {
        var planes = new Mat(size.Height * 3 / 2, size.Width, MatType.CV_8UC1);
        var random = new Random(size.Seed);
        for (var plane = 0; plane < 3; plane++)
        {
            using var pixels = Picture.Plane(planes, plane);
            using var coarse = new Mat(4, 4, MatType.CV_8UC1);
            for (var i = 0; i < 16; i++)
            {
                coarse.Set(i / 4, i % 4, (byte)(plane == 0 ? random.Next(80, 180) : random.Next(110, 146)));
            }

            Cv2.Resize(coarse, pixels, pixels.Size(), 0, 0, InterpolationFlags.Linear);
        }

        return planes;
    }
}
