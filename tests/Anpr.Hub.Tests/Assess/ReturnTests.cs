using Anpr.Hub.Alerts;
using Anpr.Hub.Movements;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Grpc.Core;

namespace Anpr.Hub.Tests.Assess;

/// <summary>A vehicle that was turned away at one port and presents itself at another, through a whole hub.</summary>
public sealed class ReturnTests : IAsyncLifetime
{
    private RunningHub hub = null!;
    private LaneClient calais = null!;
    private LaneClient dunkerque = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        calais = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
        dunkerque = await LaneClient.EnrolAsync(hub, "dunkerque", "dunkerque-1");
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Refused_AtOnePort_IsToldAtTheOthersWithTheReason_AlsoWhenMisread()
    {
        var refused = await PassAsync(calais, "AB12CDE", -90);
        await hub.Get<PassageBook>().RecordAsync(new Disposition { PassageId = refused, Outcome = Disposition.Types.Outcome.Refused, Officer = "olive", At = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(calais.Now.AddMinutes(-80)) });

        await PassAsync(dunkerque, "A812CDE", 0);
        await PassAsync(dunkerque, "XY99ZZZ", 0);

        var alert = Assert.Single(Desk.Open(new("olive")));
        Assert.Equal((AlertCause.Return, "dunkerque", 1), (alert.Cause, alert.Port, alert.Priority));
        Assert.Matches("AB12CDE was refused at calais 1 h (19|20) before", alert.Why!.En);
        Assert.StartsWith("AB12CDE a été refusé à calais", alert.Why.Fr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TurnedRound_ByALane_ReachesEveryLanesListAtOnce_AndIsTakenBackWithTheDisposition()
    {
        var token = TestContext.Current.CancellationToken;
        using var follow = new Proto.V1.Lane.LaneClient(hub.Channel(await hub.EnrolAsync("coquelles", "coquelles-1"))).FollowWatchlist(new FollowWatchlistRequest(), cancellationToken: token);
        var passage = await PassAsync(calais, "AB12CDE", -5);
        var disposition = calais.Disposition(passage);
        disposition.Outcome = Disposition.Types.Outcome.TurnedRound;

        await calais.SendAsync(disposition);
        var listed = await NextAsync(follow.ResponseStream);
        disposition.Revision = 2;
        disposition.Outcome = Disposition.Types.Outcome.Released;
        await calais.SendAsync(disposition);
        var ended = await NextAsync(follow.ResponseStream);

        var entry = Assert.Single(listed.Upserts);
        Assert.Equal(("AB12CDE", PatternKind.Fuzzy), (entry.Pattern, entry.Kind));
        Assert.StartsWith("turned round at calais", entry.Display, StringComparison.Ordinal);
        Assert.Equal([entry.Id], ended.RemovedIds);
        Assert.Empty(hub.Get<WatchlistBook>().Entries("olive"));
    }

    [Fact]
    public async Task Refused_ByMistake_IsTakenBackByTheNextDecisionOfAnOfficer()
    {
        var passage = await PassAsync(calais, "AB12CDE", -5);
        var book = hub.Get<PassageBook>();
        await book.RecordAsync(new Disposition { PassageId = passage, Outcome = Disposition.Types.Outcome.Refused, Officer = "olive" });
        await book.RecordAsync(new Disposition { PassageId = passage, Outcome = Disposition.Types.Outcome.TurnedRound, Officer = "olive" });
        Assert.Single(hub.Get<WatchlistBook>().Entries("olive"));

        await book.RecordAsync(new Disposition { PassageId = passage, Outcome = Disposition.Types.Outcome.Released, Officer = "olive" });

        Assert.Empty(hub.Get<WatchlistBook>().Entries("olive"));
    }

    /// <summary>An officer decides while the vehicle stands there; its last frames may read it otherwise, or read another plate of it.</summary>
    [Fact]
    public async Task Refused_WhoseReadIsRevisedAfterwards_IsListedAsItReadsThen()
    {
        var list = hub.Get<WatchlistBook>();
        var passage = Guid.CreateVersion7().ToString();
        var front = calais.Sighting("AB12CDF", passage, [1], [], at: calais.Now.AddMinutes(-90));
        await calais.SendAsync(front);
        await hub.Get<PassageBook>().RecordAsync(new Disposition { PassageId = passage, Outcome = Disposition.Types.Outcome.Refused, Officer = "olive", At = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(calais.Now.AddMinutes(-89)) });
        Assert.Equal("AB12CDF", Assert.Single(list.Entries("olive")).Pattern);

        (front.Revision, front.Text, front.Stage) = (2, "XK34MNP", Stage.Closed);
        front.Characters.Clear();
        var rear = calais.Sighting("TR41LER", passage, [1], [], at: calais.Now.AddMinutes(-88));
        rear.Side = Side.Rear;
        await calais.SendAsync(front);
        await calais.SendAsync(rear);
        await calais.SendAsync(calais.Passage(passage, [front.Id, rear.Id], calais.Now.AddMinutes(-90)));

        Assert.Equal(["TR41LER", "XK34MNP"], list.Entries("olive").Select(e => e.Pattern).Order(StringComparer.Ordinal));
        await PassAsync(dunkerque, "AB12CDF", 0);
        Assert.Empty(Desk.Open(new("olive")));
        await PassAsync(dunkerque, "XK34MNP", 0);
        Assert.Equal(("Turned away before", "XK34MNP"), Assert.Single(Desk.Open(new("olive"))) is var alert ? (alert.Display, alert.Text) : default);
    }

    [Fact]
    public async Task Refused_WhoseEntryAPersonHasEnded_IsNotListedAgainByTheEndOfItsPassage()
    {
        var list = hub.Get<WatchlistBook>();
        var passage = Guid.CreateVersion7().ToString();
        var sighting = calais.Sighting("AB12CDE", passage, [1], []);
        await calais.SendAsync(sighting);
        await hub.Get<PassageBook>().RecordAsync(new Disposition { PassageId = passage, Outcome = Disposition.Types.Outcome.Refused, Officer = "olive" });
        await list.EndAsync(Assert.Single(list.Entries("olive")).Id, "olive");

        await calais.SendAsync(calais.Passage(passage, [sighting.Id]));

        Assert.Empty(list.Entries("olive"));
    }

    /// <summary>A lane that was cut off tells an hour later whom it turned round; the vehicle has tried the next port meanwhile.</summary>
    [Fact]
    public async Task TurnedRound_ToldLate_FindsWhereTheVehicleHasBeenSince()
    {
        var passage = await PassAsync(calais, "AB12CDE", -400);
        await PassAsync(dunkerque, "AB12CDE", -50);
        Assert.Empty(Desk.Open(new("olive")));
        var disposition = calais.Disposition(passage);
        (disposition.Outcome, disposition.At) = (Disposition.Types.Outcome.TurnedRound, Google.Protobuf.WellKnownTypes.Timestamp.FromDateTimeOffset(calais.Now.AddMinutes(-390)));

        await calais.SendAsync(disposition);

        var alert = Assert.Single(Desk.Open(new("olive")));
        Assert.Equal((AlertCause.Return, "dunkerque", true), (alert.Cause, alert.Port, alert.BackMatch));
    }

    [Fact]
    public async Task Danger_OfAVehicleThatIsReadLater_ShowsItsPlate_AsItReadsNow()
    {
        var passage = calais.Passage(Guid.CreateVersion7().ToString(), []);
        passage.Stage = Stage.Revised;
        passage.Dangers.Add(new Danger { Kind = "co2", Words = "CO2 5 % and rising" });
        await calais.SendAsync(passage);
        Assert.Equal("", Assert.Single(Desk.Open(new("olive"))).Text);

        var sighting = calais.Sighting("AB12CDF", passage.Id, [1], []);
        await calais.SendAsync(sighting);
        Assert.Equal("AB12CDF", Assert.Single(Desk.Open(new("olive"))).Text);
        (sighting.Revision, sighting.Text) = (2, "AB12CDE");
        sighting.Characters.Clear();
        await calais.SendAsync(sighting);

        var alert = Assert.Single(Desk.Open(new("olive")));
        Assert.Equal(("AB12CDE", sighting.Id), (alert.Text, Assert.Single(alert.Sightings)));
        Assert.NotEqual("", alert.Vehicle);
    }

    [Fact]
    public async Task Listed_WhoseEntryHasEnded_IsNotWithdrawnByARevisionThatReadsTheSame()
    {
        var book = hub.Get<WatchlistBook>();
        var added = await book.AddAsync(new NewEntry("AB12CDE", ListedKind.Exact, 1, "stop", "OP:1", "olive", TimeProvider.System.GetUtcNow().AddDays(1)));
        var sighting = calais.Sighting("AB12CDE", Guid.CreateVersion7().ToString(), [1], []);
        await calais.SendAsync(sighting);
        await book.EndAsync(added.Entry.Id, "olive");

        (sighting.Revision, sighting.Confidence) = (2, 0.98f);
        await calais.SendAsync(sighting);

        Assert.Equal(AlertState.Raised, Assert.Single(Desk.Open(new("olive"))).State);
    }

    [Fact]
    public async Task SeenAtTwoPortsWithinTheHour_IsToldWithoutADisposition()
    {
        await PassAsync(calais, "AB12CDE", -60);

        await PassAsync(dunkerque, "AB12CDE", 0);

        var alert = Assert.Single(Desk.Open(new("olive")));
        Assert.Equal((AlertCause.Return, "Here again"), (alert.Cause, alert.Display));
    }

    [Fact]
    public async Task SeenAtTwoPortsAtOnce_IsProbablyCloned_AndARevisionTakesItBack()
    {
        await PassAsync(calais, "AB12CDE", -3);
        var passage = Guid.CreateVersion7().ToString();
        var sighting = dunkerque.Sighting("AB12CDE", passage, [1], []);
        await dunkerque.SendAsync(sighting);
        var alert = Assert.Single(Desk.Open(new("olive")));
        Assert.Equal(AlertCause.ImpossibleJourney, alert.Cause);

        (sighting.Revision, sighting.Confidence) = (2, 0.98f);
        await dunkerque.SendAsync(sighting); // reads the same: it stays
        Assert.Single(Desk.Open(new("olive")));
        (sighting.Revision, sighting.Text) = (3, "XY99ZZZ");
        sighting.Characters.Clear();
        await dunkerque.SendAsync(sighting);

        Assert.Empty(Desk.Open(new("olive")));
        Assert.Equal("now reads XY99ZZZ", Desk.Find(alert.Id, new("olive"))!.History[^1].Words);
    }

    [Fact]
    public async Task Danger_IsOnTopOfEveryListAndStaysWhenARevisionDoesNotRepeatIt()
    {
        await hub.Get<WatchlistBook>().AddAsync(new NewEntry("AB12CDE", ListedKind.Exact, 1, "stop", "OP:1", "olive", TimeProvider.System.GetUtcNow().AddDays(1)));
        var passage = calais.Passage(Guid.CreateVersion7().ToString(), []);
        passage.Dangers.Add(new Danger { Kind = "co2", Words = "CO2 5 % and rising", WordsFr = "CO2 à 5 %, en hausse" });
        await calais.SendAsync(passage);
        await PassAsync(calais, "AB12CDE", 0);
        Assert.Equal([AlertCause.Danger, AlertCause.Watchlist, AlertCause.NoPlate], Desk.Open(new("olive")).Select(a => a.Cause));

        (passage.Revision, _) = (2, 0);
        passage.Dangers.Clear();
        await calais.SendAsync(passage);

        Assert.Equal(AlertCause.Danger, Desk.Open(new("olive"))[0].Cause);
    }

    private AlertDesk Desk => hub.Get<AlertDesk>();

    private static async Task<string> PassAsync(LaneClient lane, string text, int minutes)
    {
        var passage = Guid.CreateVersion7().ToString();
        var at = lane.Now.AddMinutes(minutes);
        var sighting = lane.Sighting(text, passage, [1], [], at: at);
        await lane.SendAsync(sighting);
        await lane.SendAsync(lane.Passage(passage, [sighting.Id], at));
        return passage;
    }

    // Once it has told where a lane stands, the hub sends each change.
    private static async Task<WatchlistDelta> NextAsync(IAsyncStreamReader<SignedWatchlistDelta> deltas)
    {
        Assert.True(await deltas.MoveNext(TestContext.Current.CancellationToken));
        return WatchlistDelta.Parser.ParseFrom(deltas.Current.Delta);
    }
}
