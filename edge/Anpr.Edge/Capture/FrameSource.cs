using System.Text.RegularExpressions;

namespace Anpr.Edge.Capture;

/// <summary>Opens whatever an address names.</summary>
public static partial class FrameSource
{
    private static readonly HashSet<string> VideoEndings = new(StringComparer.OrdinalIgnoreCase)
    {
        ".avi", ".mp4", ".m4v", ".mov", ".mkv", ".ts", ".mts", ".m2ts", ".mpg", ".mpeg", ".webm", ".wmv", ".flv", ".mjpg", ".mjpeg", ".h264", ".h265", ".3gp",
    };

    /// <summary>
    /// Opens a picture, a folder of pictures, a video file, a stream (rtsp, rtsps, udp) or a V4L2 device (/dev/video0).
    /// Throws <see cref="SourceException"/> at once when the address cannot be one; what only reading tells comes from reading.
    /// </summary>
    public static IFrameSource Open(string address, CaptureOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrWhiteSpace(address))
        {
            throw new SourceException("an empty source: name a file, a folder, a stream address or a device");
        }

        var source = OpenWhole(address, options.Camera.Length > 0 ? options : options with { Camera = address });
        return options.Private.Count == 0 ? source : new MaskedSource(source, options.Private);
    }

    private static IFrameSource OpenWhole(string address, CaptureOptions named)
    {
        if (IsLive(address))
        {
            return new LiveSource(LiveAddress.Parse(address), named);
        }

        if (Scheme().IsMatch(address))
        {
            throw new SourceException($"{address}: streams of this kind cannot be read. Use rtsp://, rtsps:// or udp://, a file, a folder or a device such as /dev/video0.");
        }

        if (Directory.Exists(address))
        {
            return new ImageSource(FolderPictures(address), named);
        }

        if (!File.Exists(address))
        {
            throw new SourceException($"{address}: there is no such file or folder. Check the path.");
        }

        return IsVideo(address) ? new VideoSource(address, named) : new ImageSource([address], named);
    }

    /// <summary>True for an address that never ends by itself: a stream or a device.</summary>
    public static bool IsLive(string address) => LiveScheme().IsMatch(address) || address.StartsWith("/dev/", StringComparison.Ordinal);

    /// <summary>True when the file's ending or its first bytes say that it is a video.</summary>
    public static bool IsVideo(string path) => VideoEndings.Contains(Path.GetExtension(path)) || (!ImageFile.LooksLikeImage(path) && !ImageFile.HasImageEnding(path));

    /// <summary>The pictures of a folder in natural name order (2 before 10). Throws when there are none.</summary>
    public static IReadOnlyList<string> FolderPictures(string folder)
    {
        try
        {
            var found = Directory.EnumerateFiles(folder).Where(ImageFile.HasImageEnding).Order(NaturalOrder).ToList();
            return found.Count > 0
                ? found
                : throw new SourceException($"{folder}: the folder holds no pictures. Put .jpg, .png, .webp, .bmp or .tif files into it.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SourceException($"{folder}: the folder cannot be listed. Check its permissions.", e);
        }
    }

    private static readonly Comparer<string> NaturalOrder = Comparer<string>.Create((a, b) =>
    {
        var order = string.CompareOrdinal(Padded(a), Padded(b));
        return order != 0 ? order : string.CompareOrdinal(a, b);
    });

    private static string Padded(string path) => Digits().Replace(Path.GetFileName(path), m => m.Value.PadLeft(12, '0'));

    [GeneratedRegex("[0-9]+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Digits();

    [GeneratedRegex("^(rtsps?|udp)://", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LiveScheme();

    [GeneratedRegex("^[a-z][a-z0-9+.-]+://", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Scheme();
}
