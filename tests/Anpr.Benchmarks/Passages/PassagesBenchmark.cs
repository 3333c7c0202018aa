using System.CommandLine;
using System.Globalization;
using Anpr.Edge.Capture;
using Anpr.Edge.Passage;
using Anpr.Models.Plates;
using Anpr.Simulation.Processes;

namespace Anpr.Benchmarks.Passages;

/// <summary>
/// Simulated vehicles, one plate in ten covered, through Capture, Detect, Read, Track and Passage: how many give exactly
/// one passage, and how many of the readable ones the right text.
/// </summary>
internal static class PassagesBenchmark
{
    // A passage may begin and end a little outside the time in which the simulator has the vehicle in the picture.
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    private sealed record Seen(TimeSpan From, TimeSpan To, IReadOnlyCollection<string> Texts);

    public static Benchmark Create() => new("passages", "one passage per simulated vehicle: --vehicles N (300) --port PORT (coquelles) --seed S (1) --threads N (2)", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var vehicles = new Option<int>("--vehicles") { DefaultValueFactory = _ => 300 };
        var port = new Option<string>("--port") { DefaultValueFactory = _ => "coquelles" };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => 2 };
        var verbose = new Option<bool>("--verbose") { Description = "a line per vehicle that went wrong" };
        var command = new RootCommand { vehicles, port, seed, threads, verbose };
        command.SetAction(async (parsed, cancellation) =>
        {
            var all = parsed.GetValue(vehicles);
            var parts = Math.Clamp(parsed.GetValue(threads), 1, all);
            var runs = Enumerable.Range(0, parts).Select(part => (From: all * part / parts, To: all * (part + 1) / parts));
            var results = await Task.WhenAll(runs.Select(run => Task.Run(
                () => PartAsync(parsed.GetRequiredValue(port), parsed.GetValue(seed), run.From, run.To - run.From, cancellation),
                cancellation)));
            return Print([.. results.SelectMany(result => result)], parsed.GetValue(verbose));
        });
        return await Benchmark.InvokeAsync(command, args);
    }

    private static async Task<IReadOnlyList<(TrueVehicle Vehicle, Seen[] Passages)>> PartAsync(string port, int seed, int from, int count, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("anpr-bench-").FullName;
        try
        {
            var clip = Path.Combine(folder, "clip.mp4");
            string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
            var truth = await Tool.RunAsync("clip", folder, new Programs().Simulation, cancellation, "clip", "--port", port, "--seed", Text(seed), "--from", Text(from), "--vehicles", Text(count), clip);
            var passages = await SeeAsync(clip, cancellation);
            return [.. TrueVehicle.Parse(truth.Split('\n')).Select(vehicle => (vehicle, passages.Where(passage => passage.From < vehicle.To + Slack && passage.To > vehicle.From - Slack).ToArray()))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

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

    private static int Print(IReadOnlyList<(TrueVehicle Vehicle, Seen[] Passages)> all, bool verbose)
    {
        var readable = all.Where(one => !one.Vehicle.Covered).ToArray();
        var covered = all.Where(one => one.Vehicle.Covered).ToArray();
        var right = readable.Count(one => one.Passages.Length == 1 && one.Passages[0].Texts.Any(text => PlateText.Merge(text) == PlateText.Merge(one.Vehicle.Text)));
        var exactlyOne = all.Count(one => one.Passages.Length == 1);
        Console.WriteLine($"vehicles                  {all.Count,5}   of them with a covered plate {covered.Length}");
        Console.WriteLine($"exactly one passage       {exactlyOne,5}   (at least 99 % wanted)");
        Console.WriteLine($"no passage                {all.Count(one => one.Passages.Length == 0),5}");
        Console.WriteLine($"more than one             {all.Count(one => one.Passages.Length > 1),5}");
        Console.WriteLine($"covered, passage unread   {covered.Count(one => one.Passages is [{ Texts.Count: 0 }]),5}   of {covered.Length}");
        Console.WriteLine($"readable, text right      {right,5}   of {readable.Length} (O=0, I=1 merged)");
        foreach (var (vehicle, passages) in all.Where(_ => verbose))
        {
            if (passages.Length != 1 || (!vehicle.Covered && !passages[0].Texts.Contains(vehicle.Text, StringComparer.Ordinal)))
            {
                Console.WriteLine($"  slot {vehicle.Slot} {vehicle.Text}{(vehicle.Covered ? " covered" : "")} {vehicle.From.TotalSeconds:0.0}-{vehicle.To.TotalSeconds:0.0} s: {string.Join("; ", passages.Select(p => $"{p.From.TotalSeconds:0.0}-{p.To.TotalSeconds:0.0} s [{string.Join(' ', p.Texts)}]"))}");
            }
        }

        return exactlyOne * 100 >= all.Count * 99 ? 0 : 1;
    }
}
