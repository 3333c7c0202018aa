using System.CommandLine;
using Anpr.EndToEnd.Site;
using Anpr.Simulation.Demo;

namespace Anpr.Benchmarks.Crash;

/// <summary>Kills hub and lanes at random moments under simulated traffic: passages that the lanes closed against passages stored.</summary>
internal static class CrashBenchmark
{
    public static Benchmark Create() => new("crash", "kills of lanes and hub under traffic: --kills N (100) --seed S (1) --lanes N (3) --pace X (2)", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var kills = new Option<int>("--kills") { DefaultValueFactory = _ => 100 };
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => 1 };
        var lanes = new Option<int>("--lanes") { DefaultValueFactory = _ => 3 };
        var pace = new Option<double>("--pace") { DefaultValueFactory = _ => 2 };
        var command = new RootCommand { kills, seed, lanes, pace };
        command.SetAction(async (parsed, cancellation) =>
        {
            var ports = PortPlan.All(new Dictionary<string, string>(StringComparer.Ordinal)).Take(Math.Clamp(parsed.GetValue(lanes), 1, 3)).ToArray();
            await using var site = await TestSite.StartAsync(ports, cancellation);
            var result = await CrashTrial.RunAsync(site, parsed.GetValue(kills), parsed.GetValue(seed), parsed.GetValue(pace), Console.Error.WriteLine, cancellation);
            return Print(result);
        });
        return await Benchmark.InvokeAsync(command, args);
    }

    private static int Print(CrashResult result)
    {
        Console.WriteLine($"kills                       {result.HubKills + result.LaneKills,5}   hub {result.HubKills}, lanes {result.LaneKills}");
        Console.WriteLine($"passages closed by lanes    {result.ClosedByLanes,5}   of them closed after a crash as last known: {result.Recovered}");
        Console.WriteLine($"passages stored by the hub  {result.Stored,5}   left open: {result.StoredOpen}");
        Console.WriteLine($"said closed, not stored     {result.Lost.Count,5}");
        Console.WriteLine(result.Passed ? "nothing lost, nothing twice" : "FAILED");
        return result.Passed ? 0 : 1;
    }
}
