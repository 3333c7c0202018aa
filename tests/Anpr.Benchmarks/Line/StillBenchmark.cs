using System.CommandLine;
using Anpr.Benchmarks.Reading;

namespace Anpr.Benchmarks.Line;

/// <summary>
/// What an empty lane costs: CPU time of the stages for each 1080p frame beyond Capture alone, managed memory for each frame and collections
/// of generation 2. The scene is drawn once; grain and an encoder make its frames differ, as a camera's do. Each figure is taken over a clip
/// and over the same clip twice; the difference leaves starting, compiling and ending out.
/// </summary>
internal static class StillBenchmark
{
    private const int Frames = 5000;
    private const int FramesPerSecond = 25;

    private static readonly string Self = typeof(StillBenchmark).Assembly.Location;

    public static Benchmark Create() => new("still", "CPU time and managed memory of an empty lane for each 1080p frame: --frames N (5000; 100 to 100000)", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--inside", var what, var path])
        {
            return await InsideRun.RunAsync(what, path);
        }

        var frames = new Option<int>("--frames") { DefaultValueFactory = _ => Frames };
        frames.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 100 or > 100_000)
            {
                given.AddError("--frames: allowed is 100 to 100000");
            }
        });
        var command = new RootCommand { frames };
        command.SetAction(parsed => Print(parsed.GetValue(frames)));
        return await Benchmark.InvokeAsync(command, args);
    }

    /// <summary>The figures of an empty lane, for the table of the reading step.</summary>
    public static IReadOnlyList<Figure> Figures(int frames = Frames)
    {
        using var clip = LineClip.RecordEmpty(frames, FramesPerSecond);
        var (capture, stages) = (Difference(clip, "capture", frames), Difference(clip, "passage", frames));
        Figure Of(string what, FormattableString value, string wanted) => new($"an empty lane, {what}", FormattableString.Invariant(value), wanted, frames);
        return
        [
            Of("our Capture alone", $"{capture.Cpu.TotalMilliseconds:0.00} ms CPU, {capture.Bytes:0} managed bytes a frame", ""),
            Of("Capture to Passage", $"{stages.Cpu.TotalMilliseconds:0.00} ms CPU, {stages.Bytes:0} managed bytes a frame", "at most 2 KB"),
            Of("the stages beyond Capture", $"{(stages.Cpu - capture.Cpu).TotalMilliseconds:0.00} ms CPU a frame", "at most 1 ms"),
            Of("frames at which the models looked", $"{100 * stages.Looked:0.0} %", ""),
            Of("collections of generation 2 in twice as many frames", $"{stages.Collections}", "none in 10000"),
        ];
    }

    private static int Print(int frames)
    {
        Console.WriteLine($"{frames} frames of 1920 x 1080, H.264, {FramesPerSecond} a second, an empty lane with grain; every figure is (twice the clip - the clip) / {frames}");
        Figure.Print(Figures(frames));
        return 0;
    }

    private static (TimeSpan Cpu, double Bytes, double Looked, int Collections) Difference(LineClip clip, string what, int frames)
    {
        var ((onceCpu, once), (twiceCpu, twice)) = (Run(what, clip.Once.Path), Run(what, clip.Twice.Path));
        return ((twiceCpu - onceCpu) / frames, (twice.Bytes - once.Bytes) / (double)frames, (twice.Looked - once.Looked) / (double)frames, twice.Collections);
    }

    private static (TimeSpan Cpu, InsideRun Figures) Run(string what, string path)
    {
        var said = "";
        var cpu = CpuTime.OfProgram(["taskset", "-c", FirstCore(), Environment.ProcessPath!, Self, "still", "--inside", what, path], output => said = output);
        return (cpu, InsideRun.Parse(said));
    }

    /// <summary>
    /// All children run on one core: alone, Capture decodes on two at once, and two threads that share a core's units need more CPU time for
    /// the same work than one, so that the stages seemed to cost nothing.
    /// </summary>
    private static string FirstCore() =>
        File.ReadLines("/proc/self/status").First(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal)).Split('\t')[1].Split(',', '-')[0];
}
