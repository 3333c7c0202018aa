using System.CommandLine;

namespace Anpr.Benchmarks.Fuzz;

/// <summary>
/// Damaged pictures, clips, folders and streams through <c>FrameSource</c>, as <c>anpr read</c> reads them: each must be read or refused in
/// one line, within 20 s, and the reading process must live and not grow.
/// </summary>
internal static class FuzzBenchmark
{
    private const string Files = "files";
    private const string Requests = "requests";

    public static Benchmark Create() => new("fuzz", "damaged files and streams, none of which may crash, hang or grow: --inputs N (10000) --seed S (1) --patience SECONDS (20) --keep DIR; --only requests: malformed requests to a hub instead", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        if (FuzzJob.Parse(args) is { } job)
        {
            return await FuzzInside.RunAsync(job);
        }

        var inputs = Benchmark.Number("--inputs", 10_000, 1);
        var seed = Benchmark.Number("--seed", 1, 0);
        var patience = Benchmark.Number("--patience", 20, 1);
        var keep = new Option<string>("--keep") { DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "anpr-fuzz-kept") };
        var breaks = new Option<bool>("--break") { Hidden = true, Description = "three inputs fail on purpose" };
        var only = new Option<string>("--only") { DefaultValueFactory = _ => Files, Description = "files (read as anpr read does) or requests (to a hub)" };
        only.AcceptOnlyFromAmong(Files, Requests);
        var command = new RootCommand { inputs, seed, keep, patience, breaks, only };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(only) == Requests)
            {
                return await FuzzedRequests.RunAsync(parsed.GetValue(inputs), parsed.GetValue(seed), cancellation);
            }

            var folder = Directory.CreateTempSubdirectory("anpr-fuzz-");
            try
            {
                var (originals, work) = (folder.CreateSubdirectory("originals").FullName, folder.CreateSubdirectory("work").FullName);
                Originals.Make(originals);
                var plan = new FuzzPlan(originals, parsed.GetValue(seed));
                var result = new FuzzResult(plan, parsed.GetValue(keep)!);
                var run = new FuzzRun(result, TimeSpan.FromSeconds(parsed.GetValue(patience)));
                var all = new FuzzJob(originals, work, parsed.GetValue(seed), plan.First, parsed.GetValue(inputs), Streams: false, parsed.GetValue(breaks));
                await Task.WhenAll(run.RunAsync(all, cancellation), run.RunAsync(all with { Streams = true }, cancellation));
                return result.Print() ? 0 : 1;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return await Benchmark.InvokeAsync(command, args);
    }
}
