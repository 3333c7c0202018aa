using System.Text.Json;
using Anpr.EndToEnd.Site;
using Anpr.Proto.V1;
using Anpr.Simulation.Demo;
using LiteDB;

namespace Anpr.Benchmarks.Line;

/// <summary>What a lane and its hub, as processes of their own, spent on a clip: from the lane being ready until all was delivered and stored.</summary>
/// <param name="Lane">CPU time of the lane and what it started.</param>
/// <param name="Hub">CPU time of the hub.</param>
/// <param name="Counters">What the lane counted, by name, as it last told the hub.</param>
internal sealed record LineRun(TimeSpan Lane, TimeSpan Hub, IReadOnlyDictionary<string, long> Counters)
{
    public long Frames => Counters.GetValueOrDefault("frames");

    public long Dropped => Counters.GetValueOrDefault("frames_dropped");

    public long LookedPart => Counters.GetValueOrDefault("frames_looked_part");

    public long Plates => Counters.GetValueOrDefault("plates");

    public long Reads => Counters.GetValueOrDefault("reads");

    public long Passages => Counters.GetValueOrDefault("passages_closed");

    public long Revisions => Counters.GetValueOrDefault("sighting_revisions");

    /// <summary>Plays the clip to a new lane of a new hub, at the clip's own speed as from a camera.</summary>
    public static async Task<LineRun> OfAsync(string clip, CancellationToken cancellation)
    {
        var port = PortPlan.All(new Dictionary<string, string>(StringComparer.Ordinal) { ["calais"] = clip })[0];
        await using var site = await TestSite.StartAsync([port], cancellation);
        var (lane, hub) = (site.Running($"lane-{port.Port}").Id, site.Running("hub").Id);
        var (laneReady, hubReady) = (CpuTime.OfRunning(lane), CpuTime.OfRunning(hub));
        var view = site.Lanes[port.Port];
        await site.WaitAsync("the clip's end", () => view.Ended, cancellation);
        // The last vehicle is in view to the end: its passage closes some seconds later.
        var before = view.Closed.Count;
        await site.WaitAsync("the last passage, delivered", () => view.Closed.Count > before && view.Waiting == 0, cancellation);
        var (laneTime, hubTime) = (CpuTime.OfRunning(lane) - laneReady, CpuTime.OfRunning(hub) - hubReady);
        await site.StopAsync($"lane-{port.Port}");
        await site.StopAsync("hub");
        return new(laneTime, hubTime, CountersOf(site.Folder.Hub));
    }

    private static Dictionary<string, long> CountersOf(string hubFolder)
    {
        using var file = new LiteDatabase($"Filename={Path.Combine(hubFolder, "hub.db")};ReadOnly=true");
        var lane = JsonDocument.Parse(file.GetCollection("lanes").FindAll().Single()["b"].AsBinary).RootElement;
        var heartbeat = HeartbeatRequest.Parser.ParseFrom(lane.GetProperty("heartbeat").GetBytesFromBase64());
        return heartbeat.Counters.ToDictionary(counter => counter.Name, counter => (long)counter.Value, StringComparer.Ordinal);
    }
}
