using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Audit;
using Anpr.Hub.Bookings;
using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Retention;
using Anpr.Hub.Storage;
using Anpr.Hub.Tests.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Retention;

/// <content>What is erased on request.</content>
public abstract partial class RetentionContract
{
    [Fact]
    public async Task Erase_OneVehicle_LeavesNothingOfItAndAllOfTheOthers()
    {
        var (other, otherPassage) = await traffic.PassAsync("XY34ZZZ", 2);
        var before = traffic.Counts();
        var (mine, minePassage) = await traffic.PassAsync("AB12CDE", 3);
        await traffic.PassAsync("AB12CDE", 1);
        var vehicle = traffic.Store.Get(StoredSighting.Table, mine.Id)!.Vehicle;
        var log = hub.Get<AuditLog>();
        log.Append("officer", "movements.search", about: "ab12 cde 2026", why: "OP:1", records: 2);
        log.Append("officer", "journey.look", about: vehicle, why: "OP:1", records: 2);
        log.Append("officer", "passage.look", about: otherPassage.Id, why: "OP:1");

        var crossing = hub.Get<TimeProvider>().GetUtcNow().AddHours(1).UtcDateTime;
        await hub.Get<BookingBook>().ImportAsync(System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $"registration,trailer,cargo,crossing_at\nAB12CDE,,dry,{crossing:s}Z\nZZ99ZZZ,AB12CDE,dry,{crossing:s}Z\nXY34ZZZ,,produce,{crossing:s}Z\n")));

        var done = await hub.Get<ErasureDesk>().EraseAsync(null, "ab12-cde", "DPA:47-2026", "anna", Stop);

        Assert.Equal("XY34ZZZ", Assert.Single(traffic.Store.All(Anpr.Hub.Bookings.Booking.Table)).Registration);
        Assert.Equal(2, done.Erasure.Counts["bookings"]);
        Assert.Equal(before, traffic.Counts());
        Assert.True(traffic.IsKept(otherPassage));
        Assert.NotNull(traffic.Store.Picture(other.OverviewSha256));
        var text = await File.ReadAllTextAsync(hub.Files.File(AuditLog.FileName), Stop);
        Assert.All(new[] { "AB12CDE", "ab12 cde", vehicle, minePassage.Id, mine.Id }, name => Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase));
        Assert.Contains(otherPassage.Id, text, StringComparison.Ordinal);
        var verdict = AuditVerifier.Verify(hub.Files.Path);
        Assert.Equal((null, 2L), (verdict.Fault, verdict.Erased));
        Assert.Equal(2, log.Newest("officer", "", 10).Count(e => e.About.Length == 0)); // who looked stays
        Assert.Equal((2L, 2L, 2, 0), (done.Erasure.Counts["passages"], done.Erasure.Counts["sightings"], done.Entries, done.Listed));
        Assert.Null(done.Erasure.Names);
        var kept = System.Text.Encoding.UTF8.GetString(Erasure.Table.Write(done.Erasure));
        Assert.All(new[] { "AB12CDE", vehicle, minePassage.Id, mine.Id }, name => Assert.DoesNotContain(name, kept, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Erase_VehicleThatIsHeld_IsRefusedAndChangesNothing()
    {
        var (sighting, passage) = await traffic.PassAsync("AB12CDE", 3);
        var hold = await hub.Get<HoldDesk>().PlaceAsync("plate", "AB12 CDE", "CASE:1", "olive");
        var before = traffic.Counts();

        var refused = await Assert.ThrowsAsync<InputException>(() => hub.Get<ErasureDesk>().EraseAsync(null, "AB12CDE", "DPA:47", "anna", Stop));

        Assert.Contains("hold", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, traffic.Counts());
        await hub.Get<HoldDesk>().LiftAsync(hold.Id, "CASE:1 closed", "olive");
        await hub.Get<ErasureDesk>().EraseAsync(null, "AB12CDE", "DPA:47", "anna", Stop);
        Assert.False(traffic.IsKept(passage));
        Assert.Null(traffic.Store.Get(StoredSighting.Table, sighting.Id));
    }

    [Fact]
    public async Task Erase_ThatIsCutOff_IsFinishedLater()
    {
        var (mine, passage) = await traffic.PassAsync("AB12CDE", 3);
        var vehicle = VehicleOf(mine);
        await BookAsync("AB12CDE");
        hub.Get<AuditLog>().Append("officer", "movements.search", about: "ab12 cde", why: "OP:1");
        var desk = hub.Get<ErasureDesk>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => desk.EraseAsync(null, "AB12CDE", "DPA:47", "anna", new CancellationToken(canceled: true)));

        // The passages went, and nothing else.
        var begun = Assert.Single(desk.Newest(9));
        var deleter = new Deleter(traffic.Store, hub.Get<Linker>(), hub.Get<AuditLog>(), time);
        await deleter.PassagesAsync(begun, [passage.Id], _ => true, Stop);
        Assert.Equal(0, await desk.FinishAsync());
        await desk.GoOnAsync(Stop);
        Assert.NotNull(Assert.Single(desk.Newest(9)).Open); // it may be under way

        time.Advance(TimeSpan.FromMinutes(6));
        await desk.GoOnAsync(Stop);
        Assert.Equal(1, await desk.FinishAsync());

        var done = Assert.Single(desk.Newest(9));
        Assert.Equal((begun.Id, null, null), (done.Id, done.Open, done.Names));
        Assert.Equal((1L, 1L), (done.Counts["passages"], done.Counts["bookings"]));
        Assert.Empty(traffic.Store.All(Anpr.Hub.Bookings.Booking.Table));
        var text = await File.ReadAllTextAsync(hub.Files.File(AuditLog.FileName), Stop) + System.Text.Encoding.UTF8.GetString(Erasure.Table.Write(done));
        Assert.All(new[] { "AB12CDE", "ab12 cde", vehicle, passage.Id }, name => Assert.DoesNotContain(name, text, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Erase_ThatIsAskedForAgainAfterItWasCutOff_FinishesTheFirst()
    {
        var (_, passage) = await traffic.PassAsync("AB12CDE", 3);
        var desk = hub.Get<ErasureDesk>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => desk.EraseAsync(null, "AB12CDE", "DPA:47", "anna", new CancellationToken(canceled: true)));
        var begun = Assert.Single(desk.Newest(9));
        await new Deleter(traffic.Store, hub.Get<Linker>(), hub.Get<AuditLog>(), time).PassagesAsync(begun, [passage.Id], _ => true, Stop);

        var done = await desk.EraseAsync(null, "AB12CDE", "DPA:47", "anna", Stop);

        Assert.Equal((begun.Id, null, null), (done.Erasure.Id, done.Erasure.Open, done.Erasure.Names));
    }

    [Fact]
    public async Task Worker_ErasureThatCannotBeGoneOnWith_KeepsThePassFromNothing()
    {
        var (_, passage) = await traffic.PassAsync("AB12CDE", 400);
        var (_, asked) = await traffic.PassAsync("XY34ZZZ", 3);
        var broken = Erasure.Begin(Erasure.Request, "anna", "DPA:47", time.GetUtcNow()) with { Key = "none", Open = new ErasureRequest([], [asked.Id], []) };
        await traffic.Store.WriteAsync(w =>
        {
            w.Put(Erasure.Table, broken);
            return true;
        });
        var clock = new FakeTimeProvider(time.GetUtcNow().AddHours(1));
        using var worker = new RetentionWorker(
            hub.Get<RetentionPass>(), new ErasureDesk(traffic.Store, hub.Get<Linker>(), hub.Get<BookingBook>(), hub.Get<AuditLog>(), clock), clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<RetentionWorker>.Instance);

        await worker.StartAsync(Stop);
        while (traffic.IsKept(passage) && worker.ExecuteTask is { IsCompleted: false })
        {
            clock.Advance(TimeSpan.FromMinutes(10));
            await Task.Yield();
        }

        Assert.False(traffic.IsKept(passage));
        Assert.False(worker.ExecuteTask!.IsCompleted);
        await worker.StopAsync(Stop);
    }

    [Fact]
    public async Task Erase_PlateOfWhichThereIsABookingOnly_ErasesIt()
    {
        await BookAsync("AB12CDE");

        var done = await hub.Get<ErasureDesk>().EraseAsync(null, "AB12CDE", "DPA:47", "anna", Stop);

        Assert.Equal(1, done.Erasure.Counts["bookings"]);
        await Assert.ThrowsAsync<InputException>(() => hub.Get<ErasureDesk>().EraseAsync(null, "AB12CDE", "DPA:47", "anna", Stop));
    }

    [Fact]
    public async Task Erase_WhatOtherRecordsSayOfIt_GoesToo()
    {
        var (mine, passage) = await traffic.PassAsync("AB12CDE", 3);
        var (other, _) = await traffic.PassAsync("AB12CDF", 2);
        var (third, thirdPassage) = await traffic.PassAsync("XY34ZZZ", 2);
        var vehicle = traffic.Store.Get(Vehicle.Table, VehicleOf(mine))!;
        var now = time.GetUtcNow();
        await hub.Get<WatchlistBook>().AddAsync(new NewEntry("CC33CCC", ListedKind.Exact, 1, "stop", "OP:1", "olive", now.AddDays(1)));
        var turned = traffic.Store.All(ListEntry.Table).Single() with { Id = $"return-{passage.Id}-1", Pattern = "AB12CDE", TurnedAway = new TurnedAway(passage.Id, "calais", "refused", now), Revision = 0, ExpiresAt = now.AddDays(-1) };
        await traffic.Store.WriteAsync(w =>
        {
            w.Put(Merge.Table, new Merge("m1", now, vehicle with { Id = "first", Text = "AB12COE" }, "second", [], 0.9, "they are one"));
            w.Put(Merge.Table, new Merge("m2", now, vehicle with { Id = "second" }, vehicle.Id, [], 0.9, "they are one"));
            w.Put(Merge.Table, new Merge("m3", now, vehicle, VehicleOf(third), [], 0.9, "they are one", "olive"));
            w.Put(ToldCompany.Table, ToldCompany.Of(vehicle.Id, VehicleOf(third), now));
            w.Put(StoredSighting.Table, w.Get(StoredSighting.Table, other.Id)! with { LinkReasons = ["not linked to AB12CDE: another country", "founded"] });
            w.Put(ListEntry.Table, turned);
            w.Put(Alert.Table, new Alert("company", "company", AlertCause.CompanyKept, "", "", "Company kept", 3, "", false, "calais", "calais-1", thirdPassage.Id, [third.Id], VehicleOf(third), "XY34ZZZ", false, now, now, false, false, false, AlertState.Raised, [])
            {
                Why = new Words("With AB12CDE at 5 controls.", "Avec AB12CDE à 5 contrôles."),
            });
            return true;
        });
        hub.Get<AuditLog>().Append("officer", "journey.look", about: "first", why: "OP:1");

        await hub.Get<ErasureDesk>().EraseAsync(null, "AB12CDE", "DPA:47", "anna", Stop);

        Assert.Empty(traffic.Store.All(Merge.Table));
        Assert.Empty(traffic.Store.All(ToldCompany.Table));
        Assert.Null(traffic.Store.Get(Alert.Table, "company"));
        Assert.Null(traffic.Store.Get(ListEntry.Table, turned.Id));
        Assert.Equal(["founded"], traffic.Store.Get(StoredSighting.Table, other.Id)!.LinkReasons);
        Assert.True(traffic.IsKept(thirdPassage));
        Assert.DoesNotContain(hub.Get<AuditLog>().Newest("officer", "", 9), e => e.About == "first");
    }

    [Fact]
    public async Task Deleter_CallerThatHeardNothingOfABatch_KeepsItsProof()
    {
        var (_, one) = await traffic.PassAsync("AB12CDE", 3);
        var (_, two) = await traffic.PassAsync("XY34ZZZ", 3);
        var deleter = new Deleter(traffic.Store, hub.Get<Linker>(), hub.Get<AuditLog>(), time);
        var begun = Erasure.Begin(Erasure.Request, "anna", "DPA:47", time.GetUtcNow());

        await deleter.PassagesAsync(begun, [one.Id], _ => true, Stop);
        await deleter.PassagesAsync(begun, [two.Id], _ => true, Stop);

        Assert.Equal(2, traffic.Store.Get(Erasure.Table, begun.Id)!.Counts["passages"]);
    }
}
