using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Hub.Tests.Storage;

/// <summary>Two hubs over one PostgreSQL.</summary>
public sealed class SharedStoreTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly string connection = postgres.Server.NewDatabase();
    private RunningHub one = null!;
    private RunningHub two = null!;

    public async ValueTask InitializeAsync()
    {
        one = await RunningHub.StartAsync(store: connection);
        two = await RunningHub.StartAsync(store: connection);
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    [Fact]
    public async Task Alert_OfASightingThatCameToOneHub_ReachesOfficersAtTheOther()
    {
        using var heard = two.Get<HubFeed>().Subscribe();
        await one.Get<WatchlistBook>().AddAsync(new NewEntry("AB12CDE", ListedKind.Exact, 1, "stop", "OP:1", "olive", TimeProvider.System.GetUtcNow().AddDays(1)));
        await NextAsync<WatchlistEvent>(heard);
        var lane = await LaneClient.EnrolAsync(one, "calais", "lane1");

        await lane.SendAsync(lane.Sighting("AB12CDE", Guid.NewGuid().ToString(), [1], []));

        var alert = await NextAsync<AlertEvent>(heard);
        Assert.Equal("AB12CDE", alert.Alert.Text);
        Assert.NotNull(two.Get<AlertDesk>().Find(alert.Alert.Id, new("olive")));
    }

    [Fact]
    public async Task Sightings_ThatCameToOneHub_AreShownAtTheOther_AndReadThereOnlyWhileSomebodyLooks()
    {
        Assert.False(two.Get<HubFeed>().IsFollowed(typeof(SightingElsewhereEvent)));
        using var screen = two.Get<HubFeed>().Subscribe(typeof(SightingElsewhereEvent));
        var client = await LaneClient.EnrolAsync(one, "calais", "lane1");
        string[] texts = ["AB12CDE", "XY98ZWV", "AB12CDE"];
        var now = TimeProvider.System.GetUtcNow();

        for (var i = 0; i < texts.Length; i++)
        {
            await one.Get<Intake>().AcceptAsync(new LaneIdentity("calais", "lane1"), new IngestMessage { Sighting = client.Sighting(texts[i], Guid.NewGuid().ToString(), [], [], at: now.AddHours(i - texts.Length)) });
        }

        foreach (var (text, seen) in texts.Zip([1, 1, 2]))
        {
            var shown = await NextAsync<SightingElsewhereEvent>(screen);
            Assert.Equal((text, shown.Sighting.Vehicle), (shown.Sighting.Text, shown.Vehicle!.Id));
            Assert.InRange(shown.Vehicle.Sightings, seen, 2); // read after it was told
        }
    }

    [Fact]
    public async Task Watchlist_ChangedAtOneHub_IsMatchedAtTheOther()
    {
        using var heard = two.Get<HubFeed>().Subscribe();
        await one.Get<WatchlistBook>().AddAsync(new NewEntry("XY99ZZZ", ListedKind.Exact, 1, "stop", "OP:1", "olive", TimeProvider.System.GetUtcNow().AddDays(1)));
        await NextAsync<WatchlistEvent>(heard);
        var lane = await LaneClient.EnrolAsync(two, "dunkerque", "lane1");

        await lane.SendAsync(lane.Sighting("XY99ZZZ", Guid.NewGuid().ToString(), [1], []));

        Assert.Single(one.Get<AlertDesk>().Open(new("olive")));
    }

    [Fact]
    public async Task Watchlist_ChangedAtOneHubAMomentAgo_IsMatchedAtTheOtherBeforeItHasHeard()
    {
        var lane = await LaneClient.EnrolAsync(two, "dunkerque", "lane1");
        for (var i = 0; i < 20; i++)
        {
            await one.Get<WatchlistBook>().AddAsync(new NewEntry($"XY{i:D2}ZZZ", ListedKind.Exact, 1, "stop", "OP:1", "olive", TimeProvider.System.GetUtcNow().AddDays(1)));
            await two.Get<Intake>().AcceptAsync(new LaneIdentity("dunkerque", "lane1"), new IngestMessage { Sighting = lane.Sighting($"XY{i:D2}ZZZ", Guid.NewGuid().ToString(), [], []) });
        }

        Assert.Equal(20, two.Get<AlertDesk>().Open(new("olive")).Count);
    }

    [Fact]
    public async Task Sighting_SentToBothHubsAtOnce_IsStoredOnce()
    {
        var (first, second) = (one.Get<Intake>(), two.Get<Intake>());
        var lane = new LaneIdentity("calais", "lane1");
        var client = await LaneClient.EnrolAsync(one, "calais", "lane1");
        var sightings = Enumerable.Range(0, 40).Select(i => client.Sighting($"AA{i:D2}BBB", Guid.NewGuid().ToString(), [], [])).ToList();

        var answers = await Task.WhenAll(sightings.SelectMany(s => (Task<IngestAnswer>[])[first.AcceptAsync(lane, new IngestMessage { Sighting = s }), second.AcceptAsync(lane, new IngestMessage { Sighting = s })]));

        Assert.All(answers.Chunk(2), pair => Assert.Equal(
            [IngestAnswer.Types.Outcome.Stored, IngestAnswer.Types.Outcome.Duplicate], pair.Select(a => a.Outcome).Order()));
        Assert.Equal(40, one.Get<IStore>().Count(StoredSighting.Table));
    }

    [Fact]
    public async Task Sightings_OfOneVehicleAtBothHubsAtOnce_FoundOneVehicle()
    {
        var (first, second) = (one.Get<Intake>(), two.Get<Intake>());
        var client = await LaneClient.EnrolAsync(one, "calais", "lane1");
        var random = new Random(1);
        var plates = Enumerable.Range(0, 30).Select(_ => $"{Letters(2)}{random.Next(100):D2}{Letters(3)}").ToList();
        string Letters(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => (char)random.Next('A', 'Z' + 1)));
        var now = TimeProvider.System.GetUtcNow();

        await Task.WhenAll(plates.SelectMany(p => (Task[])
        [
            first.AcceptAsync(new LaneIdentity("calais", "lane1"), new IngestMessage { Sighting = client.Sighting(p, Guid.NewGuid().ToString(), [], [], at: now.AddHours(-3)) }),
            second.AcceptAsync(new LaneIdentity("dunkerque", "lane1"), new IngestMessage { Sighting = client.Sighting(p, Guid.NewGuid().ToString(), [], [], at: now.AddHours(-1)) }),
        ]));

        Assert.Equal(plates.Count, two.Get<IStore>().Count(Vehicle.Table));
        Assert.All(two.Get<IStore>().All(Vehicle.Table), v => Assert.Equal(2, v.Sightings));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("Host=127.0.0.1;Port=1;Database=anpr;Username=anpr;Timeout=2")]
    [InlineData("Host=127.0.0.1;Colour=blue")]
    [InlineData("")]
    public void Open_WhereNoDatabaseIs_SaysSoInOneLine(string nowhere)
    {
        var refused = Assert.Throws<StoreUnreachableException>(() => PostgresStore.Open(nowhere, []));

        Assert.Contains("--store", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    private static async Task<T> NextAsync<T>(HubSubscription heard)
        where T : HubEvent
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        await foreach (var happened in heard.Events.ReadAllAsync(patience.Token))
        {
            if (happened is T wanted)
            {
                return wanted;
            }
        }

        throw new InvalidOperationException("the feed ended");
    }
}
