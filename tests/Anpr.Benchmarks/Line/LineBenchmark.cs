using System.CommandLine;

namespace Anpr.Benchmarks.Line;

/// <summary>
/// CPU time (user + system, all processes) of the whole line for each 1080p H.264 frame, with a moving vehicle in every frame and every
/// frame looked at: a real lane process and a real hub, beside <c>ffmpeg -f null</c> on the same file, our Capture alone, and our stages
/// up to Passage. Each is measured over a clip and over the same clip twice; the difference leaves starting, compiling and ending out.
/// </summary>
internal static class LineBenchmark
{
    private static readonly string Self = typeof(LineBenchmark).Assembly.Location;

    public static Benchmark Create() => new("line", "CPU time of the line for each 1080p frame, beside ffmpeg's decoding: --frames N (240; 48 to 400)", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        if (args is ["--inside", var what, var path])
        {
            return await InsideRun.RunAsync(what, path);
        }

        var frames = new Option<int>("--frames") { DefaultValueFactory = _ => 240 };
        frames.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 48 or > 400)
            {
                given.AddError("--frames: allowed is 48 to 400");
            }
        });
        var command = new RootCommand { frames };
        command.SetAction((parsed, cancellation) => MeasureAsync(parsed.GetValue(frames), cancellation));
        return await Benchmark.InvokeAsync(command, args);
    }

    private static async Task<int> MeasureAsync(int frames, CancellationToken cancellation)
    {
        using var clip = LineClip.Record(frames);
        var decode = (clip.Twice.Cpu(Decode) - clip.Once.Cpu(Decode)) / frames;
        var capture = (clip.Twice.Cpu(Inside("capture")) - clip.Once.Cpu(Inside("capture"))) / frames;
        var stages = (clip.Twice.Cpu(Inside("passage")) - clip.Once.Cpu(Inside("passage"))) / frames;
        var once = await LineRun.OfAsync(clip.Once.Path, cancellation);
        var twice = await LineRun.OfAsync(clip.Twice.Path, cancellation);
        var (lane, hub) = ((twice.Lane - once.Lane) / frames, (twice.Hub - once.Hub) / frames);
        var line = lane + hub;

        Console.WriteLine($"{frames} frames of 1920 x 1080, H.264, {LineClip.FramesPerSecond} a second, a vehicle moving in all of them; every figure is (twice the clip - the clip) / {frames}");
        void Print(string name, TimeSpan cpu) =>
            Console.WriteLine(FormattableString.Invariant($"{name,-42} {cpu.TotalMilliseconds,7:0.00} ms CPU a frame {cpu / decode,7:0.00} x ffmpeg {cpu / capture,6:0.00} x Capture"));
        Print("ffmpeg -f null (baseline)", decode);
        Print("our Capture alone", capture);
        Print("Capture to Passage, in one process", stages);
        Print("the lane's process, and what it starts", lane);
        Print("the hub's process", hub);
        Print("the whole line: lane and hub", line);
        Console.WriteLine($"lane, twice the clip: looked at {twice.Frames} frames, of {twice.LookedPart} only at the part round a plate, dropped {twice.Dropped}, plates {twice.Plates}, read {twice.Reads}, passages {twice.Passages}, sightings' revisions {twice.Revisions}");
        if (once.Frames == frames && twice.Frames == 2 * frames)
        {
            return 0;
        }

        Console.WriteLine($"FAILED: {once.Frames} of {frames} and {twice.Frames} of {2 * frames} frames were looked at. The machine is too busy: end other programs");
        return 1;
    }

    private static string[] Decode(string path) => ["ffmpeg", "-v", "error", "-i", path, "-f", "null", "-"];

    private static Func<string, string[]> Inside(string what) => path => [Environment.ProcessPath!, Self, "line", "--inside", what, path];
}
