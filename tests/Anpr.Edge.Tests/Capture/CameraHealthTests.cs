using Anpr.Edge.Capture;
using CsCheck;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Capture;

/// <summary>What a camera shows, on drawn pictures of a lane with noise, two looks a second.</summary>
public sealed class CameraHealthTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Mat Empty = DrawLane();
    private static readonly Mat[] Noise = [.. Enumerable.Range(0, 8).Select(DrawNoise)];

    private readonly CameraHealth _health = new();
    private readonly Random _random = new(7);
    private double _second;

    [Fact]
    public void See_RepeatedPicture_FrozenWithinTenSecondsAndOverAfterwards()
    {
        Well(60);
        using var last = Draw();

        var found = Until(CameraFault.Frozen, () => last.Clone());

        Assert.InRange(found, 1, 10);
        Assert.Equal("the picture has not changed for 6 s: restart the camera or check its stream", _health.Verdict.Words);
        Assert.InRange(Until(CameraFault.None, () => Draw()), 0, 10);
    }

    [Fact]
    public void See_RepeatedPictureWithARunningClock_Frozen()
    {
        Well(60, clock: true);
        using var last = Draw();

        Assert.InRange(Until(CameraFault.Frozen, () => WithClock(last.Clone())), 1, 10);
    }

    [Fact]
    public void See_PictureThatNeverHadNoise_FrozenAfterHalfAMinute()
    {
        using var one = Draw();
        Assert.InRange(Until(CameraFault.Frozen, () => one.Clone(), 60), 30, 32);
    }

    [Fact]
    public void See_BlackNightWithoutNoise_Well()
    {
        for (var i = 0; i < 120; i++)
        {
            Assert.Equal(CameraFault.None, See(new Mat(360, 640, MatType.CV_8UC3, Scalar.All(2))));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(90)]
    [InlineData(230)]
    public void See_PlainSurface_CoveredWithinTenSecondsAndOverAfterwards(int grey)
    {
        Well(60);

        Assert.InRange(Until(CameraFault.Covered, () => Noisy(new Mat(360, 640, MatType.CV_8UC3, Scalar.All(grey)))), 1, 10);
        Assert.InRange(Until(CameraFault.None, () => Draw()), 0, 10);
    }

    [Theory]
    [InlineData(20, 0, 0)]
    [InlineData(-90, 40, 0)]
    [InlineData(0, 0, 8)]
    [InlineData(400, 100, 25)]
    public void See_ViewFromElsewhere_MovedWithinTenSecondsAndOverAfterwards(int right, int down, int degrees)
    {
        Well(60);

        Assert.InRange(Until(CameraFault.Moved, () => Noisy(Moved(Lane(), right, down, degrees))), 1, 10);
        Assert.InRange(Until(CameraFault.None, () => Draw()), 0, 10);
    }

    [Fact]
    public void See_Moved_SaysByHowMuch()
    {
        Well(60);

        Until(CameraFault.Moved, () => Noisy(Moved(Lane(), 64, 0, 0)));

        Assert.Equal("its view has moved by 10 % of the picture's width: aim it again, or restart the lane if it is to look there", _health.Verdict.Words);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(15)]
    [InlineData(31)]
    public void See_SoftEdges_DefocusedWithinTenSecondsAndOverAfterwards(int blur)
    {
        Well(60);

        Assert.InRange(Until(CameraFault.Defocused, () => Noisy(Blurred(Lane(), blur))), 1, 10);
        Assert.InRange(Until(CameraFault.None, () => Draw()), 0, 10);
    }

    [Fact]
    public void See_VehicleThatStandsForTwentyMinutesAtNight_Well()
    {
        Well(60, gain: 0.15);
        for (var i = 0; i < 2 * 60 * 20; i++)
        {
            Assert.Equal(CameraFault.None, See(Draw(vehicle: true, gain: 0.15)));
        }

        Well(60, gain: 0.15);
    }

    [Fact]
    public void See_LightThatGoes_Well()
    {
        Well(60);
        for (var i = 0; i < 1200; i++)
        {
            Assert.Equal(CameraFault.None, See(Draw(vehicle: i % 60 < 20, gain: Math.Max(0.1, 1 - (i / 1000.0)))));
        }

        Well(60, gain: 0.6);
    }

    [Fact]
    public void See_AnyLightAndVehicles_Well() =>
        Gen.Select(Gen.Double[0.25, 1.4], Gen.Int[10, 30]).List[1, 12].Sample(
            spells =>
            {
                using var camera = new CameraHealthTests();
                camera.Well(30);
                foreach (var (gain, looks) in spells)
                {
                    for (var i = 0; i < looks; i++)
                    {
                        Assert.Equal(CameraFault.None, camera.See(camera.Draw(vehicle: looks % 2 == 0, gain: gain)));
                    }
                }
            },
            iter: 10,
            threads: 1);

    [Fact]
    public void See_SizesOfAllKinds_Well()
    {
        foreach (var (width, height) in new[] { (1, 1), (3, 2000), (2000, 3), (640, 480), (1920, 1080), (333, 999) })
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(CameraFault.None, See(new Mat(height, width, MatType.CV_8UC3, Scalar.All(90))));
            }
        }
    }

    [Fact]
    public void See_WhileAllIsWell_AllocatesNextToNothing()
    {
        Well(60);
        var pictures = Enumerable.Range(0, 4).Select(_ => Draw()).ToArray();
        const int looks = 100;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < looks; i++)
        {
            _second += 0.5;
            _health.See(Picture.Of(pictures[i % 4]), Start.AddSeconds(_second));
        }

        // What OpenCvSharp wraps the arguments of each call into.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / looks, 0, 2048);
        foreach (var picture in pictures)
        {
            picture.Dispose();
        }
    }

    public void Dispose() => _health.Dispose();

    private void Well(double seconds, bool clock = false, double gain = 1)
    {
        for (var i = 0; i < 2 * seconds; i++)
        {
            Assert.Equal(CameraFault.None, See(clock ? WithClock(Draw(gain: gain)) : Draw(gain: gain)));
        }
    }

    /// <summary>Seconds until it says so; fails after <paramref name="patience"/>.</summary>
    private double Until(CameraFault wanted, Func<Mat> picture, double patience = 15)
    {
        var began = _second;
        while (See(picture()) is var fault && fault != wanted)
        {
            Assert.True(_second - began < patience, $"{wanted} was never told, but {fault}");
        }

        return _second - began;
    }

    private CameraFault See(Mat picture)
    {
        using (var taken = Picture.Of(picture))
        {
            _second += 0.5;
            return _health.See(taken, Start.AddSeconds(_second)).Fault;
        }
    }

    private Mat Draw(bool vehicle = false, double gain = 1)
    {
        var picture = Lane();
        if (vehicle)
        {
            Cv2.Rectangle(picture, new Rect(150, 60, 260, 220), new Scalar(60, 50, 160), -1);
            Cv2.Rectangle(picture, new Rect(180, 90, 200, 60), new Scalar(20, 20, 20), -1);
            Cv2.Circle(picture, 190, 230, 14, Scalar.All(250), -1);
            Cv2.Circle(picture, 370, 230, 14, Scalar.All(250), -1);
        }

        picture.ConvertTo(picture, -1, gain);
        return Noisy(picture);
    }

    private static Mat Lane() => Empty.Clone();

    private static Mat DrawNoise(int seed)
    {
        var noise = new Mat(400, 680, MatType.CV_16SC3);
        Cv2.SetTheRNG((ulong)seed + 1);
        Cv2.Randn(noise, Scalar.All(0), Scalar.All(3));
        return noise;
    }

    private static Mat DrawLane()
    {
        var picture = new Mat(360, 640, MatType.CV_8UC3, new Scalar(105, 108, 110));
        Cv2.Line(picture, new Point(80, 360), new Point(250, 0), Scalar.All(225), 7);
        Cv2.Line(picture, new Point(560, 360), new Point(330, 0), Scalar.All(225), 7);
        Cv2.Rectangle(picture, new Rect(0, 0, 640, 40), new Scalar(190, 180, 170), -1);
        var random = new Random(4);
        for (var i = 0; i < 60; i++)
        {
            Cv2.Rectangle(picture, new Rect(random.Next(620), random.Next(340), 8 + random.Next(30), 6 + random.Next(20)), Scalar.All(60 + random.Next(140)), -1);
        }

        return picture;
    }

    private static Mat Warped(Mat picture, Mat move)
    {
        var moved = new Mat();
        Cv2.WarpAffine(picture, moved, move, picture.Size(), InterpolationFlags.Linear, BorderTypes.Reflect101);
        picture.Dispose();
        move.Dispose();
        return moved;
    }

    private static Mat Moved(Mat picture, int right, int down, int degrees)
    {
        var move = Cv2.GetRotationMatrix2D(new Point2f(320, 180), degrees, 1);
        move.Set(0, 2, move.Get<double>(0, 2) + right);
        move.Set(1, 2, move.Get<double>(1, 2) + down);
        return Warped(picture, move);
    }

    private static Mat Blurred(Mat picture, int size)
    {
        Cv2.GaussianBlur(picture, picture, new OpenCvSharp.Size(size, size), 0);
        return picture;
    }

    private Mat WithClock(Mat picture)
    {
        Cv2.Rectangle(picture, new Rect(6, 4, 120, 16), Scalar.All(0), -1);
        Cv2.PutText(picture, Start.AddSeconds(_second).ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture), new Point(8, 17), HersheyFonts.HersheyPlain, 1, Scalar.All(235));
        return picture;
    }

    private Mat Noisy(Mat picture)
    {
        using var noise = new Mat(Noise[_random.Next(Noise.Length)], new Rect(_random.Next(40), _random.Next(40), 640, 360));
        Cv2.Add(picture, noise, picture, null, MatType.CV_8U);
        return picture;
    }
}
