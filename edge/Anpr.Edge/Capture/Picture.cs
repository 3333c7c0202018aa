using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>
/// The pixels of one frame as its decoder left them: planes of a video (4:2:0, limited range, BT.601), or BGR of a picture file. What looks
/// at it takes a small copy or a part; the whole in BGR is made when it is first asked for. One thread at a time.
/// </summary>
public sealed class Picture : IDisposable
{
    private readonly Action<Mat>? _giveBack;
    private Mat? _bgr;
    private int _holders = 1;

    private Picture(int width, int height, Mat? bgr, Mat? planes, Action<Mat>? giveBack)
    {
        (Width, Height, _bgr, Planes, _giveBack) = (width, height, bgr, planes, giveBack);
    }

    /// <summary>Pixels.</summary>
    public int Width { get; }

    /// <summary>Pixels.</summary>
    public int Height { get; }

    /// <summary>The whole, 8-bit BGR; it stays this picture's.</summary>
    public Mat Bgr => _bgr ??= Converted(Planes!);

    /// <summary>The planes Y, U and V one after the other, 8 bit, one channel, 3/2 of the height; null when it came as BGR.</summary>
    internal Mat? Planes { get; }

    /// <summary>A picture of BGR pixels (8 bit, 3 channels), which it owns.</summary>
    public static Picture Of(Mat bgr)
    {
        ArgumentNullException.ThrowIfNull(bgr);
        return new(bgr.Width, bgr.Height, bgr, null, null);
    }

    /// <summary>A picture of planes with even sides; they go to <paramref name="giveBack"/> in the end.</summary>
    internal static Picture OfPlanes(Mat planes, Action<Mat> giveBack) => new(planes.Width, planes.Height * 2 / 3, null, planes, giveBack);

    /// <summary>The pixels of a part in BGR, and where its first one lies: at least what is wanted, as far as that is in the picture.</summary>
    internal PictureCut Cut(Rect wanted)
    {
        if (_bgr is not null || Planes is not { } planes)
        {
            return new(Bgr[new Rect(0, 0, Width, Height)], new(0, 0));
        }

        // Planes are cut at even pixels, as colour has half the resolution.
        var (left, top) = (Math.Clamp(wanted.Left, 0, Width - 2) & ~1, Math.Clamp(wanted.Top, 0, Height - 2) & ~1);
        var (right, bottom) = ((Math.Clamp(wanted.Right, left + 2, Width) + 1) & ~1, (Math.Clamp(wanted.Bottom, top + 2, Height) + 1) & ~1);
        var part = new Rect(left, top, right - left, bottom - top);
        using var cut = CutPlanes(planes, part);
        return new(Converted(cut), part.Location);
    }

    /// <summary>A part as a picture of its own; its first pixel and its sides are even, and it lies within this picture. Dispose it before this one.</summary>
    internal Picture Part(Rect part) =>
        Planes is { } planes ? OfPlanes(CutPlanes(planes, part), static cut => cut.Dispose()) : Of(Bgr[part]);

    /// <summary>One more holds it: it has to be disposed once more before its pixels go.</summary>
    internal Picture Hold()
    {
        _holders++;
        return this;
    }

    /// <summary>Makes an area black for good.</summary>
    internal void Blacken(Area area)
    {
        if (Planes is { } planes)
        {
            // Black in limited range is 16, and 128 is no colour.
            for (var plane = 0; plane < 3; plane++)
            {
                using var pixels = Plane(planes, plane);
                area.Fill(pixels, Scalar.All(plane == 0 ? 16 : 128));
            }
        }

        if (_bgr is not null)
        {
            area.Fill(_bgr, Scalar.Black);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (--_holders != 0)
        {
            return;
        }

        _bgr?.Dispose();
        if (Planes is not null)
        {
            _giveBack!(Planes);
        }
    }

    /// <summary>One of the planes (0 Y, 1 U, 2 V) of pixels that lie without gaps; dispose it.</summary>
    internal static Mat Plane(Mat planes, int plane)
    {
        var (width, height) = (planes.Width, planes.Height * 2 / 3);
        return plane == 0
            ? Mat.FromPixelData(height, width, MatType.CV_8UC1, planes.Data)
            : Mat.FromPixelData(height / 2, width / 2, MatType.CV_8UC1, planes.Data + (width * height * (plane + 3) / 4));
    }

    private static Mat CutPlanes(Mat planes, Rect part)
    {
        var cut = new Mat(part.Height * 3 / 2, part.Width, MatType.CV_8UC1);
        for (var plane = 0; plane < 3; plane++)
        {
            using var from = Plane(planes, plane);
            using var to = Plane(cut, plane);
            using var inside = from[plane == 0 ? part : new Rect(part.X / 2, part.Y / 2, part.Width / 2, part.Height / 2)];
            inside.CopyTo(to);
        }

        return cut;
    }

    private static Mat Converted(Mat planes)
    {
        var bgr = new Mat();
        Cv2.CvtColor(planes, bgr, ColorConversionCodes.YUV2BGR_I420);
        return bgr;
    }
}

/// <summary>A part of a picture.</summary>
/// <param name="Bgr">Its pixels, 8-bit BGR.</param>
/// <param name="At">Where its first pixel lies in the picture.</param>
internal readonly record struct PictureCut(Mat Bgr, Point At) : IDisposable
{
    public void Dispose() => Bgr.Dispose();
}
