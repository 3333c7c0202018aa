using Anpr.Edge.Detect;
using Anpr.Edge.Read;
using OpenCvSharp;

namespace Anpr.Edge.Ops.Aim;

/// <summary>How well a camera shows one plate, in pixels of its own picture.</summary>
/// <param name="WidthPx">Width of the plate.</param>
/// <param name="CharacterPx">Height of its characters, their median.</param>
/// <param name="StrokePx">Width of their strokes, their median.</param>
/// <param name="Contrast">Grey levels of 255 between ink and plate.</param>
/// <param name="AcrossPx">Width of the edges of upright strokes: 1 to 2 are sharp.</param>
/// <param name="DownPx">Width of the edges of level strokes.</param>
/// <param name="TiltDegrees">How far its longer edges lie from level, 0 or more.</param>
internal sealed record PlateAim(float WidthPx, float CharacterPx, float StrokePx, float Contrast, float AcrossPx, float DownPx, float TiltDegrees)
{
    // The plate is enlarged so often before it is measured, so that strokes of 2 pixels are measured in tenths.
    private const int Enlarged = 4;
    private const int WidestPx = 2400;

    // Share of the plate's spread of grey by which ink must differ from what is round it.
    private const double Clear = 0.35;

    // Sobel's 3x3 kernel sums a step of 1 grey level a pixel to 8.
    private const double SobelUnit = 8;

    /// <summary>Measures the plate; null where no characters stand out: a covered or washed-out plate, or none.</summary>
    public static PlateAim? Of(Mat image, Quad quad)
    {
        var size = new Size(Math.Round(quad.WidthPx * Enlarged), Math.Round(quad.HeightPx * Enlarged));
        if (size.Width < 40 || size.Height < 12 || size.Width > WidestPx)
        {
            return null;
        }

        using var map = Rectifier.Map(quad, size.Width, size.Height);
        using var plate = new Mat();
        using var grey = new Mat();
        Cv2.WarpPerspective(image, plate, map, size, InterpolationFlags.Cubic, BorderTypes.Replicate);
        Cv2.CvtColor(plate, grey, ColorConversionCodes.BGR2GRAY);
        using var mask = new Mat();
        using var ink = Ink(grey, mask);
        if (ink is null)
        {
            return null;
        }

        var contrast = Math.Abs(Cv2.Mean(grey, mask).Val0 - Cv2.Mean(grey, ink.Mask).Val0);
        return contrast < 1 ? null : new(
            quad.WidthPx,
            ink.CharacterPx / Enlarged,
            Stroke(ink.Mask) / Enlarged,
            (float)contrast,
            EdgeWidth(grey, ink.Mask, contrast, 1, 0) / Enlarged,
            EdgeWidth(grey, ink.Mask, contrast, 0, 1) / Enlarged,
            Tilt(quad));
    }

    private static float Tilt(Quad quad)
    {
        var along = (quad.TopRight - quad.TopLeft) + (quad.BottomRight - quad.BottomLeft);
        return float.RadiansToDegrees(MathF.Abs(MathF.Atan2(along.Y, along.X)));
    }

    /// <summary>The pixels of the characters: of the darker and the lighter ones those that form shapes of a character's size.</summary>
    /// <param name="grey">The flat plate.</param>
    /// <param name="paper">Becomes the pixels of the plate round the characters.</param>
    private static Characters? Ink(Mat grey, Mat paper)
    {
        // Against what is round each pixel: a shadow, a holder or a band in the cut must not decide what is dark.
        var around = (grey.Height * 2 / 3) | 1;
        Cv2.MeanStdDev(grey, out _, out var spread);
        Characters? best = null;
        foreach (var kind in new[] { ThresholdTypes.BinaryInv, ThresholdTypes.Binary })
        {
            using var dark = new Mat();
            Cv2.AdaptiveThreshold(grey, dark, 255, AdaptiveThresholdTypes.MeanC, kind, around, spread.Val0 * Clear);
            var found = OfCharacterSize(dark);
            if (found.Count > (best?.Count ?? 1))
            {
                best?.Dispose();
                best = found;
                Cv2.BitwiseNot(dark, paper);
            }
            else
            {
                found.Dispose();
            }
        }

        return best;
    }

    private static Characters OfCharacterSize(Mat shapes)
    {
        using var labels = new Mat();
        using var stats = new Mat();
        using var centres = new Mat();
        var count = Cv2.ConnectedComponentsWithStats(shapes, labels, stats, centres);
        var mask = new Mat(shapes.Size(), MatType.CV_8U, Scalar.All(0));
        var heights = new List<float>();
        for (var i = 1; i < count; i++)
        {
            var (left, top, width, height) = (stats.At<int>(i, 0), stats.At<int>(i, 1), stats.At<int>(i, 2), stats.At<int>(i, 3));
            var touches = left == 0 || top == 0 || left + width == shapes.Width || top + height == shapes.Height;
            if (touches || height < 0.25 * shapes.Height || height > 0.95 * shapes.Height || width > height || width < 0.05 * height)
            {
                continue;
            }

            using var one = new Mat();
            Cv2.Compare(labels, i, one, CmpTypes.EQ);
            Cv2.BitwiseOr(mask, one, mask);
            heights.Add(height);
        }

        heights.Sort();
        return new(mask, heights.Count, heights.Count == 0 ? 0 : heights[heights.Count / 2]);
    }

    /// <summary>Twice the distance from the middle of a stroke to its edge, the median over all middles; pixels of the mask.</summary>
    private static float Stroke(Mat ink)
    {
        using var depth = new Mat();
        using var highest = new Mat();
        Cv2.DistanceTransform(ink, depth, DistanceTypes.L2, DistanceTransformMasks.Precise);
        Cv2.Dilate(depth, highest, null);
        depth.GetArray(out float[] at);
        highest.GetArray(out float[] round);
        var middles = at.Where((d, i) => d > 1 && d >= round[i]).Order().ToList();
        return middles.Count == 0 ? 0 : (2 * middles[middles.Count / 2]) - 1;
    }

    /// <summary>Contrast over the steepest slope along the edges of the ink: how many pixels a step takes; pixels of the mask.</summary>
    private static float EdgeWidth(Mat grey, Mat ink, double contrast, int dx, int dy)
    {
        using var slope = new Mat();
        using var wide = new Mat();
        Cv2.Sobel(grey, slope, MatType.CV_32F, dx, dy);
        Cv2.Dilate(ink, wide, null, null, 2);
        slope.GetArray(out float[] slopes);
        wide.GetArray(out byte[] near);
        var steep = slopes.Where((_, i) => near[i] > 0).Select(Math.Abs).Order().ToList();
        var steepest = steep.Count == 0 ? 0 : steep[steep.Count * 95 / 100] / SobelUnit;
        return steepest < 1e-3 ? grey.Width : (float)(contrast / steepest);
    }

    private sealed record Characters(Mat Mask, int Count, float CharacterPx) : IDisposable
    {
        public void Dispose() => Mask.Dispose();
    }
}
