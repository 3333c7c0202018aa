using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Hub.Tests.Storage;

/// <summary>What lanes send is worked on inside the turn that all hubs on one PostgreSQL take: what it reads must be fetched before, for a whole group together.</summary>
public sealed class ForesightTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private RunningHub hub = null!;
    private LaneClient entry = null!;
    private LaneClient control = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync(store: postgres.Server.NewDatabase());
        entry = await LaneClient.EnrolAsync(hub, "calais", "entry");
        control = await LaneClient.EnrolAsync(hub, "calais", "control");
        await control.SendAsync(control.Passage(NewId(), [])); // its lane is known for a control from now on
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Sighting_OfAVehicleThatIsKnown_AsksNothingInItsTurn()
    {
        await PassAsync(entry, -120);
        await PassAsync(entry, -12);

        var unforeseen = await PassAsync(control, 0);

        Assert.Equal([("front", 0), ("rear", 0), ("front again", 0), ("passage", 0)], unforeseen);
    }

    /// <summary>Another trailer behind it, and an entry of the watchlist: there is something to tell.</summary>
    [Fact]
    public async Task Sighting_ThatRaisesAlerts_AsksNothingInItsTurn()
    {
        await PassAsync(entry, -12, "XY98ZWV");
        await hub.Get<WatchlistBook>().AddAsync(new NewEntry("AB12CDE", ListedKind.Exact, 1, "stop", "OP:1", "olive", TimeProvider.System.GetUtcNow().AddDays(1)));

        var unforeseen = await PassAsync(control, 0, "QR55STU");

        Assert.Equal([("front", 0), ("rear", 0), ("front again", 0), ("passage", 0)], unforeseen);
        var causes = hub.Get<AlertDesk>().Open(new("olive")).Select(a => a.Cause).ToList();
        Assert.Contains(AlertCause.PairingChange, causes);
        Assert.Contains(AlertCause.Watchlist, causes);
    }

    [Fact]
    public async Task Sighting_ThatWasMisread_AndIsRevised_AsksNothingInItsTurn()
    {
        await PassAsync(entry, -120);
        await PassAsync(entry, -12);
        var sighting = control.Sighting("AB12CDX", NewId(), [1], [], unsure: (6, 0.6f, 'E'));

        var misread = await CountAsync(() => control.SendAsync(sighting));
        sighting.Revision = 2;
        sighting.Text = "AB12CDE";
        sighting.Characters[6] = new Character { C = "E", P = 0.99f };
        var revised = await CountAsync(() => control.SendAsync(sighting));

        Assert.Equal(3, Sightings("AB12CDE"));
        Assert.Equal((0, 0), (misread, revised));
    }

    /// <summary>Nothing can be kept of a vehicle that was never seen, so that nothing is looked for.</summary>
    [Fact]
    public async Task Sighting_OfAVehicleNeverSeen_AsksNothingInItsTurn()
    {
        await hub.Get<WatchlistBook>().AddAsync(new NewEntry("AB12CDE", ListedKind.Exact, 1, "stop", "OP:1", "olive", TimeProvider.System.GetUtcNow().AddDays(1)));
        var passage = NewId();
        var rear = control.Sighting("XY98ZWV", passage, [2], []);
        rear.Side = Side.Rear;

        Assert.Equal(0, await CountAsync(() => control.SendAsync(rear)));
        Assert.Equal(0, await CountAsync(() => control.SendAsync(control.Sighting("AB12CDE", passage, [1], []))));

        Assert.Contains(hub.Get<AlertDesk>().Open(new("olive")), a => a.Cause == AlertCause.Watchlist);
    }

    [Fact]
    public async Task Search_OfAPassage_AsksNothingInItsTurn()
    {
        var passage = NewId();
        await control.SendAsync(control.Passage(passage, []));

        Assert.Equal(0, await CountAsync(() => control.SendAsync(control.Search(passage))));
    }

    private async Task<List<(string What, int Unforeseen)>> PassAsync(LaneClient lane, int minutes, string trailer = "XY98ZWV")
    {
        var passage = NewId();
        var at = lane.Now.AddMinutes(minutes);
        var front = lane.Sighting("AB12CDE", passage, [1], [], at: at);
        var rear = lane.Sighting(trailer, passage, [2], [], at: at.AddSeconds(3));
        rear.Side = Side.Rear;
        var unforeseen = new List<(string, int)>
        {
            ("front", await CountAsync(() => lane.SendAsync(front))),
            ("rear", await CountAsync(() => lane.SendAsync(rear))),
        };
        front.Revision = 2;
        front.Stage = Stage.Closed;
        unforeseen.Add(("front again", await CountAsync(() => lane.SendAsync(front))));
        var whole = lane.Passage(passage, [front.Id, rear.Id], at);
        whole.Station = ReferenceEquals(lane, control) ? "control" : "approach";
        unforeseen.Add(("passage", await CountAsync(() => lane.SendAsync(whole))));
        return unforeseen;
    }

    private async Task<int> CountAsync(Func<Task<IngestAnswer>> send)
    {
        var store = (PostgresStore)hub.Get<IStore>();
        var before = store.Unforeseen;
        Assert.Equal(IngestAnswer.Types.Outcome.Stored, (await send()).Outcome);
        return (int)(store.Unforeseen - before);
    }

    private int Sightings(string text) => hub.Get<IStore>().Prefix(StoredSighting.ByText, Keys.Join(text, ""), 100).Count;

    private static string NewId() => Guid.NewGuid().ToString();
}
