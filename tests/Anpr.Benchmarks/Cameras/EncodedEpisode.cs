using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Anpr.Edge.Capture;
using OpenCvSharp;

namespace Anpr.Benchmarks.Cameras;

/// <summary>
/// The same through the real coder and our own Capture: a minute of the lane, then one fault, as an H.264 file of ffmpeg's libx264 at 6
/// frames a second. A frozen camera either repeats its last picture before the coder, clock running, or sends what it last coded.
/// </summary>
internal static class EncodedEpisode
{
    private const int FramesPerSecond = 6;
    private const double LearnSeconds = 60;
    private const double FaultSeconds = Trial.Wanted + 3;

    // Constant quality and key pictures 2 or 4 s apart: about 500 and 25 kbit/s of these pictures at night and in a still scene.
    private static readonly string[] Coders = ["-crf 23 -g 12", "-crf 27 -g 24", "-crf 31 -g 24"];

    /// <summary>Runs one fault.</summary>
    public static async Task<Findings> RunAsync(PaintedLane lane, CameraFault kind, int seed, CancellationToken cancellation)
    {
        var random = new Random(seed);
        using var camera = new CameraRun(lane, seed, random.NextDouble() * 23.5 * 3600, FramesPerSecond);
        using var fault = new Fault(kind, random);
        var coder = Coders[random.Next(Coders.Length)];
        var held = kind == CameraFault.Frozen && random.Next(2) == 0;
        var began = TimeSpan.FromSeconds(LearnSeconds);
        var frames = (int)((LearnSeconds + FaultSeconds) * FramesPerSecond);
        var hour = camera.Now / 3600;
        var verdicts = await SeeAsync(
            camera,
            coder,
            frames,
            i => i < LearnSeconds * FramesPerSecond || held ? null : fault,
            held ? began : null,
            cancellation);
        var early = verdicts.Where(v => v.Offset < began).ToArray();
        var first = verdicts.FirstOrDefault(v => v.Offset >= began && v.Fault == kind);
        first = first.Fault == CameraFault.None ? verdicts.FirstOrDefault(v => v.Offset >= began) : first;
        var words = $"{fault.Words}, {(held ? "after" : "before")} x264 {coder}";
        return new(
            [new(kind, words, first.Fault, (first.Offset - began).TotalSeconds, Encoded: true, null)],
            early.Length > 0 ? [new(early[0].Fault, hour + early[0].Offset.TotalHours, "before an encoded fault")] : [],
            LearnSeconds);
    }

    /// <summary>A queue that stands for twenty minutes at night, and nothing is wrong.</summary>
    public static async Task<Findings> QueueAsync(PaintedLane lane, int seed, double minutes, CancellationToken cancellation)
    {
        const double queueFrom = 2 * 3600;
        using var camera = new CameraRun(lane, seed, queueFrom - 60, FramesPerSecond, queueFrom);
        var verdicts = await SeeAsync(camera, Coders[1], (int)((minutes + 1) * 60 * FramesPerSecond), _ => null, null, cancellation);
        return new([], [.. verdicts.Take(1).Select(v => new FalseAlarm(v.Fault, (queueFrom / 3600) + v.Offset.TotalHours, "in the encoded queue"))], minutes * 60);
    }

    /// <summary>Everything that was told, by the time in the recording.</summary>
    private static async Task<List<(TimeSpan Offset, CameraFault Fault)>> SeeAsync(
        CameraRun camera, string coder, int frames, Func<int, Fault?> faultAt, TimeSpan? heldFrom, CancellationToken cancellation)
    {
        var path = Path.Combine(Path.GetTempPath(), $"anpr-cameras-{Guid.NewGuid():N}.mkv");
        try
        {
            Encode(camera, coder, frames, faultAt, path);
            return await LookAsync(path, heldFrom, cancellation);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Encode(CameraRun camera, string coder, int frames, Func<int, Fault?> faultAt, string path)
    {
        var rate = FramesPerSecond.ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(
            "ffmpeg",
            $"-v error -f rawvideo -pix_fmt bgr24 -s {PaintedLane.Width}x{PaintedLane.Height} -r {rate} -i - -c:v libx264 -preset veryfast -threads 1 -bf 0 {coder} -pix_fmt yuv420p {path}")
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        using var ffmpeg = Process.Start(start)!;
        var bytes = new byte[PaintedLane.Width * PaintedLane.Height * 3];
        for (var i = 0; i < frames; i++)
        {
            camera.Render(faultAt(i));
            Marshal.Copy(camera.Picture.Data, bytes, 0, bytes.Length);
            ffmpeg.StandardInput.BaseStream.Write(bytes);
        }

        ffmpeg.StandardInput.Close();
        ffmpeg.WaitForExit();
    }

    private static async Task<List<(TimeSpan Offset, CameraFault Fault)>> LookAsync(string path, TimeSpan? heldFrom, CancellationToken cancellation)
    {
        using var health = new CameraHealth();
        using var last = new Mat();
        var told = new List<(TimeSpan, CameraFault)>();
        await using var source = Anpr.Edge.Capture.FrameSource.Open(path, new CaptureOptions());
        await foreach (var frame in source.ReadAsync(cancellation))
        {
            using (frame)
            {
                if (!(frame.Offset >= heldFrom))
                {
                    frame.Picture.Planes!.CopyTo(last);
                }

                using var shown = Picture.OfPlanes(last, static _ => { });
                if (health.See(shown, frame.Time).Fault is not CameraFault.None and var fault)
                {
                    told.Add((frame.Offset, fault));
                }
            }
        }

        return told;
    }
}
