using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Read;
using OpenCvSharp;

namespace Anpr.Edge.Passage;

/// <summary>The pictures of one frame in hand; the overview is made once however many plates want it. Dispose it when the frame was looked at.</summary>
internal sealed class JpegPictures(Picture picture, SecondReader? second) : IFramePictures, IDisposable
{
    // A plate of 160 pixels with its surroundings stays below 10 KB, a 1080p overview below 300 KB.
    private const int PatchQuality = 88;
    private const int OverviewQuality = 80;
    private const int StillWidth = 480;
    private const int MaxPatchWidth = 400;

    private Overview? _overview;

    public Overview Overview() => (_overview ??= new(() => Encode(picture.Bgr, OverviewQuality), picture.Hold())).Hold();

    public byte[] Patch(Quad quad)
    {
        var box = quad.Enlarged(0.08f, 0.2f).Bounds();
        var whole = new Rect(0, 0, picture.Width, picture.Height);
        var cut = whole.Intersect(Rect.FromLTRB((int)box.X1, (int)box.Y1, (int)Math.Ceiling(box.X2), (int)Math.Ceiling(box.Y2)));
        if (cut.Width < 1 || cut.Height < 1)
        {
            return [];
        }

        using var part = picture.Cut(cut);
        using var plate = part.Bgr[new Rect(cut.Location - part.At, cut.Size)];
        return Shrunk(plate, MaxPatchWidth, PatchQuality);
    }

    public byte[] Still() => Shrunk(picture.Bgr, StillWidth, OverviewQuality);

    public Lazy<string>? ReadAgain(Quad quad, int lines)
    {
        if (second is null)
        {
            return null;
        }

        using var part = PlateCut.Of(picture, quad);
        return second.Read(part.Image, part.Quad, lines);
    }

    public void Dispose() => _overview?.Dispose();

    private static byte[] Shrunk(Mat image, int maxWidth, int quality)
    {
        if (image.Width <= maxWidth)
        {
            return Encode(image, quality);
        }

        using var small = new Mat();
        Cv2.Resize(image, small, new Size(maxWidth, Math.Max(1, image.Height * maxWidth / image.Width)), 0, 0, InterpolationFlags.Area);
        return Encode(small, quality);
    }

    private static byte[] Encode(Mat image, int quality)
    {
        Cv2.ImEncode(".jpg", image, out var jpeg, new ImageEncodingParam(ImwriteFlags.JpegQuality, quality));
        return jpeg;
    }
}
