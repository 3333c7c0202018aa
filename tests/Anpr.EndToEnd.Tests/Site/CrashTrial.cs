namespace Anpr.EndToEnd.Site;

/// <summary>What came of kills under traffic.</summary>
/// <param name="HubKills">Kills of the hub.</param>
/// <param name="LaneKills">Kills of a lane.</param>
/// <param name="ClosedByLanes">Passages that the lanes closed, by their own durable counters.</param>
/// <param name="Recovered">Of these, closed after a crash as they were last known.</param>
/// <param name="Stored">Closed passages on the hub's disk.</param>
/// <param name="StoredOpen">Passages on the hub's disk that never closed.</param>
/// <param name="Lost">Ids that a lane called closed and the hub does not have as closed.</param>
internal sealed record CrashResult(int HubKills, int LaneKills, long ClosedByLanes, int Recovered, int Stored, int StoredOpen, IReadOnlyList<string> Lost)
{
    /// <summary>Everything that was closed is stored, once.</summary>
    public bool Passed => Lost.Count == 0 && ClosedByLanes == Stored && StoredOpen == 0 && ClosedByLanes > 0;
}

/// <summary>Kills hub and lanes at random moments under simulated traffic and counts what was lost or stored twice.</summary>
internal static class CrashTrial
{
    // Between a line of some process and the kill: so that kills also fall between what is said.
    private const int LongestExtraMs = 400;
    private const int MostLines = 25;

    /// <summary>Runs it.</summary>
    /// <param name="site">Running, without traffic.</param>
    /// <param name="kills">How many.</param>
    /// <param name="seed">Of the moments and the victims.</param>
    /// <param name="pace">Of the traffic.</param>
    /// <param name="progress">Told of each kill.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<CrashResult> RunAsync(TestSite site, int kills, int seed, double pace, Action<string> progress, CancellationToken cancellation)
    {
        var random = new Random(seed);
        foreach (var port in site.Ports)
        {
            site.StartSimulation(port, pace);
        }

        var (hubKills, laneKills) = (0, 0);
        for (var kill = 0; kill < kills; kill++)
        {
            await site.LinesAsync(1 + random.Next(MostLines), cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(LongestExtraMs)), TimeProvider.System, cancellation);
            var victim = random.Next(site.Ports.Count + 1);
            if (victim == site.Ports.Count)
            {
                hubKills++;
                progress($"kill {kill + 1}: hub");
                await site.KillAsync("hub");
                await site.StartHubAsync(cancellation);
            }
            else
            {
                laneKills++;
                var port = site.Ports[victim];
                progress($"kill {kill + 1}: lane {port.Port}");
                await site.KillAsync($"lane-{port.Port}");
                await site.StartLaneAsync(port, cancellation);
            }
        }

        await site.DrainAsync(cancellation);
        return Count(site, hubKills, laneKills);
    }

    private static CrashResult Count(TestSite site, int hubKills, int laneKills)
    {
        var stored = StoredPassage.Read(site.Folder.Hub);
        var closed = stored.Where(passage => passage.Closed).Select(passage => passage.Id).ToHashSet(StringComparer.Ordinal);
        return new CrashResult(
            hubKills,
            laneKills,
            site.Lanes.Values.Sum(lane => lane.ClosedTotal),
            site.Lanes.Values.Sum(lane => lane.Recovered),
            closed.Count,
            stored.Count - closed.Count,
            [.. site.Lanes.Values.SelectMany(lane => lane.Closed).Distinct(StringComparer.Ordinal).Where(id => !closed.Contains(id))]);
    }
}
