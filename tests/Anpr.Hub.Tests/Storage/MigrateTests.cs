using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;

namespace Anpr.Hub.Tests.Storage;

public sealed class MigrateTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Migrate_AHubThatHasTakenInSightings_MovesEverythingByteByByte()
    {
        var connection = postgres.Server.NewDatabase();
        using var folder = new TempFolder();
        await using var from = LiteStore.Open(folder.Path, HubFeatures.Tables);
        await using (var hub = await RunningHub.StartAsync(store: connection))
        {
            // Records of every kind are made by a hub, and brought into the embedded store first.
            var lane = await LaneClient.EnrolAsync(hub, "calais", "lane1");
            var passage = Guid.NewGuid().ToString();
            var sighting = lane.Sighting("AB12CDE", passage, [1, 2, 3], []);
            await lane.SendAsync(sighting);
            await lane.SendAsync(lane.Passage(passage, [sighting.Id]));
            await lane.SendAsync(lane.Search(passage));
            await lane.SendAsync(lane.Disposition(passage));
            await lane.HeartbeatAsync();
            foreach (var table in HubFeatures.Tables)
            {
                await table.CopyAsync(hub.Get<IStore>(), from, _ => { }, TestContext.Current.CancellationToken);
            }

            await from.WriteAsync(writer => writer.PutPicture(new byte[] { 1, 2, 3 }));
        }

        var empty = postgres.Server.NewDatabase();
        await using var to = PostgresStore.Open(empty, HubFeatures.Tables);
        var moved = await MigrateCommand.MoveAsync(from, to, (_, _, _) => { }, _ => { }, TestContext.Current.CancellationToken);
        var again = await MigrateCommand.MoveAsync(from, to, (_, _, _) => { }, _ => { }, TestContext.Current.CancellationToken);

        Assert.Equal(moved, again);
        Assert.Equal(1, moved.Pictures);
        Assert.InRange(moved.Records, 8, 40);
        var vehicle = Assert.Single(from.All(Vehicle.Table));
        var kept = Assert.Single(to.Prefix(StoredSighting.ByVehicle, vehicle.Id, 5));
        Assert.Equal("AB12CDE", kept.Text);
        Assert.Equal([1, 2, 3], to.Picture(kept.Patch)!);
        Assert.Equal(from.All(RevisionRecord.Table).Select(r => Convert.ToHexString(r.Message)), to.All(RevisionRecord.Table).Select(r => Convert.ToHexString(r.Message)));
    }

    [Fact]
    public async Task Migrate_IntoADatabaseThatHoldsOthers_SaysSo()
    {
        using var folder = new TempFolder();
        await using var from = LiteStore.Open(folder.Path, HubFeatures.Tables);
        await using var to = PostgresStore.Open(postgres.Server.NewDatabase(), HubFeatures.Tables);
        await to.WriteAsync(writer =>
        {
            writer.Put(PlateKey.Table, new PlateKey("k", "2900", "s", "v"));
            return true;
        });

        var refused = await Assert.ThrowsAsync<InputException>(() => MigrateCommand.MoveAsync(from, to, (_, _, _) => { }, _ => { }, TestContext.Current.CancellationToken));

        Assert.Contains("plate_keys", refused.Message, StringComparison.Ordinal);
    }
}
