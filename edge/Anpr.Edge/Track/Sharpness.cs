using Anpr.Edge.Detect;
using OpenCvSharp;

namespace Anpr.Edge.Track;

/// <summary>How sharp a plate's strokes are.</summary>
internal static class Sharpness
{
    // Deviation of the Laplacian, relative to the picture's own contrast, at which strokes count as fully sharp.
    private const double Full = 1.2;

    /// <summary>0 (blurred away) to 1, whatever the plate's brightness and contrast.</summary>
    public static float Of(Mat image, Quad quad)
    {
        var box = quad.Bounds();
        var cut = new Rect(0, 0, image.Width, image.Height).Intersect(Rect.FromLTRB((int)box.X1, (int)box.Y1, (int)box.X2, (int)box.Y2));
        if (cut.Width < 3 || cut.Height < 3)
        {
            return 0;
        }

        using var plate = new Mat(image, cut);
        using var grey = new Mat();
        using var edges = new Mat();
        Cv2.CvtColor(plate, grey, ColorConversionCodes.BGR2GRAY);
        Cv2.Laplacian(grey, edges, MatType.CV_32F);
        Cv2.MeanStdDev(grey, out _, out var contrast);
        Cv2.MeanStdDev(edges, out _, out var strength);
        return contrast.Val0 < 1 ? 0 : (float)Math.Min(1, strength.Val0 / contrast.Val0 / Full);
    }
}
