using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Anpr.Benchmarks.Fuzz.Requests;

/// <summary>What came of many requests that were nonsense.</summary>
/// <param name="Requests">How many.</param>
/// <param name="Took">In which time.</param>
/// <param name="Surface">Routes and gRPC methods that were asked.</param>
/// <param name="Answers">How often each answer was given.</param>
/// <param name="HeapMegabytes">Memory in use after a quarter of them, and after all.</param>
/// <param name="Stored">Middle time until a sighting was stored, before them and after.</param>
/// <param name="Problems">What should not have been; empty when all is well.</param>
internal sealed record RequestResult(
    int Requests,
    TimeSpan Took,
    int Surface,
    IReadOnlyDictionary<string, int> Answers,
    (long Quarter, long End) HeapMegabytes,
    (TimeSpan Before, TimeSpan After) Stored,
    IReadOnlyList<string> Problems);

/// <summary>Sends them to a hub of its own, and looks whether it is as it was: nobody was let in, nothing that was stored has changed or gone, it has not
/// stumbled, and it is neither larger nor slower.</summary>
internal static class RequestTrial
{
    private const int AtOnce = 4;
    private const int Portion = 1000;
    private const int Timed = 31;
    private const long MostGrowthMegabytes = 64;
    private const int MostSlower = 5;

    private static readonly TimeSpan Noise = TimeSpan.FromMilliseconds(200);

    // What only a lane writes. A supervisor's lists, an officer's searches and what was put aside may grow.
    private static readonly Table[] OfLanes = [StoredOverview.Table, Apart.Table, Merge.Table];

    /// <summary>Sends so many requests.</summary>
    /// <param name="requests">How many.</param>
    /// <param name="seed">Another seed, other requests.</param>
    /// <param name="each">People of each role, and programs for each scope: each may ask so often a second only.</param>
    /// <param name="atMost">Ends it earlier after this time.</param>
    /// <param name="told">Told now and then how many were sent.</param>
    /// <param name="cancellation">Ends it between two requests.</param>
    public static async Task<RequestResult> RunAsync(int requests, int seed, int each, TimeSpan atMost, Action<int> told, CancellationToken cancellation)
    {
        using var log = new ErrorLog();
        await using var hub = await FuzzedHub.StartAsync();
        using var target = new FuzzTarget(hub.App, hub.Lane, [.. hub.Known]);
        var fuzz = new RequestFuzz(target, await Callers.MakeAsync(target.Hub, each));
        var before = await MiddleAsync(hub);
        var (counts, kept) = (target.Counts(HubFeatures.Tables), Messages(target));
        var began = TimeProvider.System.GetTimestamp();
        var (sent, quarter) = (0, 0L);
        while (sent < requests && TimeProvider.System.GetElapsedTime(began) < atMost)
        {
            var next = Math.Min(requests, sent + Portion);
            await fuzz.RunAsync(seed, sent, next - sent, AtOnce, cancellation);
            sent = next;
            if (quarter == 0 && (sent >= requests / 4 || TimeProvider.System.GetElapsedTime(began) > atMost / 4))
            {
                quarter = Heap();
            }

            told(sent);
        }

        var took = TimeProvider.System.GetElapsedTime(began);
        var (now, messages, heap) = (target.Counts(HubFeatures.Tables), Messages(target), Heap());
        var after = await MiddleAsync(hub);
        string?[] problems =
        [
            .. fuzz.Faults,
            .. log.Errors,
            now[RevisionRecord.Table.Name] == counts[RevisionRecord.Table.Name] + fuzz.Stored ? null : $"{now[RevisionRecord.Table.Name]} messages are stored, not {counts[RevisionRecord.Table.Name]} and the {fuzz.Stored} that were acknowledged",
            kept.All(k => messages.GetValueOrDefault(k.Key) == k.Value) ? null : "a message that was stored before is gone or another",
            .. OfLanes.Select(t => now[t.Name] == counts[t.Name] ? null : $"{t.Name} has {now[t.Name]} records, not {counts[t.Name]}"),
            heap - quarter <= MostGrowthMegabytes ? null : $"memory grew from {quarter} MB after a quarter to {heap} MB",
            after <= (before * MostSlower) + Noise ? null : $"a sighting takes {after.TotalMilliseconds:F0} ms to be stored, not {before.TotalMilliseconds:F0}",
        ];
        return new RequestResult(sent, took, fuzz.Surface, fuzz.Answers, (quarter, heap), (before, after), [.. problems.OfType<string>()]);
    }

    private static Dictionary<string, string> Messages(FuzzTarget target) =>
        target.Hub.GetRequiredService<IStore>().All(RevisionRecord.Table).ToDictionary(r => RevisionRecord.Key(r.Kind, r.Of, r.Revision), r => r.Digest, StringComparer.Ordinal);

    private static async Task<TimeSpan> MiddleAsync(FuzzedHub hub)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < Timed; i++)
        {
            times.Add(await hub.PassAsync("AB12CDE"));
        }

        return times.Order().ElementAt(Timed / 2);
    }

    private static long Heap() => GC.GetTotalMemory(forceFullCollection: true) >> 20;
}
