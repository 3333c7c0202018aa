using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Passage;
using Anpr.Edge.Track;
using CsCheck;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Passage;

public sealed class LookGateTests : IDisposable
{
    private readonly LookGate _gate = new();
    private readonly Mat _lane = new(90, 160, MatType.CV_8UC1, Scalar.All(100));
    private double _second;
    private int _looks;

    [Fact]
    public void Recall_StillPicture_FiveLooksThenOneInTenSeconds()
    {
        for (var i = 0; i < 500; i++)
        {
            See(_lane);
        }

        // 100 s at 5 frames a second.
        Assert.InRange(_looks, 14, 15);
    }

    [Fact]
    public void Recall_PlateInAStillPicture_ComesAgainAsNoEvidence()
    {
        PlateLook look = new(new(Quad.Of(new(1, 2, 3, 4)), new(1, 2, 3, 4), 0.9f), Scene.Read("AB123CD", 0.9f), 0.5f);
        for (var i = 0; i < 5; i++)
        {
            See(_lane, look);
        }

        var recalled = Assert.Single(See(_lane)!);

        Assert.True(recalled.Repeated);
        Assert.Equal(look.Plate, recalled.Plate);
    }

    [Fact]
    public void Recall_PlateTwentyPixelsWideThatAppears_IsLookedAt() =>
        Gen.Select(Gen.Int[0, 150], Gen.Int[0, 85], Gen.Int[100, 155]).Sample(
            (x, y, brighter) =>
            {
                using var test = new LookGateTests();
                using var picture = test._lane.Clone();
                for (var i = 0; i < 10; i++)
                {
                    test.See(picture);
                }

                Assert.NotNull(test.See(picture));
                // 20 by 5 of 1920 pixels, in a picture that is 160 wide.
                using var planes = new Mat(90, 60, MatType.CV_8UC1, Scalar.All(OfVideo(100)));
                Cv2.Rectangle(planes, new Rect(24 + (x % 12), 24 + (y % 12), 20, 5), Scalar.All(OfVideo(100 + brighter)), -1);
                using var plate = Picture.OfPlanes(planes, static _ => { });
                using var shrink = new PictureShrink();
                using var small = new Mat(5, 5, MatType.CV_8UC1);
                shrink.GreyInto(plate, small);
                using var there = picture[new Rect(x, y, 5, 5)];
                small.CopyTo(there);

                Assert.Null(test.See(picture));
            },
            iter: 300);

    [Fact]
    public void Recall_NoiseOfADarkPicture_IsNoChange()
    {
        var random = new RNG(1);
        for (var i = 0; i < 300; i++)
        {
            // Grain of 8 levels a pixel at 640 x 360, averaged over 4 x 4.
            using var noise = new Mat(90, 160, MatType.CV_16SC1);
            random.Fill(noise, DistributionType.Normal, 20, 2);
            using var picture = new Mat();
            noise.ConvertTo(picture, MatType.CV_8UC1);
            See(picture);
        }

        // 60 s at 5 frames a second.
        Assert.InRange(_looks, 10, 11);
    }

    [Fact]
    public void Recall_LightThatChangesSlowly_AddsUp()
    {
        for (var i = 0; i < 200; i++)
        {
            using var picture = new Mat(90, 160, MatType.CV_8UC1, Scalar.All(100 + (i / 4)));
            See(picture);
        }

        // Each 6 levels are a change, after which it looks five times.
        Assert.InRange(_looks, 30, 45);
    }

    [Fact]
    public void Recall_ClockRunsBack_IsLookedAt()
    {
        for (var i = 0; i < 10; i++)
        {
            See(_lane);
        }

        _second = -100;

        Assert.Null(See(_lane));
    }

    public void Dispose()
    {
        _gate.Dispose();
        _lane.Dispose();
    }

    private IReadOnlyList<PlateLook>? See(Mat small, params PlateLook[] plates)
    {
        _second += 0.2;
        var recalled = _gate.Recall(small, Scene.At(_second));
        if (recalled is null)
        {
            _looks++;
            _gate.Remember(small, Scene.At(_second), plates);
        }

        return recalled;
    }

    // Video has 16 for black and 235 for white.
    private static double OfVideo(int grey) => Math.Round(16 + (grey * 219 / 255.0));
}
