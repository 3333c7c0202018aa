using Anpr.Hub.Access;
using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Anpr.Tests.Postgres;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Hub.Tests.Storage;

/// <summary>The database's disk is full. Needs root; without it the test is skipped.</summary>
public sealed class PostgresFullDiskTests
{
    private const int PatchBytes = 100_000;

    [Fact]
    public async Task Hub_OverADatabaseOnAFullDisk_AcknowledgesNothingThatIsNotThereAndGoesOn()
    {
        using var disk = new SmallDisk();
        using var server = PostgresServer.Start(disk.Path);
        await using var hub = await RunningHub.StartAsync(store: server.NewDatabase());
        var lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
        var random = new Random(1);
        var sightings = Enumerable.Range(0, 60).Select(i =>
        {
            var patch = new byte[PatchBytes];
            random.NextBytes(patch);
            return lane.Sighting($"AB{i:D3}CD", Guid.CreateVersion7().ToString(), patch, []);
        }).ToList();
        var stored = new List<Sighting>();
        var refused = 0;
        foreach (var (sighting, i) in sightings.Select((s, i) => (s, i)))
        {
            if (i == 10)
            {
                disk.Fill(freeBlocks: 300);
            }

            try
            {
                Assert.Equal(Outcome.Stored, (await AcceptAsync(hub, sighting)).Outcome);
                stored.Add(sighting);
            }
            catch (StoreFailedException)
            {
                refused++;
            }
        }

        Assert.InRange(stored.Count, 10, sightings.Count - 1);
        Assert.True(refused > 0);
        disk.Clear();
        if (server.HasEnded)
        {
            server.Restart();
        }

        foreach (var sighting in sightings)
        {
            var outcome = await AgainAsync(hub, sighting);
            Assert.True(outcome == Outcome.Duplicate || !stored.Contains(sighting), "an acknowledged sighting was forgotten");
        }

        var store = hub.Get<IStore>();
        Assert.Equal(sightings.Count, store.Count(StoredSighting.Table));
        Assert.All(sightings, s => Assert.Equal(s.PatchJpeg.ToByteArray(), store.Picture(store.Get(StoredSighting.Table, s.Id)!.Patch)));
    }

    private static Task<IngestAnswer> AcceptAsync(RunningHub hub, Sighting sighting) =>
        hub.Get<Intake>().AcceptAsync(new LaneIdentity("calais", "calais-1"), new IngestMessage { Sighting = sighting });

    // As a lane does. A database that has just started, or that mends itself, may refuse at first.
    private static async Task<Outcome> AgainAsync(RunningHub hub, Sighting sighting)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                return (await AcceptAsync(hub, sighting)).Outcome;
            }
            catch (StoreFailedException) when (tries < 300)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }
}
