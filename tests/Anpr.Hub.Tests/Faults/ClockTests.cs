using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Audit;
using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Hub.Tests.Faults;

/// <summary>Clocks that are wrong, of lanes and of the hub: nothing is lost or doubled, alerts come, and vehicles are linked as they drove.</summary>
public sealed class ClockTests : IAsyncLifetime
{
    private const string Plate = "AB12CDE";
    private readonly FakeTimeProvider real = new(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
    private readonly SteppedClock hubs;
    private RunningHub hub = null!;

    public ClockTests() => hubs = new SteppedClock(real);

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync(hubs);
        await hub.Get<WatchlistBook>().AddAsync(new NewEntry(Plate, ListedKind.Exact, 1, "stop", "OP:1", "olive", real.GetUtcNow().AddDays(3)));
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    [InlineData(2)]
    [InlineData(-56 * 365 * 24 * 60)] // a box without a battery begins in 1970
    public async Task Lane_WhoseClockIsWrong_IsPutRight_AlertsComeAndTheJourneyIsAsItWas(int minutesAhead)
    {
        var wrong = new SteppedClock(real) { Ahead = TimeSpan.FromMinutes(minutesAhead) };
        var (dunkerque, calais, coquelles) = (await LaneAsync("dunkerque", real), await LaneAsync("calais", wrong), await LaneAsync("coquelles", real));
        using var heard = hub.Get<HubFeed>().Subscribe();
        await SendAsync(dunkerque, 0);
        real.Advance(TimeSpan.FromMinutes(50));
        var passed = real.GetUtcNow();

        var sent = await SendAsync(calais, minutesAhead);
        var alerts = Alerts(heard);
        real.Advance(TimeSpan.FromMinutes(30));
        await SendAsync(coquelles, 0);

        var stored = Store.Get(StoredSighting.Table, sent.Id)!;
        Assert.Equal((passed, false), (stored.CapturedAt, stored.Late));
        Assert.Equal(sent.CapturedAt, stored.Message.CapturedAt); // what it said is kept beside it
        Assert.Equal(minutesAhead * 60_000L, stored.Message.TimeQuality.BoxAheadMs);
        Assert.Contains(alerts, a => a is { Port: "calais", Cause: AlertCause.Watchlist, State: AlertState.Raised });
        var vehicle = Assert.Single(Store.All(Vehicle.Table));
        Assert.Equal(["dunkerque", "calais", "coquelles"], Store.Prefix(StoredSighting.ByVehicle, vehicle.Id + "|", 10).Select(s => s.Port));
        Assert.Empty(hub.Get<FleetBoard>().Quarantine(10));
        Assert.Equal(Outcome.Duplicate, (await calais.SendAsync(sent)).Outcome);
        Assert.Equal(3, Store.Count(StoredSighting.Table));
    }

    [Fact]
    public async Task Lane_WhoseClockIsWrong_TeachesTheTimesThatTheVehiclesTook()
    {
        var (dunkerque, calais) = (await LaneAsync("dunkerque", real), await LaneAsync("calais", new SteppedClock(real) { Ahead = TimeSpan.FromHours(1) }));
        for (var i = 0; i < 24; i++)
        {
            await SendAsync(dunkerque, 0, $"{(char)('A' + i)}B{(i * 7 % 90) + 10}XY{(char)('Z' - i)}");
            real.Advance(TimeSpan.FromMinutes(50));
            await SendAsync(calais, 60, $"{(char)('A' + i)}B{(i * 7 % 90) + 10}XY{(char)('Z' - i)}");
            real.Advance(TimeSpan.FromMinutes(10));
        }

        var usual = hub.Get<Linker>().Usual("dunkerque", "calais")!;

        Assert.Equal(24, Store.Count(Vehicle.Table));
        Assert.InRange(usual.Median.TotalMinutes, 35, 70);
    }

    [Fact]
    public async Task Lane_WhosePassageIsFromAWrongClock_IsOpenedAndClosedWhenItWas()
    {
        var lane = await LaneAsync("calais", new SteppedClock(real) { Ahead = TimeSpan.FromHours(1) });
        var passage = lane.Passage(Guid.CreateVersion7().ToString(), []);
        Mark(passage.TimeQuality, 60);

        Assert.Equal(Outcome.Stored, (await lane.SendAsync(passage)).Outcome);

        var stored = Store.Get(StoredPassage.Table, passage.Id)!;
        Assert.Equal((real.GetUtcNow(), real.GetUtcNow().AddSeconds(1), false), (stored.OpenedAt, stored.ClosedAt, stored.Late));
    }

    /// <summary>A clock that is wrong and was not measured is what it was before: kept aside, for nobody knows when it was.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(-3)]
    public async Task Lane_WhoseClockIsWrongAndNotMeasuredSo_IsQuarantined(int? measuredHours)
    {
        var lane = await LaneAsync("calais", new SteppedClock(real) { Ahead = TimeSpan.FromHours(1) });
        var sighting = lane.Sighting(Plate, Guid.CreateVersion7().ToString(), [1], []);
        sighting.TimeQuality.Synchronised = false;
        if (measuredHours is { } hours)
        {
            sighting.TimeQuality.BoxAheadMs = hours * 3_600_000L;
        }

        Assert.Equal(Outcome.Quarantined, (await lane.SendAsync(sighting)).Outcome);
    }

    /// <summary>Lanes that NTP keeps are right; the hub's own clock jumps under them.</summary>
    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    public async Task Hub_WhoseClockJumpsWhileItRuns_TakesInLinksAndAlertsAsBefore(int minutes)
    {
        var (dunkerque, calais) = (await LaneAsync("dunkerque", real), await LaneAsync("calais", real));
        using var heard = hub.Get<HubFeed>().Subscribe();
        using var officer = await hub.SignInAsync(Role.Officer);
        var before = await SendAsync(dunkerque, 0, quality: false);
        hubs.Ahead = TimeSpan.FromMinutes(minutes);
        real.Advance(TimeSpan.FromMinutes(50));

        var after = await SendAsync(calais, 0, quality: false);

        Assert.Equal(Outcome.Duplicate, (await dunkerque.SendAsync(before)).Outcome);
        Assert.Equal(Outcome.Duplicate, (await calais.SendAsync(after)).Outcome);
        var vehicle = Assert.Single(Store.All(Vehicle.Table));
        Assert.Equal([before.Id, after.Id], Store.Prefix(StoredSighting.ByVehicle, vehicle.Id + "|", 10).Select(s => s.Id));
        Assert.Equal(["dunkerque", "calais"], Alerts(heard).Where(a => a.State == AlertState.Raised && a.Cause == AlertCause.Watchlist).Select(a => a.Port));
        Assert.Empty(hub.Get<FleetBoard>().Quarantine(10));
        using var answer = await officer.GetAsync(new Uri("/api/v1/alerts", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(AuditVerifier.Verify(hub.Files.Path).Fault);
    }

    private IStore Store => hub.Get<IStore>();

    private async Task<LaneClient> LaneAsync(string port, TimeProvider clock) => await LaneClient.EnrolAsync(hub, port, $"{port}-1", clock);

    private static async Task<Sighting> SendAsync(LaneClient lane, int minutesAhead, string plate = Plate, bool quality = true)
    {
        var sighting = lane.Sighting(plate, Guid.CreateVersion7().ToString(), [1], []);
        if (quality)
        {
            Mark(sighting.TimeQuality, minutesAhead);
        }

        Assert.Equal((Outcome.Stored, ""), ((await lane.SendAsync(sighting)) is var answer ? answer.Outcome : default, answer.Reason));
        return sighting;
    }

    private static void Mark(TimeQuality quality, int minutesAhead)
    {
        quality.Synchronised = false;
        quality.BoxAheadMs = minutesAhead * 60_000L;
    }

    private static List<Alert> Alerts(HubSubscription heard)
    {
        var alerts = new List<Alert>();
        while (heard.Events.TryRead(out var happened))
        {
            alerts.AddRange(happened is AlertEvent told ? [told.Alert] : []);
        }

        return alerts;
    }
}
