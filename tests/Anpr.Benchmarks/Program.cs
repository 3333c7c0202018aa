using Anpr.Benchmarks;
using Anpr.Benchmarks.Alerts;
using Anpr.Benchmarks.Cameras;
using Anpr.Benchmarks.Crash;
using Anpr.Benchmarks.Fuzz;
using Anpr.Benchmarks.Hub;
using Anpr.Benchmarks.Line;
using Anpr.Benchmarks.Link;
using Anpr.Benchmarks.Passages;
using Anpr.Benchmarks.Reading;

// ./anpr bench [NAME] [options]: without a name, lists what there is.
Benchmark[] all =
[
    AlertsBenchmark.Create(),
    CrashBenchmark.Create(),
    FuzzBenchmark.Create(),
    ModelsBenchmark.Create(),
    PassagesBenchmark.Create(),
    ReadingBenchmark.Create(),
    ConfidenceBenchmark.Create(),
    SyntaxBenchmark.Create(),
    LineBenchmark.Create(),
    StillBenchmark.Create(),
    CamerasBenchmark.Create(),
    LinkBenchmark.Create(),
    WatchlistBenchmark.Create(),
    HubBenchmark.Create(),
    RetentionBenchmark.Create(),
];

if (args.Length == 0 || args[0] is "-h" or "--help")
{
    Console.WriteLine("usage: ./anpr bench NAME [options]");
    foreach (var benchmark in all)
    {
        Console.WriteLine($"  {benchmark.Name,-10} {benchmark.Summary}");
    }

    return 0;
}

var chosen = Array.Find(all, b => b.Name == args[0]);
if (chosen is null)
{
    Console.Error.WriteLine($"there is no benchmark '{args[0]}'. See ./anpr bench --help");
    return 2;
}

Console.WriteLine(Machine.Line());
return await chosen.Run(args[1..]).ConfigureAwait(false);
