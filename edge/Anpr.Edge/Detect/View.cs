using OpenCvSharp;

namespace Anpr.Edge.Detect;

/// <summary>How a frame, or a part of it, lies in the detector's input: scaled with its aspect kept, padded at the right and below. Pure.</summary>
/// <param name="Width">Input width, a multiple of 32.</param>
/// <param name="Height">Input height, a multiple of 32.</param>
/// <param name="ScaledWidth">Width of what is looked at within it, pixels.</param>
/// <param name="ScaledHeight">Height of the same, pixels.</param>
/// <param name="ScaleX">View pixels a frame pixel, across.</param>
/// <param name="ScaleY">The same, down.</param>
public readonly record struct View(int Width, int Height, int ScaledWidth, int ScaledHeight, float ScaleX, float ScaleY)
{
    /// <summary>The models' stride: sides are multiples of it.</summary>
    public const int Stride = 32;

    // A part is a sixth of the view of a 1080p frame.
    private const int PartWidth = 256;
    private const int PartHeight = 160;

    /// <summary>Where the first pixel of a part lies in the frame; 0, 0 for the whole.</summary>
    public Point2f Origin { get; init; }

    /// <summary>The view of a frame whose longer side becomes <paramref name="longSidePx"/>.</summary>
    public static View Of(int frameWidth, int frameHeight, int longSidePx)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(frameWidth, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(frameHeight, 1);
        var scale = (double)longSidePx / Math.Max(frameWidth, frameHeight);
        var (w, h) = (Math.Max(1, (int)Math.Round(frameWidth * scale)), Math.Max(1, (int)Math.Round(frameHeight * scale)));
        return new(RoundUp(w), RoundUp(h), w, h, (float)w / frameWidth, (float)h / frameHeight);
    }

    /// <summary>Size of the parts of this frame that can be looked at alone, pixels of the frame, even; null when the frame is no larger than one.</summary>
    public Size? PartSize
    {
        get
        {
            var size = new Size((int)(PartWidth / ScaleX) & ~1, (int)(PartHeight / ScaleY) & ~1);
            return size.Width * ScaleX < ScaledWidth && size.Height * ScaleY < ScaledHeight && ScaleX < 1 ? size : null;
        }
    }

    /// <summary>The view of the part that begins at a pixel of the frame, as large as it is in the view of the whole.</summary>
    public View OfPart(Point first) => this with { Width = PartWidth, Height = PartHeight, ScaledWidth = PartWidth, ScaledHeight = PartHeight, Origin = first };

    /// <summary>A point of the view in pixels of the frame.</summary>
    public Point2f ToFrame(Point2f p) => new Point2f(p.X / ScaleX, p.Y / ScaleY) + Origin;

    /// <summary>A point of the frame in pixels of the view.</summary>
    public Point2f ToView(Point2f p) => new((p.X - Origin.X) * ScaleX, (p.Y - Origin.Y) * ScaleY);

    private static int RoundUp(int n) => (n + Stride - 1) / Stride * Stride;
}
