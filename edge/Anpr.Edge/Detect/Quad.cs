using OpenCvSharp;

namespace Anpr.Edge.Detect;

/// <summary>Four corners in pixels of the source picture, clockwise from the plate's own top left.</summary>
public readonly record struct Quad(Point2f TopLeft, Point2f TopRight, Point2f BottomRight, Point2f BottomLeft)
{
    /// <summary>Mean length of the upper and lower edges, pixels.</summary>
    public float WidthPx => (float)(TopLeft.DistanceTo(TopRight) + BottomLeft.DistanceTo(BottomRight)) / 2;

    /// <summary>Mean length of the left and right edges, pixels.</summary>
    public float HeightPx => (float)(TopLeft.DistanceTo(BottomLeft) + TopRight.DistanceTo(BottomRight)) / 2;

    /// <summary>The quad of an upright rectangle.</summary>
    public static Quad Of(Box box) => new(new(box.X1, box.Y1), new(box.X2, box.Y1), new(box.X2, box.Y2), new(box.X1, box.Y2));

    /// <summary>The corners in their order.</summary>
    public Point2f[] Corners() => [TopLeft, TopRight, BottomRight, BottomLeft];

    /// <summary>The upright rectangle round it.</summary>
    public Box Bounds() => new(
        Min(TopLeft.X, TopRight.X, BottomRight.X, BottomLeft.X),
        Min(TopLeft.Y, TopRight.Y, BottomRight.Y, BottomLeft.Y),
        -Min(-TopLeft.X, -TopRight.X, -BottomRight.X, -BottomLeft.X),
        -Min(-TopLeft.Y, -TopRight.Y, -BottomRight.Y, -BottomLeft.Y));

    /// <summary>
    /// Enlarged along its own edges by shares of its width and height on each side: a tilted plate stays tilted. Corners of a warped
    /// plate move along the lines that they lie on.
    /// </summary>
    public Quad Enlarged(float marginX, float marginY)
    {
        var (top, bottom) = (TopRight - TopLeft, BottomRight - BottomLeft);
        var (left, right) = (BottomLeft - TopLeft, BottomRight - TopRight);
        return new(
            TopLeft - Scaled(top, marginX) - Scaled(left, marginY),
            TopRight + Scaled(top, marginX) - Scaled(right, marginY),
            BottomRight + Scaled(bottom, marginX) + Scaled(right, marginY),
            BottomLeft - Scaled(bottom, marginX) + Scaled(left, marginY));
    }

    /// <summary>The same in a part of the picture whose first pixel is at <paramref name="origin"/>.</summary>
    public Quad Within(Point origin)
    {
        var by = new Point2f(origin.X, origin.Y);
        return new(TopLeft - by, TopRight - by, BottomRight - by, BottomLeft - by);
    }

    /// <summary>True when it is convex, turns clockwise (y down) and has an area: it can be rectified.</summary>
    public bool IsUsable()
    {
        var c = Corners();
        for (var i = 0; i < 4; i++)
        {
            var (a, b) = (c[(i + 1) % 4] - c[i], c[(i + 2) % 4] - c[(i + 1) % 4]);
            if (!((a.X * b.Y) - (a.Y * b.X) > 0.01f))
            {
                return false;
            }
        }

        return true;
    }

    private static Point2f Scaled(Point2f p, float by) => new(p.X * by, p.Y * by);

    private static float Min(float a, float b, float c, float d) => Math.Min(Math.Min(a, b), Math.Min(c, d));
}

/// <summary>An upright rectangle in pixels of the source picture: left, top, right, bottom.</summary>
public readonly record struct Box(float X1, float Y1, float X2, float Y2)
{
    /// <summary>Pixels; 0 when it is turned inside out.</summary>
    public float Width => Math.Max(0, X2 - X1);

    /// <inheritdoc cref="Width"/>
    public float Height => Math.Max(0, Y2 - Y1);

    /// <summary>Square pixels.</summary>
    public float Area => Width * Height;

    /// <summary>Its middle.</summary>
    public Point2f Centre => new((X1 + X2) / 2, (Y1 + Y2) / 2);

    /// <summary>Intersection over union, 0..1; 0 when both are empty.</summary>
    public float IoU(Box other)
    {
        var inter = new Box(Math.Max(X1, other.X1), Math.Max(Y1, other.Y1), Math.Min(X2, other.X2), Math.Min(Y2, other.Y2)).Area;
        var union = Area + other.Area - inter;
        return union > 0 ? inter / union : 0;
    }

    /// <summary>The whole pixels that it lies on, also in part.</summary>
    public Rect Pixels() => Rect.FromLTRB((int)MathF.Floor(X1), (int)MathF.Floor(Y1), (int)MathF.Ceiling(X2), (int)MathF.Ceiling(Y2));

    /// <summary>Moved by pixels.</summary>
    public Box Moved(Point2f by) => new(X1 + by.X, Y1 + by.Y, X2 + by.X, Y2 + by.Y);
}

/// <summary>A detected quadrilateral that holds a registration.</summary>
/// <param name="Quad">Its corners.</param>
/// <param name="Box">The rectangle round it.</param>
/// <param name="Detection">The detector's score, 0..1.</param>
public sealed record Plate(Quad Quad, Box Box, float Detection);
