using System.Collections.Concurrent;
using Anpr.Hub.Access;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Anpr.Tests.Postgres;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Hub.Tests.Storage;

/// <summary>A real primary, a real synchronous standby, and a hub that knows both.</summary>
public sealed class StandbyTests
{
    private const int Sightings = 120;
    private const int KilledAfter = 40;
    private const int AtOnce = 6;

    [Fact]
    public async Task Standby_TakesOverUnderLoad_EveryAcknowledgedSightingIsThereOnce()
    {
        using var primary = PostgresServer.Start();
        using var standby = primary.AddSynchronousStandby();
        await using var hub = await RunningHub.StartAsync(store: primary.WithStandby(primary.NewDatabase(), standby));
        var lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
        var sightings = Enumerable.Range(0, Sightings).Select(i => lane.Sighting($"AB{i % 80:D3}CD", Guid.CreateVersion7().ToString(), [1, (byte)i], [])).ToList();
        var acknowledged = new ConcurrentQueue<string>();
        var (failed, over) = (0, 0);

        await Parallel.ForEachAsync(sightings, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (sighting, stop) =>
        {
            // As a lane does: again until it is told that it is stored.
            for (var tries = 0; ; tries++)
            {
                try
                {
                    Assert.Contains((await SendAsync(hub, sighting)).Outcome, new[] { Outcome.Stored, Outcome.Duplicate });
                    break;
                }
                catch (StoreFailedException) when (tries < 300)
                {
                    if (Interlocked.Increment(ref failed) == 1)
                    {
                        standby.Promote(); // the first one that fails is the administrator
                        Interlocked.Exchange(ref over, acknowledged.Count);
                    }

                    await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, stop);
                }
            }

            acknowledged.Enqueue(sighting.Id);
            if (acknowledged.Count == KilledAfter)
            {
                primary.Kill();
            }
        });

        Assert.InRange(over, KilledAfter - AtOnce, Sightings - 1); // it was under load, before and after
        var store = hub.Get<IStore>();
        Assert.Equal(sightings.Select(s => s.Id).Order(StringComparer.Ordinal), store.All(StoredSighting.Table).Select(s => s.Id).Order(StringComparer.Ordinal));
        Assert.Equal(Sightings, store.Count(RevisionRecord.Table));
        Assert.All(store.All(StoredSighting.Table), s => Assert.Equal(2, store.Picture(s.Patch)!.Length));
        Assert.All(store.All(Vehicle.Table), v => Assert.Equal(v.Sightings, store.Prefix(StoredSighting.ByVehicle, v.Id + "|", 1000).Count));
        foreach (var sighting in sightings.Take(KilledAfter))
        {
            Assert.Equal(Outcome.Duplicate, (await SendAsync(hub, sighting)).Outcome);
        }
    }

    private static Task<IngestAnswer> SendAsync(RunningHub hub, Sighting sighting) =>
        hub.Get<Intake>().AcceptAsync(new LaneIdentity("calais", "calais-1"), new IngestMessage { Sighting = sighting });
}
