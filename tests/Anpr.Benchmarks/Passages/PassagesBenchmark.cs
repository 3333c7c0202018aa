using System.CommandLine;
using System.Globalization;
using Anpr.Benchmarks.Reading;
using Anpr.Edge.Capture;
using Anpr.Edge.Passage;
using Anpr.Models.Plates;
using Anpr.Simulation.Processes;

namespace Anpr.Benchmarks.Passages;

/// <summary>
/// Simulated lorries, one plate in ten covered, through Capture, Detect, Read, Track and Passage: how many give exactly one passage, how
/// many of the readable ones the right text, and how many passages are nobody's.
/// </summary>
internal static class PassagesBenchmark
{
    private const int Lorries = 300;

    // A passage may begin and end a little outside the time in which the simulator has the vehicle in the picture.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private sealed record Seen(TimeSpan From, TimeSpan To, IReadOnlyCollection<string> Texts);

    private sealed record Result(IReadOnlyList<(TrueVehicle Vehicle, Seen[] Passages)> Vehicles, IReadOnlyList<Seen> Ghosts);

    public static Benchmark Create() => new("passages", "one passage per simulated vehicle: --vehicles N (300) --kind KIND (lorry; mix for all) --port PORT (coquelles) --seed S (1) --threads N (2)", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var vehicles = new Option<int>("--vehicles") { DefaultValueFactory = _ => Lorries };
        var kind = new Option<string>("--kind") { DefaultValueFactory = _ => "lorry" }.AcceptOnlyFromAmong("lorry", "coach", "car", "mix");
        var port = new Option<string>("--port") { DefaultValueFactory = _ => "coquelles" };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 2 };
        var verbose = new Option<bool>("--verbose") { Description = "a line per vehicle that went wrong" };
        var command = new RootCommand { vehicles, kind, port, seed, threads, verbose };
        command.SetAction(async (parsed, cancellation) =>
        {
            var seen = await MeasureAsync(parsed.GetRequiredValue(kind), parsed.GetRequiredValue(port), parsed.GetValue(vehicles), parsed.GetValue(seed), parsed.GetValue(threads), cancellation);
            Figure.Print(Figures(seen));
            if (parsed.GetValue(verbose))
            {
                PrintWrong(seen.Vehicles);
            }

            return seen.Vehicles.Count(IsOne) * 100 >= seen.Vehicles.Count * 99 && seen.Ghosts.Count == 0 ? 0 : 1;
        });
        return await Benchmark.InvokeAsync(command, args);
    }

    /// <summary>The figures of 300 lorries, for the table of the reading step.</summary>
    public static async Task<IReadOnlyList<Figure>> FiguresAsync(CancellationToken cancellation) =>
        Figures(await MeasureAsync("lorry", "coquelles", Lorries, 1, 2, cancellation));

    private static async Task<Result> MeasureAsync(string kind, string port, int vehicles, int seed, int threads, CancellationToken cancellation)
    {
        var parts = Math.Clamp(threads, 1, vehicles);
        var runs = Enumerable.Range(0, parts).Select(part => (From: vehicles * part / parts, To: vehicles * (part + 1) / parts));
        var results = await Task.WhenAll(runs.Select(run => Task.Run(() => PartAsync(kind, port, seed, run.From, run.To - run.From, cancellation), cancellation)));
        return new([.. results.SelectMany(result => result.Vehicles)], [.. results.SelectMany(result => result.Ghosts)]);
    }

    private static async Task<Result> PartAsync(string kind, string port, int seed, int from, int count, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("anpr-bench-").FullName;
        try
        {
            var clip = Path.Combine(folder, "clip.mp4");
            var truth = await Tool.RunAsync("clip", folder, new Programs().Simulation, cancellation, ["clip", "--port", port, "--seed", Text(seed), "--from", Text(from), "--vehicles", Text(count), .. kind == "mix" ? Array.Empty<string>() : ["--kind", kind], clip]);
            var passages = await SeeAsync(clip, cancellation);
            var vehicles = TrueVehicle.Parse(truth.Split('\n'));
            return new(
                [.. vehicles.Select(vehicle => (vehicle, passages.Where(passage => IsOf(passage, vehicle)).ToArray()))],
                [.. passages.Where(passage => !vehicles.Any(vehicle => IsOf(passage, vehicle)))]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsOf(Seen passage, TrueVehicle vehicle) => passage.From < vehicle.To + Slack && passage.To > vehicle.From - Slack;

    private static async Task<IReadOnlyList<Seen>> SeeAsync(string clip, CancellationToken cancellation)
    {
        using var models = VisionModels.Load();
        using var vision = new Vision(new VisionOptions(), models, TimeProvider.System);
        await using var source = FrameSource.Open(clip, new CaptureOptions());
        var (closed, texts) = (new List<PassageRecord>(), new Dictionary<Guid, string>());
        void Take(IEnumerable<PassageChange> changes)
        {
            foreach (var change in changes)
            {
                if (change.Sighting is { } sighting)
                {
                    texts[sighting.Id] = sighting.Text;
                }

                if (change.Passage.Stage == RecordStage.Closed)
                {
                    closed.Add(change.Passage);
                }
            }
        }

        DateTimeOffset? first = null;
        await foreach (var frame in source.ReadAsync(cancellation))
        {
            using (frame)
            {
                first ??= frame.Time - frame.Offset;
                Take(vision.Process(frame));
            }
        }

        Take(vision.Flush());
        return [.. closed.DistinctBy(passage => passage.Id).Select(passage => new Seen(
            passage.OpenedAt - first!.Value, (passage.ClosedAt ?? passage.OpenedAt) - first.Value, [.. passage.SightingIds.Select(id => texts[id])]))];
    }

    private static IReadOnlyList<Figure> Figures(Result seen)
    {
        var (covered, readable) = (seen.Vehicles.Where(one => one.Vehicle.Covered).ToArray(), seen.Vehicles.Where(one => !one.Vehicle.Covered).ToArray());
        return
        [
            Figure.Share("simulated vehicles, exactly one passage", seen.Vehicles.Count(IsOne), seen.Vehicles.Count, "at least 99 %"),
            Figure.Share("simulated vehicles, no passage", seen.Vehicles.Count(one => one.Passages.Length == 0), seen.Vehicles.Count, ""),
            new("passages of nobody", Text(seen.Ghosts.Count), "0", seen.Vehicles.Count),
            Figure.Share("of readable plates, text right, merged", readable.Count(IsRight), readable.Length, ""),
            Figure.Share("of covered plates, one passage without a text", covered.Count(one => one.Passages is [{ Texts.Count: 0 }]), covered.Length, ""),
        ];
    }

    private static bool IsOne((TrueVehicle Vehicle, Seen[] Passages) one) => one.Passages.Length == 1;

    private static bool IsRight((TrueVehicle Vehicle, Seen[] Passages) one) =>
        IsOne(one) && one.Passages[0].Texts.Any(text => PlateText.Merge(text) == PlateText.Merge(one.Vehicle.Text));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void PrintWrong(IEnumerable<(TrueVehicle Vehicle, Seen[] Passages)> all)
    {
        foreach (var (vehicle, passages) in all)
        {
            if (passages.Length != 1 || (vehicle.Covered ? passages[0].Texts.Count > 0 : !passages[0].Texts.Contains(vehicle.Text, StringComparer.Ordinal)))
            {
                Console.WriteLine($"  slot {vehicle.Slot} {vehicle.Text}{(vehicle.Covered ? " covered" : "")} {vehicle.From.TotalSeconds:0.0}-{vehicle.To.TotalSeconds:0.0} s: {string.Join("; ", passages.Select(p => $"{p.From.TotalSeconds:0.0}-{p.To.TotalSeconds:0.0} s [{string.Join(' ', p.Texts)}]"))}");
            }
        }
    }
}
