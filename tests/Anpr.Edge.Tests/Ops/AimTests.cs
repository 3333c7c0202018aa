using Anpr.Edge.Detect;
using Anpr.Edge.Ops;
using Anpr.Edge.Ops.Aim;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Ops;

/// <summary>What an engineer is told of a plate that was drawn with known strokes, contrast and blur.</summary>
public sealed class AimTests
{
    [Theory]
    [InlineData(3, 24)]
    [InlineData(4, 30)]
    [InlineData(6, 44)]
    public void PlateAim_OfDrawnStrokes_MeasuresThem(int stroke, int height)
    {
        using var picture = Picture(stroke, height, out var quad);

        var aim = PlateAim.Of(picture, quad)!;

        Assert.InRange(aim.StrokePx, stroke - 0.7f, stroke + 0.7f);
        Assert.InRange(aim.CharacterPx, height - 1.5f, height + 1.5f);
        Assert.InRange(aim.Contrast, 140, 170);
        Assert.InRange(aim.AcrossPx, 0.5f, 2);
        Assert.InRange(aim.DownPx, 0.5f, 2);
    }

    [Fact]
    public void Report_OfASharpLargePlate_IsWell() =>
        Assert.All(Report(_ => { }), f => Assert.Equal(Verdict.OK, f.Verdict));

    [Fact]
    public void Report_OfASmearedPlate_AsksForAShorterShutter()
    {
        var findings = Report(picture =>
        {
            using var kernel = new Mat(1, 7, MatType.CV_32F, Scalar.All(1 / 7.0));
            Cv2.Filter2D(picture, picture, -1, kernel);
        });

        Assert.Contains("blurred by motion. Shutter: 1/220 s or shorter for 20 km/h", Assert.Single(findings, f => f.Verdict == Verdict.Warning).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfADefocusedPlate_AsksForFocus()
    {
        var findings = Report(picture => Cv2.GaussianBlur(picture, picture, new Size(), 2.2));

        Assert.Contains("out of focus", Assert.Single(findings, f => f.Verdict == Verdict.Warning).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfAFaintPlate_AsksForLight()
    {
        var findings = Report(picture => picture.ConvertTo(picture, -1, 0.06, 60));

        Assert.Contains("more light", Assert.Single(findings, f => f.Verdict == Verdict.Warning).Words, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_OfASmallPlate_AsksForZoom()
    {
        using var large = Picture(4, 30, out var quad);
        using var small = new Mat();
        Cv2.Resize(large, small, new Size(), 0.4, 0.4, InterpolationFlags.Area);

        var aim = PlateAim.Of(small, Scaled(quad, 0.4f))!;
        var finding = AimReport.Of("front", 1, [aim], 20).First();

        Assert.Equal(Verdict.Warning, finding.Verdict);
        Assert.Contains("Zoom in", finding.Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-12, true)]
    [InlineData(27, true)]
    [InlineData(34, false)]
    [InlineData(-40, false)]
    public void Report_OfATiltedPlate_AsksForLessThan30Degrees(float degrees, bool well)
    {
        using var level = Picture(4, 32, out var quad);
        using var picture = new Mat();
        using var turn = Cv2.GetRotationMatrix2D(new(level.Width / 2f, level.Height / 2f), -degrees, 1);
        turn.Set(0, 2, turn.At<double>(0, 2) + 200);
        turn.Set(1, 2, turn.At<double>(1, 2) + 200);
        Cv2.WarpAffine(level, picture, turn, new Size(level.Width + 400, level.Height + 400), InterpolationFlags.Cubic);
        Point2f At(Point2f p) => new(
            (float)((turn.At<double>(0, 0) * p.X) + (turn.At<double>(0, 1) * p.Y) + turn.At<double>(0, 2)),
            (float)((turn.At<double>(1, 0) * p.X) + (turn.At<double>(1, 1) * p.Y) + turn.At<double>(1, 2)));

        var aim = PlateAim.Of(picture, new(At(quad.TopLeft), At(quad.TopRight), At(quad.BottomRight), At(quad.BottomLeft)))!;

        Assert.Equal(Math.Abs(degrees), aim.TiltDegrees, 0.5f);
        Assert.Equal(well, AimReport.Of("front", 1, [aim], 20).Single(f => f.Words.Contains("degrees from level", StringComparison.Ordinal)).Verdict == Verdict.OK);
    }

    [Fact]
    public void PlateAim_OfAnEmptyPlate_IsNone()
    {
        using var picture = new Mat(200, 400, MatType.CV_8UC3, Scalar.All(190));

        Assert.Null(PlateAim.Of(picture, Quad.Of(new(50, 50, 250, 100))));
    }

    [Fact]
    public void Report_OfPlatesThatCannotBeMeasured_SaysSo()
    {
        Assert.Equal(Verdict.Warning, Assert.Single(AimReport.Of("front", 3, [], 20)).Verdict);
        Assert.Empty(AimReport.Of("front", 0, [], 20));
    }

    private static List<Finding> Report(Action<Mat> spoil)
    {
        using var picture = Picture(4, 32, out var quad);
        spoil(picture);
        return [.. AimReport.Of("front", 1, [PlateAim.Of(picture, quad)!], 20)];
    }

    private static Quad Scaled(Quad quad, float by) => Quad.Of(new(quad.TopLeft.X * by, quad.TopLeft.Y * by, quad.BottomRight.X * by, quad.BottomRight.Y * by));

    // Seven letters H of bars that are so many pixels wide, dark on light, half as wide as they are high.
    private static Mat Picture(int stroke, int height, out Quad quad)
    {
        var (wide, margin) = (height / 2, height / 3);
        var step = wide + (height / 4);
        var plate = new Rect(60, 60, (7 * step) + (2 * margin), height + (2 * margin));
        var picture = new Mat(plate.Bottom + 60, plate.Right + 60, MatType.CV_8UC3, Scalar.All(90));
        Cv2.Rectangle(picture, plate, Scalar.All(200), -1);
        for (var i = 0; i < 7; i++)
        {
            var (x, y) = (plate.X + margin + (i * step), plate.Y + margin);
            foreach (var bar in new[] { new Rect(x, y, stroke, height), new Rect(x + wide - stroke, y, stroke, height), new Rect(x, y + ((height - stroke) / 2), wide, stroke) })
            {
                Cv2.Rectangle(picture, bar, Scalar.All(40), -1);
            }
        }

        quad = Quad.Of(new(plate.X, plate.Y, plate.Right, plate.Bottom));
        return picture;
    }
}
