using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>A polygon in a camera's view; x and y are shares of the picture's width and height, so that it holds at any resolution.</summary>
public sealed class Area
{
    private readonly Point2f[] _corners;

    private Area(Point2f[] corners) => _corners = corners;

    /// <summary>Reads <c>0.1,0.2 0.5,0.2 0.5,0.4</c>: three corners or more, each x,y within 0..1.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Area? area)
    {
        ArgumentNullException.ThrowIfNull(text);
        var corners = new List<Point2f>();
        area = null;
        foreach (var corner in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (corner.Split(',') is not [var x, var y] || !TryParseShare(x, out var across) || !TryParseShare(y, out var down))
            {
                return false;
            }

            corners.Add(new(across, down));
        }

        area = corners.Count >= 3 ? new([.. corners]) : null;
        return area is not null;
    }

    /// <summary>True for a point (in shares) inside it or on its edge.</summary>
    public bool Contains(Point2f point) => Cv2.PointPolygonTest(_corners, point, measureDist: false) >= 0;

    /// <summary>Fills it in a picture of any size, and half a pixel round it, so that nothing of what it covers is left at its edge.</summary>
    internal void Fill(Mat image, Scalar colour)
    {
        var (width, height) = (image.Width, image.Height);
        Point[] pixels = [.. _corners.Select(c => new Point((int)Math.Round(c.X * width), (int)Math.Round(c.Y * height)))];
        Cv2.FillPoly(image, [pixels], colour);
        Cv2.Polylines(image, [pixels], isClosed: true, colour, thickness: 2);
    }

    private static bool TryParseShare(string text, out float share) =>
        float.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out share) && share is >= 0 and <= 1;
}
