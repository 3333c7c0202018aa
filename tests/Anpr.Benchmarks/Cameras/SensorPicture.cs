using OpenCvSharp;

namespace Anpr.Benchmarks.Cameras;

/// <summary>
/// Makes of a painted lane what a camera shows of it at an hour of the day: light, headlamps with their glare, fog, rain, wind, exposure,
/// a fault of lens or mounting, noise, and a burnt-in clock. 8-bit BGR, 640 x 360.
/// </summary>
internal sealed class SensorPicture : IDisposable
{
    // Mean grey that the exposure aims at, and its limits.
    private const double ExposureTarget = 105;
    private const double LeastGain = 0.6;
    private const double MostGain = 9;

    private const int Layers = 6;
    private const int Spare = 64;

    private readonly Random _random;
    private readonly Daylight _day;
    private readonly bool _clock;
    private readonly List<Mat> _noise = [];
    private readonly List<Mat> _rain = [];
    private readonly Mat _light = new();
    private readonly Mat _swayed = new();
    private readonly Mat _grey = new();
    private readonly Mat _small = new(PaintedLane.Height / 4, PaintedLane.Width / 4, MatType.CV_32FC1);
    private readonly Mat _glare = new(PaintedLane.Height, PaintedLane.Width, MatType.CV_32FC1);
    private double _lightAt = double.NaN;
    private Lamps? _glareOf;
    private double _gain = 1;

    public SensorPicture(Daylight day, int seed)
    {
        (_day, _random, _clock) = (day, new Random(seed), seed % 2 == 0);
        Cv2.SetTheRNG((ulong)seed + 1);
        for (var i = 0; i < Layers; i++)
        {
            var noise = new Mat(PaintedLane.Height + Spare, PaintedLane.Width + Spare, MatType.CV_32FC1);
            Cv2.Randn(noise, Scalar.All(0), Scalar.All(1));
            _noise.Add(noise);
            _rain.Add(Drops());
        }
    }

    /// <summary>The light without noise, in units of the noon's white; float. Valid until the next call.</summary>
    public Mat Light { get; } = new();

    /// <summary>Lights the painted picture.</summary>
    public void Illuminate(Mat painted, Lamps? lamps, double hour)
    {
        if (!(Math.Abs(hour - _lightAt) < 0.5 / 60))
        {
            _day.Fill(hour, _light);
            _lightAt = hour;
        }

        var sway = _day.SwayPx(hour);
        var seen = sway > 0.1 ? Sway(painted, sway) : painted;
        seen.ConvertTo(Light, MatType.CV_32FC1, 1 / 255.0);
        Cv2.Multiply(Light, _light, Light);
        if (lamps is not null && _day.IsDark(hour))
        {
            Cv2.Add(Light, Glare(lamps), Light);
        }

        if (_day.Fog(hour) is > 0.01 and var fog)
        {
            Light.ConvertTo(Light, -1, 1 - fog, fog * Light.Mean().Val0 * 1.1);
        }
    }

    /// <summary>Exposes <see cref="Light"/> to a picture; <paramref name="seconds"/> since the last one. A cover hides the rain too.</summary>
    public void Expose(Mat bgr, double hour, double seconds, bool covered)
    {
        var wanted = Math.Clamp(ExposureTarget / (255 * Math.Max(1e-6, Light.Mean().Val0)), LeastGain, MostGain);
        _gain += (wanted - _gain) * (1 - Math.Exp(-seconds / 0.8));
        Cv2.Multiply(Light, Scalar.All(255 * _gain), Light);
        Add(_noise, Math.Sqrt(0.8 + (0.5 * _gain * _gain)));
        if (!covered && _day.Rain(hour) is > 0.05 and var rain)
        {
            Add(_rain, rain);
        }

        Light.ConvertTo(_grey, MatType.CV_8UC1);
        DrawClock(_grey, hour);
        Cv2.CvtColor(_grey, bgr, ColorConversionCodes.GRAY2BGR);
    }

    /// <summary>Burns the clock in, where this camera has one.</summary>
    public void DrawClock(Mat picture, double hour)
    {
        if (_clock)
        {
            var text = "CAM " + TimeSpan.FromHours(hour).ToString("hh\\:mm\\:ss", System.Globalization.CultureInfo.InvariantCulture);
            Cv2.Rectangle(picture, new Rect(6, 4, 118, 16), Scalar.All(0), -1);
            Cv2.PutText(picture, text, new Point(8, 17), HersheyFonts.HersheyPlain, 0.95, Scalar.All(235));
        }
    }

    public void Dispose()
    {
        foreach (var mat in _noise.Concat(_rain).Concat([_light, _swayed, _grey, _small, _glare, Light]))
        {
            mat.Dispose();
        }
    }

    private Mat Sway(Mat painted, double px)
    {
        using var move = new Mat(2, 3, MatType.CV_64FC1, Scalar.All(0));
        move.Set(0, 0, 1.0);
        move.Set(1, 1, 1.0);
        move.Set(0, 2, px * ((2 * _random.NextDouble()) - 1));
        move.Set(1, 2, 0.6 * px * ((2 * _random.NextDouble()) - 1));
        Cv2.WarpAffine(painted, _swayed, move, painted.Size(), InterpolationFlags.Cubic, BorderTypes.Replicate);
        return _swayed;
    }

    private Mat Glare(Lamps lamps)
    {
        if (lamps == _glareOf)
        {
            return _glare;
        }

        _small.SetTo(0);
        foreach (var lamp in (Point2f[])[lamps.Left, lamps.Right])
        {
            var metre = lamps.MetrePx / 4;
            Daylight.Spot(_small, lamp.X / 4, lamp.Y / 4, Math.Max(0.8, 0.09 * metre), 4);
            Daylight.Spot(_small, lamp.X / 4, lamp.Y / 4, 0.5 * metre, 0.12);
            Daylight.Spot(_small, lamp.X / 4, (lamp.Y + (1.2 * lamps.MetrePx)) / 4, 1.1 * metre, 0.05);
        }

        Cv2.Resize(_small, _glare, _glare.Size(), 0, 0, InterpolationFlags.Cubic);
        _glareOf = lamps;
        return _glare;
    }

    private void Add(List<Mat> layers, double strength)
    {
        var at = new Rect(_random.Next(Spare), _random.Next(Spare), PaintedLane.Width, PaintedLane.Height);
        using var layer = new Mat(layers[_random.Next(layers.Count)], at);
        Cv2.ScaleAdd(layer, strength, Light, Light);
    }

    private Mat Drops()
    {
        var rain = new Mat(PaintedLane.Height + Spare, PaintedLane.Width + Spare, MatType.CV_32FC1, Scalar.All(0));
        for (var i = 0; i < 500; i++)
        {
            var (x, y, length) = (_random.Next(rain.Width), _random.Next(rain.Height), 6 + _random.Next(22));
            Cv2.Line(rain, new Point(x, y), new Point(x + (length / 6), y + length), Scalar.All(8 + _random.Next(30)), 1, LineTypes.AntiAlias);
        }

        return rain;
    }
}
