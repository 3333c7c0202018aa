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

    /// <summary>Founded a moment ago in the same transaction, the vehicle has no record in the database: nobody need look there.</summary>
    [Fact]
    public async Task Sightings_OfAVehicleThatIsFoundedInTheSameTransaction_AskNothingInItsTurn()
    {
        var passage = NewId();
        var first = entry.Sighting("AB12CDE", passage, [1], [], at: entry.Now.AddMinutes(-12));
        var again = first.Clone();
        (again.Revision, again.Stage) = (2, Stage.Closed);
        var second = control.Sighting("AB12CDE", NewId(), [1], []);

        var unforeseen = await TogetherAsync(("entry", new() { Sighting = first }), ("entry", new() { Sighting = again }), ("control", new() { Sighting = second }));

        Assert.Equal(0, unforeseen);
        Assert.Single(hub.Get<IStore>().Prefix(StoredSighting.ByText, Keys.Join("AB12CDE", ""), 10).Select(s => s.Vehicle).Distinct());
    }

    /// <summary>Others are as near by their letters and were founded later, and have not been here for days.</summary>
    [Fact]
    public async Task Sighting_OfTheVehicleThatWasHereLast_ThoughOthersAreAsNear_AsksNothingInItsTurn()
    {
        await PassAsync(entry, -12);
        foreach (var (text, minutes) in ((string, int)[])[("AB12CDW", -20_000), ("AB12CDY", -19_000), ("AB12CDK", -18_000)])
        {
            await entry.SendAsync(entry.Sighting(text, NewId(), [1], [], at: entry.Now.AddMinutes(minutes)));
        }

        await hub.Get<WatchlistBook>().AddAsync(new NewEntry("AB12CD?", ListedKind.Wildcard, 1, "stop", "OP:1", "olive", TimeProvider.System.GetUtcNow().AddDays(1)));
        var misread = control.Sighting("AB12CDX", NewId(), [1], [], unsure: (6, 0.15f, 'E'));

        Assert.Equal(0, await CountAsync(() => control.SendAsync(misread)));

        var store = hub.Get<IStore>();
        var linked = store.Get(StoredSighting.Table, misread.Id)!;
        Assert.Equal("AB12CDE", store.Get(Hub.Link.Vehicle.Table, linked.Vehicle)!.Text);
    }

    [Fact]
    public async Task Disposition_ThatListsAVehicle_OrTakesItBack_AsksNothingInItsTurn()
    {
        var passage = NewId();
        await control.SendAsync(control.Sighting("AB12CDE", passage, [1], []));
        await control.SendAsync(control.Passage(passage, []));
        var refused = control.Disposition(passage);
        refused.Outcome = Disposition.Types.Outcome.Refused;
        var released = refused.Clone();
        (released.Revision, released.Outcome) = (2, Disposition.Types.Outcome.Released);

        var listed = await CountAsync(() => control.SendAsync(refused));
        var active = hub.Get<WatchlistBook>().Entries("olive").Count;
        var taken = await CountAsync(() => control.SendAsync(released));
        var officers = await CountAsync(async () =>
        {
            await hub.Get<Hub.Movements.PassageBook>().RecordAsync(new Disposition { PassageId = passage, Outcome = Disposition.Types.Outcome.TurnedRound, Officer = "olive" });
            return new IngestAnswer { Outcome = IngestAnswer.Types.Outcome.Stored };
        });

        Assert.Equal((0, 0, 0), (listed, taken, officers));
        Assert.Equal(1, active);
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

    // In one transaction: what comes while the store is at work goes into the next.
    private async Task<int> TogetherAsync(params (string Lane, IngestMessage Message)[] messages)
    {
        var store = (PostgresStore)hub.Get<IStore>();
        var before = store.Unforeseen;
        using var wait = new ManualResetEventSlim();
        var busy = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = store.WriteAsync(_ =>
        {
            busy.TrySetResult();
            wait.Wait();
            return true;
        });
        await busy.Task;
        var sent = messages.Select(m => hub.Get<Intake>().AcceptAsync(new Hub.Access.LaneIdentity("calais", m.Lane), m.Message)).ToList();
        wait.Set();
        await held;
        Assert.All(await Task.WhenAll(sent), a => Assert.Equal(IngestAnswer.Types.Outcome.Stored, a.Outcome));
        return (int)(store.Unforeseen - before);
    }

    private int Sightings(string text) => hub.Get<IStore>().Prefix(StoredSighting.ByText, Keys.Join(text, ""), 100).Count;

    private static string NewId() => Guid.NewGuid().ToString();
}
