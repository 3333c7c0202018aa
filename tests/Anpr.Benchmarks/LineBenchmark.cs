using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Anpr.Edge.Capture;
using Anpr.Edge.Passage;
using Anpr.Simulation.Scene;
using OpenCvSharp;

namespace Anpr.Benchmarks;

/// <summary>
/// CPU time (user + system, all processes) of the line from Capture to Passage for each 1080p H.264 frame, with a moving vehicle in every
/// frame and every frame detected, beside <c>ffmpeg -f null</c> on the same file and our Capture alone. Each is a process of its own.
/// </summary>
internal static partial class LineBenchmark
{
    private const int Width = 1920;
    private const int Height = 1080;
    private const int Children = -1;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--inside", var what, var path])
        {
            return await InsideAsync(what, path);
        }

        var frames = args is ["--frames", var n] && int.TryParse(n, CultureInfo.InvariantCulture, out var wanted) && wanted is >= 10 and <= 100_000 ? wanted : 300;
        var folder = Directory.CreateTempSubdirectory("anpr-line-");
        try
        {
            var video = Path.Combine(folder.FullName, "line.mp4");
            Record(video, frames);
            var program = Environment.ProcessPath!;
            var self = typeof(LineBenchmark).Assembly.Location;
            var decode = Measure("ffmpeg", "-v", "error", "-i", video, "-f", "null", "-");
            var empty = Measure(program, self, "line", "--inside", "nothing", video);
            var capture = Measure(program, self, "line", "--inside", "capture", video) - empty;
            var line = Measure(program, self, "line", "--inside", "line", video) - empty;
            Console.WriteLine($"{frames} frames of 1920 x 1080, H.264, one vehicle moving in all of them; start of the runtime ({empty.TotalMilliseconds:0} ms) taken off");
            Print("ffmpeg -f null (baseline)", decode, decode, frames);
            Print("our Capture alone", capture, decode, frames);
            Print("the line, Capture to Passage", line, decode, frames);
            Console.WriteLine(FormattableString.Invariant($"the line is {line / capture:0.00} x our Capture alone"));
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Print(string what, TimeSpan cpu, TimeSpan baseline, int frames) =>
        Console.WriteLine(FormattableString.Invariant($"{what,-32} {cpu.TotalMilliseconds / frames,7:0.00} ms CPU a frame, {cpu / baseline,5:0.00} x baseline"));

    // What one child does: nothing but start, only take frames, or the whole line.
    private static async Task<int> InsideAsync(string what, string path)
    {
        using var models = what == "line" ? VisionModels.Load() : null;
        using var vision = models is null ? null : new Vision(new VisionOptions(), models, TimeProvider.System);
        if (what == "nothing")
        {
            return 0;
        }

        var passages = 0;
        await using var source = Edge.Capture.FrameSource.Open(path, new CaptureOptions());
        await foreach (var frame in source.ReadAsync(CancellationToken.None))
        {
            using (frame)
            {
                passages += vision?.Process(frame).Count ?? 0;
            }
        }

        if (vision is not null)
        {
            vision.Flush();
            Console.WriteLine($"  looked at {vision.Counts.Frames} frames, found {vision.Counts.Plates} plates, read {vision.Counts.Reads}, passages {vision.Counts.PassagesOpened}");
        }

        return 0;
    }

    // A simulated vehicle driving up, over and over, so that it moves in every frame.
    private static void Record(string path, int frames)
    {
        using var scene = new LaneScene(Weather.Of("calais"), 1);
        var vehicle = Simulation.Ports.PortOptions.Plan(1).At("calais", 0);
        using var small = new Mat(540, 960, MatType.CV_8UC3);
        using var large = new Mat(Height, Width, MatType.CV_8UC3);
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in (string[])["-v", "error", "-f", "rawvideo", "-pix_fmt", "bgr24", "-s", $"{Width}x{Height}", "-r", "25", "-i", "-", "-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p", path])
        {
            start.ArgumentList.Add(argument);
        }

        using var encoder = Process.Start(start)!;
        var bytes = new byte[Width * Height * 3];
        for (var i = 0; i < frames; i++)
        {
            scene.Draw(small, vehicle, 2 + (i % 100 * 0.04f));
            Cv2.Resize(small, large, large.Size(), 0, 0, InterpolationFlags.Cubic);
            Marshal.Copy(large.Data, bytes, 0, bytes.Length);
            encoder.StandardInput.BaseStream.Write(bytes);
        }

        encoder.StandardInput.Close();
        encoder.WaitForExit();
    }

    private static TimeSpan Measure(string program, params string[] arguments)
    {
        var before = CpuOfChildren();
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0 ? CpuOfChildren() - before : throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }

    private static TimeSpan CpuOfChildren()
    {
        var usage = new long[18]; // struct rusage of Linux x86-64: two timevals, then 14 longs
        _ = GetUsage(Children, usage);
        return TimeSpan.FromMicroseconds(((usage[0] + usage[2]) * 1_000_000) + usage[1] + usage[3]);
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetUsage(int who, [Out] long[] usage);
}
