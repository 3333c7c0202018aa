using OpenCvSharp;

namespace Anpr.Benchmarks.Cameras;

/// <summary>
/// Light and weather of one day at one camera: sun with clouds, shadows that wander, lamps that switch on at dusk, two spells of rain, one
/// of fog, wind. All of it is drawn by the seed. Hours are of the day, 0 to 24.
/// </summary>
internal sealed class Daylight : IDisposable
{
    // Outdoor lamps of a terminal switch by a light sensor.
    private const double LampsBelow = 0.12;
    private const double NightSky = 0.012;
    private const double ShadowDepth = 0.5;

    private static readonly Size Size = new(PaintedLane.Width, PaintedLane.Height);

    private readonly double[] _clouds;
    private readonly (double From, double To)[] _rain;
    private readonly double _fogFrom;
    private readonly double _wind;
    private readonly Point2d _pole;
    private readonly Mat _lamps;
    private readonly Mat _shadow = new(Size, MatType.CV_32FC1);

    public Daylight(int seed)
    {
        var random = new Random(seed);
        _clouds = [.. Enumerable.Range(0, 400).Select(_ => random.NextDouble())];
        _rain = [.. Enumerable.Range(0, 2).Select(i => (12 * i) + (9 * random.NextDouble())).Select(from => (from, from + 0.3 + (1.5 * random.NextDouble())))];
        _fogFrom = 3 + (4 * random.NextDouble());
        _wind = random.NextDouble();
        _pole = new(Size.Width * random.NextDouble(), Size.Height * (0.3 + (0.5 * random.NextDouble())));
        _lamps = Pools(random);
    }

    /// <summary>Fills the light on the lane: 32-bit float, 1 at noon.</summary>
    public void Fill(double hour, Mat light)
    {
        var (sun, direct) = Sun(hour);
        DrawShadow(hour);
        _shadow.ConvertTo(light, MatType.CV_32FC1, -ShadowDepth * direct * sun, sun + NightSky);
        if (sun < LampsBelow)
        {
            Cv2.Add(light, _lamps, light);
        }
    }

    /// <summary>Headlamps are on and tell.</summary>
    public bool IsDark(double hour) => Sun(hour).Level < 0.2;

    /// <summary>0 to 1.</summary>
    public double Rain(double hour) => _rain.Max(r => Bell(hour, r.From, r.To, 0.1));

    /// <summary>Share of the contrast that fog takes, 0 to 0.7.</summary>
    public double Fog(double hour) => 0.7 * Bell(hour, _fogFrom, _fogFrom + 1.5, 0.5);

    /// <summary>How far the wind moves the picture, pixels of 640.</summary>
    public double SwayPx(double hour) => 1.6 * _wind * Cloud((hour * 3) + 57);

    public void Dispose()
    {
        _lamps.Dispose();
        _shadow.Dispose();
    }

    private (double Level, double Direct) Sun(double hour)
    {
        var height = Step((hour - 5.5) / 2.5) * (1 - Step((hour - 18) / 2.5));
        var cloud = Cloud(hour * 8);
        return (height * (0.35 + (0.65 * cloud)), Math.Clamp((cloud - 0.45) / 0.3, 0, 1));
    }

    private double Cloud(double at)
    {
        var i = (int)at;
        return _clouds[i % 400] + ((_clouds[(i + 1) % 400] - _clouds[i % 400]) * Step(at - i));
    }

    private void DrawShadow(double hour)
    {
        _shadow.SetTo(0);
        var day = (hour - 6) / 14;
        var slope = Math.Tan((day - 0.5) * 2.2);
        var edge = Size.Width * ((1.8 * day) - 0.4);
        Cv2.FillConvexPoly(_shadow, [At(edge - 900, 0), At(edge, 0), At(edge + (slope * Size.Height), Size.Height), At(edge - 900, Size.Height)], Scalar.All(1));
        Cv2.Line(_shadow, At(_pole.X, _pole.Y), At(_pole.X + (slope * 400), _pole.Y + 400), Scalar.All(1), 11);
        Cv2.GaussianBlur(_shadow, _shadow, new Size(5, 5), 0);
    }

    private static Point At(double x, double y) => new((int)x, (int)y);

    private static Mat Pools(Random random)
    {
        using var small = new Mat(Size.Height / 8, Size.Width / 8, MatType.CV_32FC1, Scalar.All(0.04));
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var (x, y, reach) = (small.Width * random.NextDouble(), small.Height * (0.3 + (0.6 * random.NextDouble())), 14 + (14 * random.NextDouble()));
            Spot(small, x, y, reach, 0.15 + (0.2 * random.NextDouble()));
        }

        var pools = new Mat();
        Cv2.Resize(small, pools, Size, 0, 0, InterpolationFlags.Cubic);
        return pools;
    }

    /// <summary>Adds a round light that falls off as a Gaussian.</summary>
    public static void Spot(Mat onto, double x, double y, double reach, double level)
    {
        var (width, height) = (onto.Width, onto.Height);
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var squared = ((column - x) * (column - x)) + ((row - y) * (row - y));
                onto.At<float>(row, column) += (float)(level * Math.Exp(-squared / (2 * reach * reach)));
            }
        }
    }

    private static double Bell(double hour, double from, double to, double edge) => Step((hour - from) / edge) * (1 - Step((hour - to) / edge));

    private static double Step(double x)
    {
        var t = Math.Clamp(x, 0, 1);
        return t * t * (3 - (2 * t));
    }
}
