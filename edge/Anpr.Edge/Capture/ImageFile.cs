using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>Decodes one picture of any usual kind to 8-bit BGR, turned upright by its EXIF orientation; an animated one gives its first frame.</summary>
public static class ImageFile
{
    /// <summary>More pixels than this are refused before anything is allocated: a decoded picture takes 3 bytes each.</summary>
    public const long MaxPixels = 120_000_000;

    private const long MaxBytes = 256L << 20;

    private static readonly HashSet<string> Endings = new(StringComparer.OrdinalIgnoreCase)
    {
        ".jpg", ".jpeg", ".jpe", ".png", ".webp", ".bmp", ".dib", ".tif", ".tiff", ".gif", ".pgm", ".ppm", ".pbm", ".jp2", ".avif",
    };

    /// <summary>True when the name ends as pictures do.</summary>
    public static bool HasImageEnding(string path) => Endings.Contains(Path.GetExtension(path)) && !Path.GetFileName(path).StartsWith("._", StringComparison.Ordinal);

    /// <summary>True when the file's first bytes are those of a picture.</summary>
    public static bool LooksLikeImage(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var head = new byte[32];
            return ImageHeader.KindOf(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false))) != ImageKind.Unknown;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>H x W x 3, BGR, owned by the caller. Throws <see cref="SourceException"/> when the file is no picture, damaged or too large.</summary>
    public static Mat Read(string path)
    {
        var bytes = ReadBytes(path);
        Check(path, bytes);
        Mat image;
        try
        {
            image = Cv2.ImDecode(bytes, ImreadModes.Color);
        }
        catch (OpenCVException e)
        {
            throw Damaged(path, e);
        }

        if (image.Empty())
        {
            image.Dispose();
            throw Damaged(path, null);
        }

        if (image.Type() == MatType.CV_8UC3)
        {
            return image;
        }

        var kind = image.Type();
        image.Dispose();
        throw new SourceException($"{path}: pixels of kind {kind} cannot be used. Save the picture as 8-bit JPEG or PNG.");
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            return length switch
            {
                0 => throw new SourceException($"{path}: the file is empty. Copy it again."),
                > MaxBytes => throw new SourceException($"{path}: {length >> 20} MB are too much for one picture (limit {MaxBytes >> 20} MB). Save it smaller."),
                _ => File.ReadAllBytes(path),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{path}: the file cannot be read. Check path and permissions.", e);
        }
    }

    private static void Check(string path, byte[] bytes)
    {
        var header = ImageHeader.Parse(bytes);
        if (header.Kind == ImageKind.Unknown)
        {
            throw new SourceException($"{path}: this is no picture that can be read. Use JPEG, PNG, WEBP, BMP or TIFF.");
        }

        if (header.FloatingPoint)
        {
            throw new SourceException($"{path}: floating-point pixels cannot be used. Save the picture with 8 or 16 bits a channel.");
        }

        if (header.Cut)
        {
            throw Damaged(path, null);
        }

        if (header.Width is { } width && header.Height is { } height)
        {
            if (width < 1 || height < 1)
            {
                throw Damaged(path, null);
            }

            if (width * height > MaxPixels)
            {
                throw new SourceException($"{path}: {width} x {height} pixels are too many (limit {MaxPixels / 1_000_000} million). Scale the picture down.");
            }
        }
    }

    private static SourceException Damaged(string path, Exception? inner) => new($"{path}: the picture is damaged or of an unknown kind. Copy it again or save it as JPEG or PNG.", inner);
}
