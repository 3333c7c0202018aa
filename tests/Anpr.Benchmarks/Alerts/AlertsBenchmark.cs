using System.CommandLine;
using System.Text.Json;
using Anpr.EndToEnd.Site;
using Anpr.Simulation.Demo;
using Anpr.Tests;

namespace Anpr.Benchmarks.Alerts;

/// <summary>
/// Time from the capture of the frame that decided a watchlisted registration to the alert being painted in a real
/// browser, over real footage, a real lane and a real hub. All on one machine, so that there is one clock.
/// </summary>
internal static class AlertsBenchmark
{
    public static Benchmark Create() => new("alerts", "capture to alert seen in a browser: --runs N (50) --clips DIR (the measuring data's video folder)", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var runs = new Option<int>("--runs") { DefaultValueFactory = _ => 50 };
        var folder = new Option<string>("--clips") { DefaultValueFactory = _ => Path.Combine(EvaluationData.Folder, "video") };
        var command = new RootCommand { runs, folder };
        command.SetAction(async (parsed, cancellation) => Print(await MeasureAsync(Clips.In(parsed.GetRequiredValue(folder)), parsed.GetValue(runs), cancellation)));
        return await Benchmark.InvokeAsync(command, args);
    }

    private static async Task<IReadOnlyList<double>> MeasureAsync(IReadOnlyList<(string File, string Text)> clips, int runs, CancellationToken cancellation)
    {
        var port = PortPlan.All(new Dictionary<string, string>(StringComparer.Ordinal) { ["calais"] = clips[0].File })[0];
        await using var site = await TestSite.StartAsync([port], cancellation, startLanes: false);
        await site.Setup.AddWatchlistAsync([.. clips.Select(clip => (clip.Text, "exact", "Stop and search"))], cancellation);
        var links = await site.Setup.AddUsersAsync(cancellation);
        await using var browser = await ConsoleBrowser.SignInAsync(links.Single(link => link.Role == "officer").Link);
        await browser.NoteAlertsAsync();
        var latencies = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            LaneFile.Write(site.Folder.Lane(port.Port), port with { Source = clips[run % clips.Count].File });
            await site.StartLaneAsync(port, cancellation);
            JsonElement alert = default;
            await site.WaitAsync("an alert", () => TryFind(site, run, out alert), cancellation);
            var decided = alert.GetProperty("time").GetDateTimeOffset() - TimeSpan.FromMilliseconds(alert.GetProperty("latency_ms").GetDouble());
            latencies.Add((await browser.SeenAtAsync(alert.GetProperty("alert").GetString()!) - decided).TotalMilliseconds);
            Console.Error.WriteLine($"run {run + 1}: {latencies[^1]:0} ms");
            await site.StopAsync($"lane-{port.Port}");
        }

        return latencies;
    }

    private static bool TryFind(TestSite site, int run, out JsonElement alert)
    {
        var raised = site.HubEvents
            .Where(line => line.GetProperty("event").GetString() == "alert" && line.GetProperty("state").GetString() == "raised")
            .DistinctBy(line => line.GetProperty("alert").GetString())
            .ToArray();
        alert = raised.Length > run ? raised[run] : default;
        return raised.Length > run;
    }

    private static int Print(IReadOnlyList<double> latencies)
    {
        var sorted = latencies.Order().ToArray();
        Console.WriteLine($"alerts seen       {sorted.Length,6}");
        Console.WriteLine($"median            {sorted[sorted.Length / 2],6:0} ms");
        Console.WriteLine($"95 of 100 within  {DemoState.Percentile95(sorted),6:0} ms   (1000 ms wanted)");
        Console.WriteLine($"longest           {sorted[^1],6:0} ms");
        return DemoState.Percentile95(sorted) <= 1000 ? 0 : 1;
    }
}
