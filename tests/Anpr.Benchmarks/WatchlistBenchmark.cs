using System.CommandLine;
using Anpr.Models.Plates;

namespace Anpr.Benchmarks;

/// <summary>What it costs to compare a sighting with a long watchlist, against looking at each entry.</summary>
internal static class WatchlistBenchmark
{
    private const int Reads = 2000;
    private const int BaselineReads = 10;
    private const string Letters = "ABCDEFGHJKLMNOPQRSTUVWXYZ";

    public static Benchmark Create() => new("watchlist", "time of a sighting against a long list of exact, wildcard and fuzzy entries [--entries N] [--seed S]", async args =>
    {
        var entries = Benchmark.Number("--entries", 100_000, 1);
        var seed = Benchmark.Number("--seed", 1, 0);
        var command = new RootCommand { entries, seed };
        command.SetAction(parsed => Measure(parsed.GetRequiredValue(entries), new Random(parsed.GetRequiredValue(seed))));
        return await Benchmark.InvokeAsync(command, args);
    });

    private static int Measure(int count, Random random)
    {
        var list = Enumerable.Range(0, count).Select(i => Entry(random, (ListedKind)(i % 3))).ToList();
        // Half of the reads are of listed plates, one character of some unsure or misread.
        var reads = Enumerable.Range(0, Reads).Select(i => Read(random, i % 2 == 0 ? Plate(random) : list[random.Next(count)].Pattern)).ToList();
        var start = TimeProvider.System.GetTimestamp();
        var index = new WatchlistIndex<ListedPattern>(list, e => e);
        var made = TimeProvider.System.GetElapsedTime(start);
        foreach (var read in reads)
        {
            index.Match(read); // once before it counts
        }

        var (times, hits) = (new double[Reads], 0);
        for (var i = 0; i < Reads; i++)
        {
            start = TimeProvider.System.GetTimestamp();
            hits += index.Match(reads[i]).Count;
            times[i] = TimeProvider.System.GetElapsedTime(start).TotalMicroseconds;
        }

        start = TimeProvider.System.GetTimestamp();
        var (each, same) = (0, 0);
        foreach (var read in reads.Take(BaselineReads))
        {
            var found = list.Count(e => e.Of(read).Fit != PatternFit.None);
            each += found;
            same += index.Match(read).Count;
        }

        var one = TimeProvider.System.GetElapsedTime(start).TotalMicroseconds / BaselineReads;
        Array.Sort(times);
        var p50 = times[Reads / 2];
        Console.WriteLine(FormattableString.Invariant(
            $"{count} entries, {Reads} reads, {hits} hits, 1 thread: p50 {p50:0} us, p99 {times[Reads * 99 / 100]:0} us, most {times[^1]:0} us; made in {made.TotalMilliseconds:0} ms; each entry by itself {one:0} us, ratio {p50 / one:0.0000}"));
        if (each != same)
        {
            Console.Error.WriteLine($"anpr bench: the index found {same} entries where looking at each finds {each}");
        }

        return each == same ? 0 : 1;
    }

    private static ListedPattern Entry(Random random, ListedKind kind)
    {
        var plate = Plate(random);
        return new(kind != ListedKind.Wildcard ? plate : random.Next(3) switch { 0 => plate[..4] + "*", 1 => "*" + plate[^4..], _ => plate[..2] + "?" + plate[3..5] + "?" + plate[6] }, kind);
    }

    private static string Plate(Random random) => string.Concat("LLDDLLL".Select(c => c == 'D' ? (char)('0' + random.Next(10)) : Letters[random.Next(Letters.Length)]));

    private static PlateReading Read(Random random, string pattern)
    {
        var text = string.Concat(pattern.Replace("*", "", StringComparison.Ordinal).Select(c => c == '?' ? 'X' : c));
        var unsure = random.Next(text.Length * 2);
        return PlateReading.Of(text, [.. text.Select((c, i) => (IReadOnlyList<CharacterChance>)(i == unsure
            ? [new(c, 0.6), new(PlateText.Alphabet[random.Next(PlateText.Alphabet.Length)], 0.3)]
            : [new(c, 0.99)]))]);
    }
}
