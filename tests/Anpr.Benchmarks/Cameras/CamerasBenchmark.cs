using System.CommandLine;
using System.Globalization;
using Anpr.Benchmarks.Reading;
using Anpr.Edge.Capture;
using OpenCvSharp;

namespace Anpr.Benchmarks.Cameras;

/// <summary>
/// Cameras that freeze, are covered, are moved and go out of focus, by day and by night, in traffic and weather: how many are found within
/// ten seconds as what they are. And a day in which nothing is wrong but a queue stands at night: how many are found all the same.
/// </summary>
internal static class CamerasBenchmark
{
    private const int Faults = 100;
    private const double Hours = 24;
    private const int Seed = 7001;
    private const int Workers = 2;
    private const int EpisodesPerLane = 5;
    private const int Vehicles = 4;
    private const int EncodedShare = 10;
    private const double QueueFrom = 2 * 3600;

    private static readonly CameraFault[] Kinds = [CameraFault.Frozen, CameraFault.Covered, CameraFault.Moved, CameraFault.Defocused];

    public static Benchmark Create() => new("cameras", "camera faults found within 10 s, and a day without: --faults N of each kind (100) --hours H (24) --seed S (7001) --threads N (2)", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var faults = new Option<int>("--faults") { DefaultValueFactory = _ => Faults };
        var hours = new Option<double>("--hours") { DefaultValueFactory = _ => Hours };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => Seed };
        var threads = new Option<int>("--threads") { DefaultValueFactory = _ => Workers };
        var verbose = new Option<bool>("--verbose") { Description = "a line for each fault that was not found" };
        faults.Validators.Add(given => Allow(given.GetValueOrDefault<int>() is >= 0 and <= 1000, "--faults: allowed is 0 to 1000", given));
        hours.Validators.Add(given => Allow(given.GetValueOrDefault<double>() is >= 0 and <= 24, "--hours: allowed is 0 to 24", given));
        threads.Validators.Add(given => Allow(given.GetValueOrDefault<int>() is >= 1 and <= 64, "--threads: allowed is 1 to 64", given));
        var command = new RootCommand { faults, hours, seed, threads, verbose };
        command.SetAction(async (parsed, cancellation) =>
        {
            Cv2.SetNumThreads(1);
            var workers = parsed.GetValue(threads);
            var (found, without) = await MeasureAsync(parsed.GetValue(faults), parsed.GetValue(hours), parsed.GetValue(seed), workers, cancellation);
            Print(found, workers, parsed.GetValue(verbose));
            PrintDay(without);
            return Kinds.All(kind => Share(found.Trials, kind) >= 0.98) && without.False.Count == 0 ? 0 : 1;
        });
        return await Benchmark.InvokeAsync(command, args);
    }

    /// <summary>The figures of 100 faults of each kind and of a day without any, for the table of the reading step.</summary>
    public static async Task<IReadOnlyList<Figure>> FiguresAsync(CancellationToken cancellation)
    {
        Cv2.SetNumThreads(1);
        var (found, day) = await MeasureAsync(Faults, Hours, Seed, Workers, cancellation);
        return
        [
            .. Kinds.Select(kind => Figure.Share(
                $"cameras, {kind.ToString().ToLowerInvariant()}: told as such within {Trial.Wanted:0} s", found.Trials.Count(t => t.Kind == kind && t.Found), found.Trials.Count(t => t.Kind == kind), "98 %")),
            new(FormattableString.Invariant($"cameras, told wrongly between faults in {found.WellSeconds / 3600:0.0} h"), found.False.Count.ToString(CultureInfo.InvariantCulture), "0", found.Trials.Count),
            new(FormattableString.Invariant($"cameras, told wrongly in {day.WellSeconds / 3600:0} h with two queues at night"), day.False.Count.ToString(CultureInfo.InvariantCulture), "0", 1),
        ];
    }

    private static async Task<(Findings Found, Findings Day)> MeasureAsync(int faults, double hours, int seed, int workers, CancellationToken cancellation)
    {
        var day = Task.Run(() => Day(seed, hours, cancellation), cancellation);
        var found = Gather(await FaultsAsync(faults, seed, workers, cancellation));
        return (found, await day);
    }

    private static void Allow(bool allowed, string words, System.CommandLine.Parsing.OptionResult given)
    {
        if (!allowed)
        {
            given.AddError(words);
        }
    }

    private static async Task<Findings[]> FaultsAsync(int each, int seed, int workers, CancellationToken cancellation)
    {
        var (encoded, plain) = (each / EncodedShare, each - (each / EncodedShare));
        var lanes = Enumerable.Range(0, (plain + EpisodesPerLane - 1) / EpisodesPerLane).Select<int, Func<Task<Findings>>>(i => () => Task.FromResult(Lane(i, plain, seed)));
        var clips = Enumerable.Range(0, encoded).Select<int, Func<Task<Findings>>>(i => () => ClipsAsync(i, seed, cancellation));
        Func<Task<Findings>> queue = () => QueueAsync(seed, cancellation);
        var results = new System.Collections.Concurrent.ConcurrentBag<Findings>();
        await Parallel.ForEachAsync(
            lanes.Concat(clips).Concat(encoded > 0 ? [queue] : []),
            new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation },
            async (work, _) => results.Add(await work()));
        return [.. results];
    }

    private static Findings Lane(int index, int plain, int seed)
    {
        using var lane = new PaintedLane((seed * 100) + index, Vehicles);
        var from = index * EpisodesPerLane;
        return Gather([.. Enumerable.Range(from, Math.Min(EpisodesPerLane, plain - from)).Select(e => Episode.Run(lane, (seed * 1000) + e))]);
    }

    private static async Task<Findings> ClipsAsync(int index, int seed, CancellationToken cancellation)
    {
        using var lane = new PaintedLane((seed * 100) + 80 + index, Vehicles);
        var found = new List<Findings>();
        foreach (var kind in Kinds)
        {
            found.Add(await EncodedEpisode.RunAsync(lane, kind, (seed * 1000) + 800 + (index * Kinds.Length) + (int)kind, cancellation));
        }

        return Gather(found);
    }

    private static async Task<Findings> QueueAsync(int seed, CancellationToken cancellation)
    {
        using var lane = new PaintedLane((seed * 100) + 99, Vehicles);
        return await EncodedEpisode.QueueAsync(lane, seed, minutes: 20, cancellation);
    }

    /// <summary>One camera, one look a second, nothing wrong; from 02:00 on a queue stands.</summary>
    private static Findings Day(int seed, double hours, CancellationToken cancellation)
    {
        using var lane = new PaintedLane(seed, 6);
        using var camera = new CameraRun(lane, seed, 0, looksPerSecond: 1, QueueFrom);
        var alarms = new List<FalseAlarm>();
        var before = CameraFault.None;
        while (camera.Now < hours * 3600)
        {
            cancellation.ThrowIfCancellationRequested();
            var told = camera.Look().Fault;
            if (told != before && told != CameraFault.None)
            {
                alarms.Add(new(told, camera.Now / 3600, "of the day"));
            }

            before = told;
        }

        return new([], alarms, camera.Now);
    }

    private static Findings Gather(IReadOnlyList<Findings> parts) =>
        new([.. parts.SelectMany(p => p.Trials)], [.. parts.SelectMany(p => p.False)], parts.Sum(p => p.WellSeconds));

    private static double Share(IReadOnlyList<Trial> trials, CameraFault kind) =>
        trials.Any(t => t.Kind == kind) ? trials.Where(t => t.Kind == kind).Average(t => t.Found ? 1.0 : 0) : 1;

    private static void Print(Findings found, int threads, bool verbose)
    {
        Console.WriteLine($"{PaintedLane.Width}x{PaintedLane.Height} pictures, 2 looks a second, {threads} threads");
        Console.WriteLine($"{"fault",-10} {"cameras",8} {"found in 10 s",14} {"share",7} {"(98 % wanted)",14} {"of them H.264",14} {"as another",11} {"later or not",13} {"median s",9} {"over again",11}");
        foreach (var kind in Kinds)
        {
            var trials = found.Trials.Where(t => t.Kind == kind).ToArray();
            var (right, coded) = (trials.Where(t => t.Found).ToArray(), trials.Where(t => t.Encoded).ToArray());
            var other = trials.Count(t => t.Told != CameraFault.None && t.Told != kind);
            var mended = trials.Where(t => !t.Encoded).ToArray();
            var median = right.Length > 0 ? right.Select(t => t.AfterSeconds).Order().ElementAt(right.Length / 2) : double.NaN;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{kind.ToString().ToLowerInvariant(),-10} {trials.Length,8} {right.Length,14} {Share(trials, kind),7:0.0%} {"",14} {$"{coded.Count(t => t.Found)} of {coded.Length}",14} {other,11} {trials.Length - right.Length - other,13} {median,9:0.0} {$"{mended.Count(t => t.OverAfterSeconds is not null)} of {mended.Length}",11}"));
        }

        foreach (var trial in found.Trials.Where(t => verbose && !t.Found))
        {
            Console.WriteLine(FormattableString.Invariant($"  {trial.Kind} ({trial.Words}): told {trial.Told} after {trial.AfterSeconds:0.0} s"));
        }

        Console.WriteLine(FormattableString.Invariant($"false ones before and between faults, and in 20 minutes of an encoded queue: {found.False.Count} in {found.WellSeconds / 3600:0.0} h"));
        PrintAlarms(found);
    }

    private static void PrintDay(Findings day)
    {
        Console.WriteLine(FormattableString.Invariant($"false ones in {day.WellSeconds / 3600:0.0} simulated hours with two queues of 20 minutes at night: {day.False.Count} (none wanted)"));
        PrintAlarms(day);
    }

    private static void PrintAlarms(Findings found)
    {
        foreach (var alarm in found.False)
        {
            Console.WriteLine(FormattableString.Invariant($"  {alarm.Told} at {alarm.Hour:0.000} h {alarm.Where}"));
        }
    }
}
