using System.Diagnostics;
using OpenCvSharp;

namespace Anpr.Benchmarks.Fuzz;

/// <summary>Small whole pictures and clips of every kind that the product reads, to be damaged.</summary>
internal static class Originals
{
    private const int Width = 96;
    private const int Height = 64;

    /// <summary>The one that is sent as a stream.</summary>
    public const string Stream = "video-h264.ts";

    private const string Moving = "testsrc=size=96x64:rate=5:duration=1.2";

    private static readonly (string Name, string Options)[] ByFfmpeg =
    [
        ("picture-palette.png", "-frames:v 1 -pix_fmt pal8"),
        ("picture-deep.png", "-frames:v 1 -pix_fmt rgb48be"),
        ("picture-moving.png", "-f apng"),
        ("picture-lzw.tif", "-frames:v 1 -compression_algo lzw"),
        ("picture-packbits.tif", "-frames:v 1 -pix_fmt rgba -compression_algo packbits"),
        ("picture-moving.webp", "-c:v libwebp_anim -lossless 0"),
        ("picture-moving.gif", ""),
        ("video-mjpeg.avi", "-c:v mjpeg"),
        ("video-mpeg4.avi", "-c:v mpeg4"),
        ("video-h264.mp4", "-c:v libx264 -g 3"),
        ("video-hevc.mp4", "-c:v libx265 -x265-params log-level=none:pools=none:frame-threads=1"),
        ("video-h264.mkv", "-c:v libx264 -g 3"),
        ("video-ffv1.mkv", "-c:v ffv1"),
        ("video-mpeg2.ts", "-vf fps=25 -c:v mpeg2video"),
        (Stream, "-c:v libx264 -g 3"),
    ];

    /// <summary>Makes them; the same bytes each time on one machine.</summary>
    public static void Make(string folder)
    {
        using var picture = Draw();
        (string Name, ImageEncodingParam[] Options)[] byOpenCv =
        [
            ("picture.jpg", []),
            ("picture-progressive.jpg", [new(ImwriteFlags.JpegProgressive, 1), new(ImwriteFlags.JpegOptimize, 1)]),
            ("picture.png", []),
            ("picture-lossless.webp", [new(ImwriteFlags.WebPQuality, 101)]),
            ("picture-lossy.webp", [new(ImwriteFlags.WebPQuality, 80)]),
            ("picture.bmp", []),
            ("picture.tif", []),
            ("picture.gif", []),
            ("picture.ppm", []),
            ("picture.jp2", []),
        ];
        foreach (var (name, options) in byOpenCv)
        {
            Cv2.ImWrite(Path.Combine(folder, name), picture, options);
        }

        foreach (var (name, options) in ByFfmpeg)
        {
            var pixels = name.StartsWith("video", StringComparison.Ordinal) ? "-pix_fmt yuv420p" : "";
            var start = new ProcessStartInfo("ffmpeg", $"-v error -y -f lavfi -i {Moving} {pixels} {options} -threads 1 -fflags +bitexact -flags +bitexact {name}") { WorkingDirectory = folder, UseShellExecute = false };
            using var process = Process.Start(start)!;
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"ffmpeg could not make {name}");
            }
        }
    }

    private static Mat Draw()
    {
        var picture = new Mat(Height, Width, MatType.CV_8UC3, new Scalar(90, 110, 100));
        Cv2.Rectangle(picture, new Rect(20, 30, 56, 14), new Scalar(240, 240, 240), -1);
        Cv2.PutText(picture, "AB123", new Point(22, 42), HersheyFonts.HersheyPlain, 0.9, Scalar.Black);
        Cv2.Circle(picture, new Point(70, 15), 12, new Scalar(30, 30, 200), -1);
        return picture;
    }
}
