using Anpr.Edge.Capture;
using OpenCvSharp;

namespace Anpr.Benchmarks.Cameras;

/// <summary>One thing that goes wrong with a camera, drawn by chance. It comes within a second.</summary>
internal sealed class Fault : IDisposable
{
    // A 12 mm lens on a 1/2.8" sensor, as the simulation's.
    private const double FocalPx = 1400.0 * PaintedLane.Width / 960;

    private static readonly Size Size = new(PaintedLane.Width, PaintedLane.Height);

    private readonly Mat _matrix;
    private readonly Mat _kernel;
    private readonly Mat _cover = new();
    private readonly Mat _mask = new();
    private readonly Mat _changed = new();

    public Fault(CameraFault kind, Random random)
    {
        Kind = kind;
        (_matrix, var moved) = Move(random);
        var radius = Math.Exp(Between(random, Math.Log(2), Math.Log(12)));
        _kernel = Disc(radius);
        var (level, share) = DrawCover(random);
        Words = FormattableString.Invariant(kind switch
        {
            CameraFault.Moved => $"{moved}",
            CameraFault.Defocused => (FormattableString)$"blur of {radius:0.0} px radius",
            CameraFault.Covered => $"{100 * share:0} % covered, {100 * level:0} % bright",
            _ => $"the picture stays",
        });
    }

    public CameraFault Kind { get; }

    /// <summary>What it is, with its size.</summary>
    public string Words { get; }

    /// <summary>Lays it over the light that reaches the sensor; <paramref name="ambient"/> is the light outside, 1 at noon.</summary>
    public void Apply(Mat light, double ambient)
    {
        switch (Kind)
        {
            case CameraFault.Moved:
                Cv2.WarpPerspective(light, _changed, _matrix, Size, InterpolationFlags.Linear, BorderTypes.Reflect101);
                _changed.CopyTo(light);
                break;
            case CameraFault.Defocused:
                Cv2.Filter2D(light, _changed, -1, _kernel);
                _changed.CopyTo(light);
                break;
            case CameraFault.Covered:
                // light + mask * (ambient * cover - light)
                _cover.ConvertTo(_changed, MatType.CV_32FC1, ambient);
                Cv2.Subtract(_changed, light, _changed);
                Cv2.Multiply(_changed, _mask, _changed);
                Cv2.Add(light, _changed, light);
                break;
        }
    }

    public void Dispose()
    {
        foreach (var mat in (Mat[])[_matrix, _cover, _mask, _changed, _kernel])
        {
            mat.Dispose();
        }
    }

    // A pinhole that is turned shows its picture through K R K^-1; a zoom is another focal length.
    private static (Mat Matrix, string Words) Move(Random random)
    {
        var share = Math.Exp(Between(random, Math.Log(0.02), Math.Log(0.6)));
        var way = 2 * Math.PI * random.NextDouble();
        var (pan, tilt) = (Math.Atan(share * Math.Cos(way) * Size.Width / FocalPx), Math.Atan(share * 0.6 * Math.Sin(way) * Size.Width / FocalPx));
        var roll = random.NextDouble() < 0.5 ? 0 : Between(random, -12, 12) * Math.PI / 180;
        var zoom = random.NextDouble() < 0.7 ? 1 : Between(random, 0.85, 1.2);
        var ((sp, cp), (st, ct), (sr, cr)) = (Math.SinCos(pan), Math.SinCos(tilt), Math.SinCos(roll));
        double[][] steps =
        [
            [1 / FocalPx, 0, -Size.Width / (2 * FocalPx), 0, 1 / FocalPx, -Size.Height / (2 * FocalPx), 0, 0, 1],
            [cp, 0, sp, 0, 1, 0, -sp, 0, cp],
            [1, 0, 0, 0, ct, -st, 0, st, ct],
            [cr, -sr, 0, sr, cr, 0, 0, 0, 1],
            [FocalPx * zoom, 0, Size.Width / 2.0, 0, FocalPx * zoom, Size.Height / 2.0, 0, 0, 1],
        ];
        return (Matrix(steps.Aggregate((before, next) => Times(next, before))), FormattableString.Invariant($"pan {pan * 180 / Math.PI:0.0}, tilt {tilt * 180 / Math.PI:0.0}, roll {roll * 180 / Math.PI:0.0} degrees, zoom {zoom:0.00}"));
    }

    private (double Level, double Share) DrawCover(Random random)
    {
        var level = random.NextDouble() switch { < 0.4 => Between(random, 0, 0.08), < 0.7 => Between(random, 0.1, 0.4), _ => Between(random, 0.4, 0.9) };
        using var small = new Mat(4, 6, MatType.CV_32FC1);
        for (var i = 0; i < 24; i++)
        {
            small.Set(i / 6, i % 6, (float)(level * Between(random, 0.6, 1.4)));
        }

        Cv2.Resize(small, _cover, Size, 0, 0, InterpolationFlags.Cubic);
        Cv2.Max(_cover, 0, _cover);

        // What is at the lens is far out of focus: its edge is a broad ramp.
        var share = random.NextDouble() < 0.6 ? 1 : Between(random, 0.88, 1);
        _mask.Create(Size, MatType.CV_32FC1);
        _mask.SetTo(1);
        var (wide, high) = ((int)((1 - share) * Size.Width), (int)((1 - share) * Size.Height));
        var open = random.Next(4) switch
        {
            0 => new Rect(0, 0, wide, Size.Height),
            1 => new Rect(Size.Width - wide, 0, wide, Size.Height),
            2 => new Rect(0, 0, Size.Width, high),
            _ => new Rect(0, Size.Height - high, Size.Width, high),
        };
        if (share < 1)
        {
            Cv2.Rectangle(_mask, open, Scalar.All(0), -1);
            Cv2.GaussianBlur(_mask, _mask, new Size(0, 0), 12);
        }

        return (level, share);
    }

    private static Mat Disc(double radius)
    {
        const int finer = 8;
        var side = (2 * (int)Math.Ceiling(radius)) + 1;
        using var large = new Mat(side * finer, side * finer, MatType.CV_32FC1, Scalar.All(0));
        Cv2.Circle(large, side * finer / 2, side * finer / 2, (int)(radius * finer), Scalar.All(1), -1);
        var kernel = new Mat();
        Cv2.Resize(large, kernel, new Size(side, side), 0, 0, InterpolationFlags.Area);
        Cv2.Normalize(kernel, kernel, 1, 0, NormTypes.L1);
        return kernel;
    }

    /// <summary>Product of two matrices of 3 x 3, row by row.</summary>
    private static double[] Times(double[] a, double[] b) => [.. Enumerable.Range(0, 9).Select(i => Enumerable.Range(0, 3).Sum(k => a[(i / 3 * 3) + k] * b[(k * 3) + (i % 3)]))];

    private static Mat Matrix(double[] values)
    {
        var matrix = new Mat(3, 3, MatType.CV_64FC1);
        for (var i = 0; i < 9; i++)
        {
            matrix.Set(i / 3, i % 3, values[i]);
        }

        return matrix;
    }

    private static double Between(Random random, double from, double to) => from + ((to - from) * random.NextDouble());
}
