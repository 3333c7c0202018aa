using System.Diagnostics;
using System.Runtime.InteropServices;
using Anpr.Simulation.Ports;
using Anpr.Simulation.Scene;
using Anpr.Simulation.Traffic;
using OpenCvSharp;

namespace Anpr.Benchmarks.Line;

/// <summary>A file of the benchmark.</summary>
internal sealed record LineFile(string Path)
{
    /// <summary>CPU time (user + system) of a program that is given the file, with all that it starts.</summary>
    public TimeSpan Cpu(Func<string, string[]> command) => CpuTime.OfProgram(command(Path));
}

/// <summary>Simulated vehicles driving up one after the other, so that one moves in every frame; the clip, and the same clip twice.</summary>
internal sealed class LineClip : IDisposable
{
    /// <summary>Slower than a lane looks by default, so that it looks at every frame.</summary>
    public const int FramesPerSecond = 8;

    private const int Width = 1920;
    private const int Height = 1080;

    // Of each vehicle's drive from coming into view to standing still, the part in which it is larger than a speck.
    private const float FromSeconds = 2;
    private const float ForSeconds = Drive.ApproachSeconds - FromSeconds;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-line-");

    private LineClip() => (Once, Twice) = (new(Path.Combine(_folder.FullName, "once.mp4")), new(Path.Combine(_folder.FullName, "twice.mp4")));

    /// <summary>The clip.</summary>
    public LineFile Once { get; }

    /// <summary>Its packets, two times.</summary>
    public LineFile Twice { get; }

    /// <summary>Draws and encodes so many frames. Dispose it: the files go.</summary>
    public static LineClip Record(int frames) => Record(FramesPerSecond, "", output => Draw(frames, output));

    /// <summary>The same of an empty lane, as a camera sees it: with grain of 2 grey levels a pixel.</summary>
    public static LineClip RecordEmpty(int frames, int framesPerSecond) => Record(
        framesPerSecond,
        FormattableString.Invariant($"-vf loop={frames - 1}:1:0,setpts=N/{framesPerSecond}/TB,noise=alls=4:allf=t "),
        output =>
        {
            using var scene = new LaneScene(Weather.Of("calais"), 1);
            using var small = new Mat(Height / 2, Width / 2, MatType.CV_8UC3);
            scene.Draw(small, null, 0);
            Write(small, output);
        });

    private static LineClip Record(int framesPerSecond, string filter, Action<Stream> draw)
    {
        var clip = new LineClip();
        using (var encoder = Start(FormattableString.Invariant($"-f rawvideo -pix_fmt bgr24 -s {Width}x{Height} -r {framesPerSecond} -i - {filter}-c:v libx264 -preset veryfast -pix_fmt yuv420p"), clip.Once.Path))
        {
            draw(encoder.StandardInput.BaseStream);
            encoder.StandardInput.Close();
            encoder.WaitForExit();
        }

        using var copy = Start($"-stream_loop 1 -i {clip.Once.Path} -c copy", clip.Twice.Path);
        copy.WaitForExit();
        return clip;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void Draw(int frames, Stream output)
    {
        using var scene = new LaneScene(Weather.Of("calais"), 1);
        using var small = new Mat(Height / 2, Width / 2, MatType.CV_8UC3);
        var plan = PortOptions.Plan(1);
        var vehicles = Enumerable.Range(0, int.MaxValue).Select(slot => plan.At("calais", slot)).Where(vehicle => vehicle.Cover == PlateCover.None).GetEnumerator();
        for (var i = 0; i < frames; i++)
        {
            var inDrive = i % (int)(ForSeconds * FramesPerSecond);
            if (inDrive == 0)
            {
                vehicles.MoveNext();
            }

            scene.Draw(small, vehicles.Current, FromSeconds + ((float)inDrive / FramesPerSecond));
            Write(small, output);
        }
    }

    private static void Write(Mat small, Stream output)
    {
        using var large = new Mat();
        Cv2.Resize(small, large, new Size(Width, Height), 0, 0, InterpolationFlags.Cubic);
        var bytes = new byte[Width * Height * 3];
        Marshal.Copy(large.Data, bytes, 0, bytes.Length);
        output.Write(bytes);
    }

    private static Process Start(string arguments, string output) =>
        Process.Start(new ProcessStartInfo("ffmpeg", $"-v error {arguments} {output}") { RedirectStandardInput = true, UseShellExecute = false })!;
}
