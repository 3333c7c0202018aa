using Anpr.Edge.Detect;
using OpenCvSharp;

namespace Anpr.Edge.Read;

/// <summary>Cuts plates out of frames, turned flat: the plate's quad, enlarged by margins, stretched to the crop's size.</summary>
public static class Rectifier
{
    /// <summary>Width of the reader's crop, pixels.</summary>
    public const int Width = 160;

    /// <summary>Height of the reader's crop, pixels.</summary>
    public const int Height = 64;

    /// <summary>
    /// Writes the flattened plate of a BGR picture into <paramref name="crop"/>, which keeps its size. Outside the picture the edge is
    /// repeated. Margins are shares of the plate's width and height added on each side.
    /// </summary>
    public static void Cut(Mat image, Quad quad, float marginX, float marginY, Mat crop)
    {
        ArgumentNullException.ThrowIfNull(crop);
        using var map = Map(quad.Enlarged(marginX, marginY), crop.Width, crop.Height);
        var shrinks = quad.WidthPx > 2f * crop.Width || quad.HeightPx > 2f * crop.Height;
        if (!shrinks)
        {
            Cv2.WarpPerspective(image, crop, map, crop.Size(), InterpolationFlags.Linear, BorderTypes.Replicate);
            return;
        }

        // A linear warp that shrinks more than twice skips pixels: warp at full size first, then average.
        var factor = (int)Math.Ceiling(Math.Max(quad.WidthPx / crop.Width, quad.HeightPx / crop.Height));
        var large = new Size(crop.Width * Math.Min(factor, 12), crop.Height * Math.Min(factor, 12));
        using var map2 = Map(quad.Enlarged(marginX, marginY), large.Width, large.Height);
        using var wide = new Mat();
        Cv2.WarpPerspective(image, wide, map2, large, InterpolationFlags.Linear, BorderTypes.Replicate);
        Cv2.Resize(wide, crop, crop.Size(), 0, 0, InterpolationFlags.Area);
    }

    /// <summary>The perspective that maps the quad's corners to the corners of a crop. Dispose it.</summary>
    public static Mat Map(Quad quad, int width, int height) =>
        Cv2.GetPerspectiveTransform(quad.Corners(), [new(0, 0), new(width, 0), new(width, height), new(0, height)]);
}
