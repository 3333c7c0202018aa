using OpenCvSharp;

namespace Anpr.Edge.Detect;

/// <summary>How a frame lies in the detector's input: scaled with its aspect kept, padded at the right and below. Pure.</summary>
/// <param name="Width">Input width, a multiple of 32.</param>
/// <param name="Height">Input height, a multiple of 32.</param>
/// <param name="ScaledWidth">Width of the picture within it, pixels.</param>
/// <param name="ScaledHeight">Height of the picture within it, pixels.</param>
/// <param name="ScaleX">View pixels a frame pixel, across.</param>
/// <param name="ScaleY">The same, down.</param>
public readonly record struct View(int Width, int Height, int ScaledWidth, int ScaledHeight, float ScaleX, float ScaleY)
{
    /// <summary>The models' stride: sides are multiples of it.</summary>
    public const int Stride = 32;

    /// <summary>The view of a frame whose longer side becomes <paramref name="longSidePx"/>.</summary>
    public static View Of(int frameWidth, int frameHeight, int longSidePx)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameHeight, 1);
        var scale = (double)longSidePx / Math.Max(frameWidth, frameHeight);
        var (w, h) = (Math.Max(1, (int)Math.Round(frameWidth * scale)), Math.Max(1, (int)Math.Round(frameHeight * scale)));
        return new(RoundUp(w), RoundUp(h), w, h, (float)w / frameWidth, (float)h / frameHeight);
    }

    /// <summary>A point of the view in pixels of the frame.</summary>
    public Point2f ToFrame(Point2f p) => new(p.X / ScaleX, p.Y / ScaleY);

    /// <summary>A point of the frame in pixels of the view.</summary>
    public Point2f ToView(Point2f p) => new(p.X * ScaleX, p.Y * ScaleY);

    private static int RoundUp(int n) => (n + Stride - 1) / Stride * Stride;
}
