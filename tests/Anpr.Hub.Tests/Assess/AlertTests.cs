using System.Net;
using Anpr.Hub.Alerts;
using Anpr.Hub.Audit;
using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Hub.Tests.Assess;

/// <summary>From what a lane sends to what officers see, through a whole hub.</summary>
public sealed class AlertTests : IAsyncLifetime
{
    private RunningHub hub = null!;
    private LaneClient lane = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Alert_SightingOfAListedVehicle_IsToldAtOnceAndTakenBackByARevision()
    {
        using var feed = hub.Get<HubFeed>().Subscribe();
        var entry = await AddAsync("AB12CDE");
        var sighting = lane.Sighting("AB12CDE", NewId(), [1], []);

        await lane.SendAsync(sighting);
        var raised = await NextAlertAsync(feed);
        await Desk.AcknowledgeAsync(raised.Id, new("officer"));
        await NextAlertAsync(feed);
        sighting.Revision = 2;
        sighting.Text = "AB12CDF";
        sighting.Characters[6].C = "F";
        await lane.SendAsync(sighting);
        var withdrawn = await NextAlertAsync(feed);

        Assert.Equal((AlertState.Raised, entry.Id, "AB12CDE"), (raised.State, raised.Entry, raised.Text));
        Assert.Equal((AlertState.Withdrawn, raised.Id, "AB12CDF"), (withdrawn.State, withdrawn.Id, withdrawn.Text));
        Assert.Equal("now reads AB12CDF", withdrawn.History[^1].Words);
        Assert.Contains(withdrawn.History, h => h is { State: AlertState.Acknowledged, By: "officer" });
        Assert.Empty(Desk.Open(new("officer")));
    }

    [Fact]
    public async Task Alert_FrontAndRearOfOnePassage_IsOneAndStaysWhileOnePlateHits()
    {
        await AddAsync("AB12CDE");
        var passage = NewId();
        var front = lane.Sighting("AB12CDE", passage, [1], []);
        var rear = lane.Sighting("AB12CDE", passage, [2], []);
        await lane.SendAsync(front);
        await lane.SendAsync(rear);

        front.Revision = 2;
        front.Text = "AB12CDF";
        front.Characters.Clear();
        await lane.SendAsync(front);

        var alert = Assert.Single(Desk.Open(new("officer")));
        Assert.Equal([rear.Id], alert.Sightings);
        Assert.Equal(AlertState.Raised, alert.State);
    }

    [Fact]
    public async Task Alert_WhosePlateIsRevisedAway_SaysWhatTheOtherPlateReads()
    {
        await hub.Get<WatchlistBook>().AddAsync(Entry("AB1*") with { Kind = ListedKind.Wildcard });
        var passage = NewId();
        var front = lane.Sighting("AB123", passage, [1], []);
        var rear = lane.Sighting("AB124", passage, [2], []);
        await lane.SendAsync(front);
        var tractor = Assert.Single(Desk.Open(new("officer"))).Vehicle;
        await lane.SendAsync(rear);
        Assert.Equal(("AB123", tractor), Assert.Single(Desk.Open(new("officer")).Select(a => (a.Text, a.Vehicle))));

        front.Revision = 2;
        front.Text = "XX999";
        front.Characters.Clear();
        await lane.SendAsync(front);

        var alert = Assert.Single(Desk.Open(new("officer")));
        var shown = hub.Get<IStore>().Get(StoredSighting.Table, Assert.Single(alert.Sightings))!;
        Assert.Equal((rear.Id, "AB124", true, shown.Vehicle), (shown.Id, alert.Text, alert.Loose, alert.Vehicle));
        Assert.NotEqual(tractor, alert.Vehicle);
    }

