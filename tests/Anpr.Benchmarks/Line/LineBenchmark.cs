using System.CommandLine;
using Anpr.Benchmarks.Reading;

namespace Anpr.Benchmarks.Line;

/// <summary>
/// CPU time (user + system, all processes) of the whole line for each 1080p H.264 frame, with a moving vehicle in every frame and every
/// frame looked at: a real lane process and a real hub, beside <c>ffmpeg -f null</c> on the same file, our Capture alone, and our stages
/// up to Passage. Each is measured over a clip and over the same clip twice; the difference leaves starting, compiling and ending out.
/// </summary>
internal static class LineBenchmark
{
    private const int Frames = 240;

    private static readonly string Self = typeof(LineBenchmark).Assembly.Location;

    public static Benchmark Create() => new("line", "CPU time of the line for each 1080p frame, beside ffmpeg's decoding: --frames N (240; 48 to 400)", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--inside", var what, var path])
        {
            return await InsideRun.RunAsync(what, path);
        }

        var frames = new Option<int>("--frames") { DefaultValueFactory = _ => Frames };
        frames.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 48 or > 400)
            {
                given.AddError("--frames: allowed is 48 to 400");
            }
        });
        var command = new RootCommand { frames };
        command.SetAction((parsed, cancellation) => PrintAsync(parsed.GetValue(frames), cancellation));
        return await Benchmark.InvokeAsync(command, args);
    }

    /// <summary>The figures of 240 frames, for the table of the reading step.</summary>
    public static async Task<IReadOnlyList<Figure>> FiguresAsync(CancellationToken cancellation)
    {
        var (costs, once, twice) = await MeasureAsync(Frames, cancellation);
        return
        [
            .. costs.Select(cost => new Figure($"CPU a 1080p frame, {cost.What}", Words(cost), cost.Wanted, Frames)),
            .. Missed(Frames, once, twice) is { } missed ? (IEnumerable<Figure>)[new("CPU a 1080p frame, a run in which frames were missed", missed, "none", Frames)] : [],
        ];
    }

    private static async Task<int> PrintAsync(int frames, CancellationToken cancellation)
    {
        var (costs, once, twice) = await MeasureAsync(frames, cancellation);
        Console.WriteLine($"{frames} frames of 1920 x 1080, H.264, {LineClip.FramesPerSecond} a second, a vehicle moving in all of them; every figure is (twice the clip - the clip) / {frames}");
        Figure.Print([.. costs.Select(cost => new Figure(cost.What, Words(cost), cost.Wanted, frames))]);
        Console.WriteLine($"lane, twice the clip: looked at {twice.Frames} frames, of {twice.LookedPart} only at the part round a plate, dropped {twice.Dropped}, plates {twice.Plates}, read {twice.Reads}, passages {twice.Passages}, sightings' revisions {twice.Revisions}");
        if (Missed(frames, once, twice) is not { } missed)
        {
            return 0;
        }

        Console.WriteLine($"FAILED: {missed}. The machine is too busy: end other programs");
        return 1;
    }

    private static async Task<(Cost[] Costs, LineRun Once, LineRun Twice)> MeasureAsync(int frames, CancellationToken cancellation)
    {
        using var clip = LineClip.Record(frames);
        var decode = (clip.Twice.Cpu(Decode) - clip.Once.Cpu(Decode)) / frames;
        var capture = (clip.Twice.Cpu(Inside("capture")) - clip.Once.Cpu(Inside("capture"))) / frames;
        var stages = (clip.Twice.Cpu(Inside("passage")) - clip.Once.Cpu(Inside("passage"))) / frames;
        var once = await LineRun.OfAsync(clip.Once.Path, cancellation);
        var twice = await LineRun.OfAsync(clip.Twice.Path, cancellation);
        var (lane, hub) = ((twice.Lane - once.Lane) / frames, (twice.Hub - once.Hub) / frames);
        Cost Of(string what, TimeSpan cpu, string wanted = "") => new(what, cpu, cpu / decode, cpu / capture, wanted);
        return (
        [
            Of("ffmpeg -f null (baseline)", decode),
            Of("our Capture alone", capture),
            Of("Capture to Passage, in one process", stages),
            Of("the lane's process, and what it starts", lane),
            Of("the hub's process", hub),
            Of("the whole line: lane and hub", lane + hub, "at most 2.2 x ffmpeg, 1.5 x Capture"),
        ], once, twice);
    }

    private static string Words(Cost cost) =>
        FormattableString.Invariant($"{cost.Cpu.TotalMilliseconds:0.00} ms, {cost.OfDecode:0.00} x ffmpeg, {cost.OfCapture:0.00} x Capture");

    /// <summary>Null where each frame of both clips was looked at.</summary>
    private static string? Missed(int frames, LineRun once, LineRun twice) => once.Frames == frames && twice.Frames == 2 * frames
        ? null
        : $"{once.Frames} of {frames} and {twice.Frames} of {2 * frames} frames were looked at";

    private static string[] Decode(string path) => ["ffmpeg", "-v", "error", "-i", path, "-f", "null", "-"];

    private static Func<string, string[]> Inside(string what) => path => [Environment.ProcessPath!, Self, "line", "--inside", what, path];

    private sealed record Cost(string What, TimeSpan Cpu, double OfDecode, double OfCapture, string Wanted);
}
