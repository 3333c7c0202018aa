using OpenCvSharp;

namespace Anpr.Simulation.Scene;

/// <summary>A drawing board in metres: x from the left edge, y up from the road. What is painted on it covers what is behind.</summary>
internal sealed class Sheet : IDisposable
{
    private readonly Mat _mask;

    /// <param name="widthMetres">Of the whole board.</param>
    /// <param name="heightMetres">Of the whole board.</param>
    /// <param name="pxPerMetre">Resolution.</param>
    public Sheet(float widthMetres, float heightMetres, int pxPerMetre)
    {
        (PxPerMetre, HeightMetres) = (pxPerMetre, heightMetres);
        var size = new Size((int)(widthMetres * pxPerMetre), (int)(heightMetres * pxPerMetre));
        Picture = new Mat(size, MatType.CV_8UC3, Scalar.All(30));
        _mask = new Mat(size, MatType.CV_8UC1, Scalar.All(0));
    }

    public int PxPerMetre { get; }

    public float HeightMetres { get; }

    public Mat Picture { get; }

    /// <summary>A rectangle in pixels: left and bottom edge, width and height in metres.</summary>
    public Rect Area(double left, double bottom, double width, double height) =>
        new((int)(left * PxPerMetre), (int)((HeightMetres - bottom - height) * PxPerMetre), (int)(width * PxPerMetre), (int)(height * PxPerMetre));

    /// <summary>A point in pixels.</summary>
    public Point At(double x, double y) => new((int)(x * PxPerMetre), (int)((HeightMetres - y) * PxPerMetre));

    /// <summary>A length in pixels, at least 1.</summary>
    public int Px(double metres) => Math.Max(1, (int)(metres * PxPerMetre));

    /// <summary>A rectangle whose colour runs from top to bottom, with round corners of its own covering.</summary>
    public void Panel(double left, double bottom, double width, double height, Scalar top, Scalar below, double radius = 0)
    {
        var area = Area(left, bottom, width, height);
        Paint.Gradient(Picture, area, top, below);
        Cover(area, radius);
    }

    /// <summary>A polygon of one colour; points in metres.</summary>
    public void Shape(Scalar colour, params (double X, double Y)[] points)
    {
        var outline = new[] { points.Select(point => At(point.X, point.Y)).ToArray() };
        Cv2.FillPoly(Picture, outline, colour, LineTypes.AntiAlias);
        Cv2.FillPoly(_mask, outline, Scalar.All(255));
    }

    /// <summary>A filled ellipse; measures in metres.</summary>
    public void Disc(double x, double y, double radiusX, double radiusY, Scalar colour)
    {
        Cv2.Ellipse(Picture, At(x, y), new Size(Px(radiusX), Px(radiusY)), 0, 0, 360, colour, -1, LineTypes.AntiAlias);
        Cv2.Ellipse(_mask, At(x, y), new Size(Px(radiusX), Px(radiusY)), 0, 0, 360, Scalar.All(255), -1);
    }

    /// <summary>A line; measures in metres.</summary>
    public void Line(double x1, double y1, double x2, double y2, double width, Scalar colour) =>
        Cv2.Line(Picture, At(x1, y1), At(x2, y2), colour, Px(width), LineTypes.AntiAlias);

    /// <summary>A word, its middle at a point.</summary>
    public void Word(string word, double x, double y, double height, Scalar colour) =>
        Paint.Word(Picture, word, At(x, y), height * PxPerMetre, colour, Px(height * 0.17));

    /// <summary>Turns what is painted so far left to right.</summary>
    public void Mirror()
    {
        Cv2.Flip(Picture, Picture, FlipMode.Y);
        Cv2.Flip(_mask, _mask, FlipMode.Y);
    }

    /// <summary>Picture and covering as they are now; <paramref name="light"/> makes the whole darker (below 1) or lighter.</summary>
    public Texture ToTexture(double light)
    {
        var lit = new Mat();
        Picture.ConvertTo(lit, MatType.CV_8UC3, light);
        return new Texture(lit, _mask.Clone());
    }

    public void Dispose()
    {
        Picture.Dispose();
        _mask.Dispose();
    }

    private void Cover(Rect area, double radius)
    {
        if (radius > 0)
        {
            Paint.RoundRect(_mask, area, Px(radius), Scalar.All(255));
            return;
        }

        Cv2.Rectangle(_mask, area, Scalar.All(255), -1);
    }
}