    [Fact]
    public async Task Alert_SameVehicleAgainHoursLater_IsANewOne()
    {
        await AddAsync("AB12CDE");
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], [], at: lane.Now.AddHours(-2)));
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));

        Assert.Equal(2, Desk.Open(new("officer")).Count);
    }

    [Fact]
    public async Task Alert_NewEntry_FindsTheLastSevenDays()
    {
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], [], at: lane.Now.AddDays(-6)));
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], [], at: lane.Now.AddDays(-8)));

        var added = await hub.Get<WatchlistBook>().AddAsync(Entry("AB12CDE"));

        Assert.True(Assert.Single(added.Past).BackMatch);
        Assert.Single(Desk.Open(new("officer")));
    }

    /// <summary>A lane may take a vehicle that stands before it for one passage after another.</summary>
    [Fact]
    public async Task Alert_OfAVehicleThatStandsAtALane_IsOneHit_AndTwoEntriesAreTwo()
    {
        await AddAsync("AB12CDE");
        await AddAsync("AB12CDE");
        var now = lane.Now;
        for (var minutes = 0; minutes < 60; minutes += 12)
        {
            await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], [], at: now.AddMinutes(minutes - 60)));
        }

        Assert.Equal(2, Desk.Newest(new("officer"), 20).Count);
        Assert.All(Desk.Open(new("officer")), a => Assert.Equal(5, a.Sightings.Count));

        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], [], at: now.AddMinutes(2)));
        Assert.Equal(4, Desk.Newest(new("officer"), 20).Count); // an hour after the first it is told again
    }

    /// <summary>"Here again" rests on the sighting before: it falls when that turns out to be another vehicle's, and who had seen it is kept.</summary>
    [Fact]
    public async Task Alert_HereAgain_FallsWhenTheSightingBeforeIsRevised()
    {
        var other = await LaneClient.EnrolAsync(hub, "dunkerque", "dunkerque-1");
        var first = other.Sighting("AB12CDE", NewId(), [1], [], at: other.Now.AddMinutes(-60));
        await other.SendAsync(first);
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));
        var raised = Assert.Single(Desk.Open(new("officer")));
        Assert.Equal((AlertCause.Return, first.Id), (raised.Cause, raised.Rests));
        await Desk.AcknowledgeAsync(raised.Id, new("olive"));

        (first.Revision, first.Text) = (2, "XY99ZZZ");
        first.Characters.Clear();
        await other.SendAsync(first);

        var fallen = Desk.Find(raised.Id, new("officer"))!;
        Assert.Equal(AlertState.Withdrawn, fallen.State);
        Assert.Contains(fallen.History, s => s is { State: AlertState.Acknowledged, By: "olive" });
        Assert.Equal("XY99ZZZ at dunkerque/dunkerque-1 was another vehicle", fallen.History[^1].Words);
    }

    [Fact]
    public async Task Alert_HereAgain_FallsWhenAPersonTakesTheTwoApart()
    {
        var other = await LaneClient.EnrolAsync(hub, "dunkerque", "dunkerque-1");
        var first = other.Sighting("AB12CDE", NewId(), [1], [], at: other.Now.AddMinutes(-60));
        await other.SendAsync(first);
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));
        var raised = Assert.Single(Desk.Open(new("officer")));
        var store = hub.Get<Hub.Storage.IStore>();
        var vehicle = store.Get(Hub.Link.Vehicle.Table, raised.Vehicle)!;
        var merge = new Hub.Link.Merge(NewId(), lane.Now, vehicle with { Id = NewId() }, vehicle.Id, [first.Id], 0.9, "looks alike");
        await store.WriteAsync(writer =>
        {
            writer.Put(Hub.Link.Merge.Table, merge);
            return true;
        });

        await hub.Get<Hub.Movements.MergeDesk>().UndoAsync(new("supervisor", "OP:1", null), merge.Id);

        Assert.Equal(AlertState.Withdrawn, Desk.Find(raised.Id, new("officer"))!.State);
        Assert.Empty(Desk.Open(new("officer")));
    }

    [Fact]
    public async Task Alert_CovertEntry_IsItsOwnersOnly()
    {
        await hub.Get<WatchlistBook>().AddAsync(Entry("AB12CDE") with { Covert = true });
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));

        Assert.Empty(Desk.Open(new("officer")));
        Assert.Null(Desk.Find(Assert.Single(Desk.Open(new("supervisor"))).Id, new("officer")));
        Assert.Empty(hub.Get<WatchlistBook>().Entries("officer"));
    }

    [Fact]
    public async Task Alert_ClosedPassageWithoutPlate_IsRaisedAndTakenBackWhenAPlateTurnsUp()
    {
        var passage = NewId();
        await lane.SendAsync(lane.Passage(passage, []));
        var raised = Assert.Single(Desk.Open(new("officer")));

        await lane.SendAsync(lane.Sighting("AB12CDE", passage, [1], []));

        Assert.Equal(AlertCause.NoPlate, raised.Cause);
        Assert.Empty(Desk.Open(new("officer")));
        Assert.Equal("now reads AB12CDE", Desk.Find(raised.Id, new("officer"))!.History[^1].Words);
    }

    [Fact]
    public async Task Alert_PassageWhoseSightingCameFirst_IsNotRaised()
    {
        var passage = NewId();
        var sighting = lane.Sighting("AB12CDE", passage, [1], []);
        await lane.SendAsync(sighting);
        await lane.SendAsync(lane.Passage(passage, [sighting.Id]));

        Assert.Empty(Desk.Newest(new("officer"), 10));
    }

    [Fact]
    public async Task Alert_AtAnotherPort_IsNotShownToWhoWorksElsewhere_NorTaken()
    {
        await AddAsync("AB12CDE");
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));
        var raised = Assert.Single(Desk.Open(new("officer", "calais")));

        var elsewhere = new Hub.Access.Viewer("officer", "dunkerque", "coquelles");

        Assert.Empty(Desk.Open(elsewhere));
        Assert.Empty(Desk.Newest(elsewhere, 10));
        Assert.Null(Desk.Find(raised.Id, elsewhere));
        Assert.Null(await Desk.AcknowledgeAsync(raised.Id, elsewhere));
        Assert.Equal(AlertState.Raised, Desk.Find(raised.Id, new("officer"))!.State);
    }

    /// <summary>However many alerts a busy port raises, whoever works at a quiet one sees their own.</summary>
    [Fact]
    public async Task Alert_OfAQuietPort_IsNotCrowdedOutByThoseOfOthers()
    {
        await AddAsync("AB12CDE");
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));
        var mine = Assert.Single(Desk.Open(new("officer")));
        await hub.Get<IStore>().WriteAsync(writer =>
        {
            for (var i = 0; i < 1100; i++)
            {
                writer.Put(Alert.Table, mine with { Id = NewId(), Port = "dunkerque", RaisedAt = mine.RaisedAt.AddSeconds(1 + i) });
            }

            return true;
        });

        Assert.Equal(mine.Id, Assert.Single(Desk.Newest(new("officer", "calais"), 20)).Id);
        Assert.Equal(mine.Id, Assert.Single(Desk.Open(new("officer", "calais"))).Id);
        Assert.Equal(20, Desk.Newest(new("officer"), 20).Count);
    }

    /// <summary>Open alerts are work; to look through what is done with is a question, and asks for a reason.</summary>
    [Fact]
    public async Task Alerts_OfAllStates_NeedAReasonAndAreCounted()
    {
        using var officer = await hub.SignInAsync(Hub.Access.Role.Officer);
        await AddAsync("AB12CDE");
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));

        using var refused = await officer.GetAsync(new Uri("/api/v1/alerts?state=all", UriKind.Relative), TestContext.Current.CancellationToken);
        using var all = await officer.GetAsync(new Uri("/api/v1/alerts?state=all&reason=OP:1&reason_text=why", UriKind.Relative), TestContext.Current.CancellationToken);
        using var open = await officer.GetAsync(new Uri("/api/v1/alerts", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.OK], new[] { refused, all, open }.Select(a => a.StatusCode));
        Assert.Equal(
            [("open", "", 1L), ("all", "OP:1 \"why\"", 1L), ("all", "", null)],
            hub.Get<AuditLog>().Newest("officer", "alert.look", 9).Select(e => (e.About, e.Why, e.Records)));
    }

    private AlertDesk Desk => hub.Get<AlertDesk>();

    private static string NewId() => Guid.CreateVersion7().ToString();

    private static NewEntry Entry(string pattern) =>
        new(pattern, ListedKind.Exact, 1, "Stop and search", "OP:1", "supervisor", TimeProvider.System.GetUtcNow().AddDays(1));

    private async Task<ListEntry> AddAsync(string pattern) => (await hub.Get<WatchlistBook>().AddAsync(Entry(pattern))).Entry;

    private static async Task<Alert> NextAlertAsync(HubSubscription feed)
    {
        await foreach (var happened in feed.Events.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (happened is AlertEvent { Alert: var alert })
            {
                return alert;
            }
        }

        throw new InvalidOperationException("the feed ended");
    }
}
