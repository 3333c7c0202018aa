using System.CommandLine;
using System.Diagnostics;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Movements;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Microsoft.Extensions.Options;

namespace Anpr.Benchmarks.Link;

/// <summary>
/// How many vehicles are recognised across three ports, and how many are taken for others: simulated traffic with known truth
/// (<see cref="PortTraffic"/>) at several accuracies of reading, or any traffic in the import's form. Beside our linker stand exact match and
/// two published rules.
/// </summary>
internal static class LinkBenchmark
{
    private static readonly double[] Accuracies = [0.90, 0.95, 0.98];

    private static readonly (SourceSays Says, string Words)[] Says =
    [
        (SourceSays.Characters, "with the reader's probabilities"), (SourceSays.Confidence, "with one confidence for each text"), (SourceSays.Text, "with texts alone"),
    ];

    public static Benchmark Create() => new("link", "vehicles recognised across three ports, beside exact match and published rules: --vehicles N (35000) --days N (7) --seed S (1) --traffic FILE --truth FILE", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var vehicles = Benchmark.Number("--vehicles", 35_000, 100);
        var days = Benchmark.Number("--days", 7, 1);
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var traffic = new Option<string?>("--traffic") { Description = "sightings in the import's form, one JSON object a line (docs/json.md)" };
        var truth = new Option<string?>("--truth") { Description = "CSV: id,vehicle and, if it is known, plate" };
        var bank = new Option<string?>("--bank") { Description = "write a file of reads of our reader, and do nothing else" };
        var passages = Benchmark.Number("--passages", 4000, 1);
        var alerts = new Option<bool>("--alerts") { Description = "how many alerts a day the rules on pairings and company would raise, and do nothing else" };
        var command = new RootCommand { alerts, vehicles, days, seed, traffic, truth, bank, passages };
        command.Validators.Add(given =>
        {
            if (given.GetValue(traffic) is null != given.GetValue(truth) is null)
            {
                given.AddError("--traffic and --truth: give both or none");
            }
        });
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(bank) is { } path)
            {
                ReadBank.Write(path, parsed.GetValue(passages), parsed.GetValue(seed));
            }
            else if (parsed.GetValue(traffic) is { } file)
            {
                try
                {
                    Compare(file, LinkTraffic.Load(file, parsed.GetValue(truth)!));
                }
                catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
                {
                    Console.Error.WriteLine($"anpr bench: {e.Message}");
                    return 2;
                }
            }
            else
            {
                Simulate(parsed.GetValue(vehicles), parsed.GetValue(days), parsed.GetValue(seed), parsed.GetValue(alerts));
            }

            return 0;
        });
        return await Benchmark.InvokeAsync(command, args);
    }

    private static void Simulate(int vehicles, int days, int seed, bool alerts)
    {
        var passings = PortTraffic.Make(CountryTable.LoadShipped(), vehicles, days, seed);
        Console.WriteLine($"{vehicles} vehicles in {days} days: {passings.Count} sightings, seed {seed}");
        if (alerts)
        {
            foreach (var accuracy in Accuracies)
            {
                var seen = LinkTraffic.Read(passings, accuracy, SourceSays.Characters, seed);
                Console.WriteLine(RuleTally.Of(Linked(seen).Store, seen, days));
            }

            return;
        }

        foreach (var accuracy in Accuracies)
        {
            foreach (var (says, words) in Says)
            {
                var seen = LinkTraffic.Read(passings, accuracy, says, seed);
                var right = seen.Count(s => s.Row.Text == s.Plate);
                Compare(FormattableString.Invariant($"{100.0 * right / seen.Count:0.0} % of whole plates read right, {words}"), seen);
            }
        }
    }

    private static void Compare(string name, IReadOnlyList<SeenPlate> seen)
    {
        Console.WriteLine();
        Console.WriteLine(name);
        Console.WriteLine($"{"",-18} {"true pairs linked",22} {"false links of 1,000",22} {"microseconds each",18}");
        foreach (var rule in (LinkRule[])[LinkRule.Exact(), LinkRule.Levenshtein(), LinkRule.Genetec()])
        {
            var clock = Stopwatch.StartNew();
            Print(rule.Name, seen, [.. seen.Select(rule.Link)], clock.Elapsed);
        }

        var ours = Stopwatch.StartNew();
        var (vehicles, reliability) = Ours(seen);
        Print("ours", seen, vehicles, ours.Elapsed);
        Console.WriteLine($"links shown as so probable, and how many were right: {reliability}");
    }

    // As the hub does it, in the order of time; which vehicle a sighting belongs to is asked at the end, when later ones have had their say.
    private static (List<string> Vehicles, Reliability Reliability) Ours(IReadOnlyList<SeenPlate> seen)
    {
        var (store, reliability) = Linked(seen);
        return ([.. seen.Select(s => store.Get(StoredSighting.Table, s.Row.Id)!.Vehicle)], reliability);
    }

    private static (MemoryStore Store, Reliability Reliability) Linked(IReadOnlyList<SeenPlate> seen)
    {
        var truth = new Dictionary<string, string>(StringComparer.Ordinal);
        var reliability = new Reliability();
        var store = new MemoryStore();
        var linker = new Linker(Options.Create(new LinkOptions()), TimeProvider.System, store);
        var next = seen[0].Row.Time + Teaching.Every;
        foreach (var plate in seen)
        {
            if (plate.Row.Time >= next)
            {
                next = plate.Row.Time + Teaching.Every;
                var (version, pairs) = Learned.Next(store, plate.Row.Time, plate.Row.Time - Teaching.Settled);
                Learned.Keep(store, version, pairs);
                linker.Reload();
            }

            var message = Importer.ToSighting(plate.Row, plate.Row.Side == "rear" ? Side.Rear : Side.Front, Direction.Towards);
            var linked = linker.Link(store, new StoredSighting(plate.Row.Id, plate.Row.Port, plate.Row.Lane, message, "", plate.Row.Time, false, "", 0, []));
            linker.Learn(linked);
            truth[plate.Row.Id] = plate.Vehicle;
            if (linked.Previous is { } previous)
            {
                reliability.Add(linked.Sighting.LinkProbability, truth[previous.Id] == plate.Vehicle);
            }
        }

        return (store, reliability);
    }

    private static void Print(string name, IReadOnlyList<SeenPlate> seen, IReadOnlyList<string> vehicles, TimeSpan time)
    {
        var tally = LinkTally.Of(seen, vehicles);
        var (linked, wrong) = (FormattableString.Invariant($"{100 * tally.Share:0.00} % of {tally.TruePairs}"), FormattableString.Invariant($"{tally.FalsePerThousand:0.00} ({tally.False})"));
        Console.WriteLine(FormattableString.Invariant($"{name,-18} {linked,22} {wrong,22} {time.TotalMicroseconds / seen.Count,18:0.0}"));
    }
}
