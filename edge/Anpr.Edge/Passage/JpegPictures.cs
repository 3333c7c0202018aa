using Anpr.Edge.Detect;
using Anpr.Edge.Read;
using OpenCvSharp;

namespace Anpr.Edge.Passage;

/// <summary>The pictures of one frame in hand; the overview is made once however many plates want it.</summary>
internal sealed class JpegPictures(Mat image, SecondReader? second) : IFramePictures
{
    // A plate of 160 pixels with its surroundings stays below 10 KB, a 1080p overview below 300 KB.
    private const int PatchQuality = 88;
    private const int OverviewQuality = 80;
    private const int StillWidth = 480;
    private const int MaxPatchWidth = 400;

    private byte[]? _overview;

    public byte[] Overview() => _overview ??= Encode(image, OverviewQuality);

    public byte[] Patch(Quad quad)
    {
        var box = quad.Enlarged(0.08f, 0.2f).Bounds();
        var whole = new Rect(0, 0, image.Width, image.Height);
        var cut = whole.Intersect(Rect.FromLTRB((int)box.X1, (int)box.Y1, (int)Math.Ceiling(box.X2), (int)Math.Ceiling(box.Y2)));
        if (cut.Width < 1 || cut.Height < 1)
        {
            return [];
        }

        using var plate = new Mat(image, cut);
        return Shrunk(plate, MaxPatchWidth, PatchQuality);
    }

    public byte[] Still() => Shrunk(image, StillWidth, OverviewQuality);

    public Lazy<string>? ReadAgain(Quad quad, int lines) => second?.Read(image, quad, lines);

    private static byte[] Shrunk(Mat picture, int maxWidth, int quality)
    {
        if (picture.Width <= maxWidth)
        {
            return Encode(picture, quality);
        }

        using var small = new Mat();
        Cv2.Resize(picture, small, new Size(maxWidth, Math.Max(1, picture.Height * maxWidth / picture.Width)), 0, 0, InterpolationFlags.Area);
        return Encode(small, quality);
    }

    private static byte[] Encode(Mat picture, int quality)
    {
        Cv2.ImEncode(".jpg", picture, out var jpeg, new ImageEncodingParam(ImwriteFlags.JpegQuality, quality));
        return jpeg;
    }
}
