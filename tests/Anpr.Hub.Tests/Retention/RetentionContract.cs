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
using Anpr.Proto.V1;
using CsCheck;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Retention;

/// <summary>What is deleted and what is not, on each store.</summary>
public abstract class RetentionContract : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private RunningHub hub = null!;
    private KeptTraffic traffic = null!;

    private protected abstract string? Connection { get; }

    private protected RunningHub Hub => hub;

    private protected KeptTraffic Traffic => traffic;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync(time, Connection);
        traffic = new KeptTraffic(hub, time);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task Pass_PassageWhosePeriodIsOver_GoesWithAllThatHangsOnItAndNothingElse()
    {
        byte[] shared = [0xFF, 7];
        var empty = traffic.Counts();
        var (kept, keptPassage) = await traffic.PassAsync("AB12CDE", 300, shared);
        var before = traffic.Counts();
        var (old, oldPassage) = await traffic.PassAsync("AB12CDE", 366, shared);
        var (alone, alonePassage) = await traffic.PassAsync("XY34ZZZ", 400);
        Assert.All(before, c => Assert.True(c.Key == "alerts" || c.Value > empty[c.Key], c.Key));
        var gone = traffic.Records();

        var erasure = await PassAsync();

        // Whoever has the ids from elsewhere can show that these and no others went.
        gone.ExceptWith(traffic.Records());
        gone.UnionWith(new[] { old.OverviewSha256, alone.OverviewSha256, KeptTraffic.Hash(alone.PatchJpeg.ToByteArray()) }.Select(p => new ErasedRecord("pictures", p)));
        Assert.Equal(ErasureSum.Add(ErasureSum.Zero, erasure.Key, gone), erasure.Sum);
        Assert.Equal(gone.Count, erasure.Records);

        Assert.Equal(before, traffic.Counts());
        Assert.True(traffic.IsKept(keptPassage));
        Assert.False(traffic.IsKept(oldPassage) || traffic.IsKept(alonePassage));
        var vehicle = Assert.Single(traffic.Store.All(Vehicle.Table));
        Assert.Equal((1, kept.CapturedAt.ToDateTimeOffset()), (vehicle.Sightings, vehicle.FirstSeen));
        Assert.NotNull(traffic.Store.Picture(KeptTraffic.Hash(shared)));
        Assert.Null(traffic.Store.Picture(KeptTraffic.Hash(alone.PatchJpeg.ToByteArray())));
        Assert.Null(traffic.Store.Picture(alone.OverviewSha256));
        Assert.Equal((2L, 2L, alone.CapturedAt.ToDateTimeOffset(), old.CapturedAt.ToDateTimeOffset()), (erasure.Counts["sightings"], erasure.Counts["passages"], erasure.From, erasure.To));
    }

    [Fact]
    public async Task Pass_AnyTrafficAndHolds_LeavesWhatIsYoungOrHeldAndProvesTheRest() => await Gen.Select(Gen.Int[0, 4], Gen.Int[350, 380], Gen.Int[0, 9]).Array[1, 8].SampleAsync(
        async passages =>
        {
            await ClearAsync(); // what a sample before this one left when it failed
            var desk = hub.Get<HoldDesk>();
            var all = new List<(Sighting Sighting, Passage Passage, bool Stays)>();
            foreach (var (plate, daysAgo, hold) in passages)
            {
                var (sighting, passage) = await traffic.PassAsync($"AB{plate}{plate}CDE", daysAgo + 0.5);
                var placed = hold switch
                {
                    0 => await desk.PlaceAsync("passage", passage.Id, "CASE:1", "olive"),
                    1 => await desk.PlaceAsync("vehicle", VehicleOf(sighting), "CASE:1", "olive"),
                    2 => await desk.PlaceAsync("plate", sighting.Text.ToLowerInvariant(), "CASE:1", "olive"),
                    _ => null,
                };
                all.Add((sighting, passage, daysAgo < 365 || placed is not null));
            }

            var names = desk.All.Where(h => h.Stands).Select(h => h.Of).ToHashSet(StringComparer.Ordinal);
            names.UnionWith(traffic.Store.All(Merge.Table).Where(m => names.Contains(m.Gone.Id)).Select(m => m.Into).ToList());
            var stays = all.Where(p => p.Stays || names.Contains(p.Sighting.Text) || names.Contains(VehicleOf(p.Sighting))).Select(p => p.Passage.Id).ToHashSet(StringComparer.Ordinal);

            var erasure = await PassAsync();

            Assert.Equal(stays.Order(StringComparer.Ordinal), traffic.Store.All(StoredPassage.Table).Select(p => p.Id));
            Assert.Equal(stays.Count, traffic.Store.Count(StoredSighting.Table));
            Assert.Equal(traffic.Store.All(StoredSighting.Table).Select(s => s.Vehicle).Distinct().Order(StringComparer.Ordinal), traffic.Store.All(Vehicle.Table).Select(v => v.Id));
            Assert.Equal(all.Count - stays.Count, erasure.Counts.GetValueOrDefault("passages"));

            await ClearAsync();
            Assert.All(traffic.Counts(), c => Assert.True(c.Value == 0, c.Key));
        },
        iter: 4, threads: 1);

    [Fact]
    public async Task Pass_OverviewAfterAWeek_GoesUnlessItsPassageWasAHit()
    {
        await hub.Get<WatchlistBook>().AddAsync(new NewEntry("HT11HIT", MatchKind.Exact, 1, "stop", "OP:1", "olive", time.GetUtcNow().AddDays(30)));
        var (hit, _) = await traffic.PassAsync("HT11HIT", 0);
        var (plain, passage) = await traffic.PassAsync("AB12CDE", 0);
        var (held, heldPassage) = await traffic.PassAsync("CD34EFG", 0);
        await hub.Get<HoldDesk>().PlaceAsync("passage", heldPassage.Id, "CASE:1", "olive");
        await PassAsync();
        Assert.NotNull(traffic.Store.Picture(plain.OverviewSha256));

        foreach (var overview in traffic.Store.All(StoredOverview.Table).ToList())
        {
            await traffic.Store.WriteAsync(w =>
            {
                w.Put(StoredOverview.Table, overview with { ReceivedAt = overview.ReceivedAt - TimeSpan.FromDays(7.1) });
                return true;
            });
        }

        await PassAsync();

        Assert.NotNull(traffic.Store.Picture(hit.OverviewSha256));
        Assert.NotNull(traffic.Store.Picture(held.OverviewSha256));
        Assert.Null(traffic.Store.Picture(plain.OverviewSha256));
        Assert.NotNull(traffic.Store.Picture(KeptTraffic.Hash(plain.PatchJpeg.ToByteArray())));
        Assert.True(traffic.IsKept(passage));
    }

    [Fact]
    public async Task Pass_RecordsOfTheirOwn_GoWhenTheirPeriodIsOver()
    {
        var lane = new Anpr.Hub.Access.LaneIdentity("calais", "calais-1");
        await hub.Get<Intake>().AcceptAsync(lane, new IngestMessage { Sighting = new Sighting { Id = "nonsense" } });
        var aside = Assert.Single(traffic.Store.All(Quarantined.Table));
        var list = hub.Get<WatchlistBook>();
        foreach (var plate in new[] { "AA11AAA", "BB22BBB", "CC33CCC" })
        {
            await list.AddAsync(new NewEntry(plate, MatchKind.Exact, 1, "stop", "OP:1", "olive", time.GetUtcNow().AddDays(30)));
        }

        await PassAsync();
        Assert.Equal((1, 3), (traffic.Store.Count(Quarantined.Table), traffic.Store.Count(ListEntry.Table)));

        await traffic.Store.WriteAsync(w =>
        {
            w.Put(Quarantined.Table, aside with { ReceivedAt = aside.ReceivedAt.AddDays(-31) });
            foreach (var entry in w.All(ListEntry.Table).Where(e => e.Pattern != "BB22BBB").ToList())
            {
                w.Put(ListEntry.Table, entry with { ExpiresAt = time.GetUtcNow().AddDays(-366) });
            }

            return true;
        });
        var erasure = await PassAsync();

        Assert.Equal(["BB22BBB", "CC33CCC"], traffic.Store.All(ListEntry.Table).Select(e => e.Pattern).Order(StringComparer.Ordinal));
        Assert.Equal((0, 1L, 1L), (traffic.Store.Count(Quarantined.Table), erasure.Counts["quarantine"], erasure.Counts["watchlist"]));
        Assert.Equal(3ul, list.Revision);
    }

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
        log.Append("officer", "passage.open", about: otherPassage.Id, why: "OP:1");

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
    public async Task Hold_OnAVehicleThatIsJoinedToAnother_GoesOnThere()
    {
        var (sighting, passage) = await traffic.PassAsync("AB12CDE", 400);
        var vehicle = traffic.Store.Get(Vehicle.Table, traffic.Store.Get(StoredSighting.Table, sighting.Id)!.Vehicle)!;
        await hub.Get<HoldDesk>().PlaceAsync("vehicle", vehicle.Id, "CASE:1", "olive");
        await traffic.Store.WriteAsync(w =>
        {
            var stored = w.Get(StoredSighting.Table, sighting.Id)!;
            w.Put(StoredSighting.Table, stored with { Vehicle = "another" });
            w.Put(Vehicle.Table, vehicle with { Id = "another" });
            w.Put(Merge.Table, new Merge("m", time.GetUtcNow(), vehicle, "another", [sighting.Id], 0.9, "they are one"));
            return true;
        });

        await PassAsync();

        Assert.True(traffic.IsKept(passage));
    }

    [Fact]
    public async Task Hold_OnAVehicleThatWasJoinedLongAgo_StillGoesOnThere()
    {
        var (sighting, passage) = await traffic.PassAsync("AB12CDE", 400);
        var vehicle = traffic.Store.Get(Vehicle.Table, VehicleOf(sighting))!;
        await hub.Get<HoldDesk>().PlaceAsync("vehicle", vehicle.Id, "CASE:1", "olive");
        await traffic.Store.WriteAsync(w =>
        {
            w.Put(StoredSighting.Table, w.Get(StoredSighting.Table, sighting.Id)! with { Vehicle = "last" });
            w.Put(Vehicle.Table, vehicle with { Id = "last" });
            w.Put(Merge.Table, new Merge("m1", time.GetUtcNow().AddDays(-366), vehicle, "next", [sighting.Id], 0.9, "they are one"));
            w.Put(Merge.Table, new Merge("m2", time.GetUtcNow().AddDays(-366), vehicle with { Id = "next" }, "last", [sighting.Id], 0.9, "they are one"));
            w.Put(Merge.Table, new Merge("m3", time.GetUtcNow().AddDays(-366), vehicle with { Id = "x", Text = "XY34ZZZ" }, "y", [], 0.9, "they are one"));
            return true;
        });

        await PassAsync();
        await PassAsync();

        Assert.True(traffic.IsKept(passage));
        Assert.Equal(["m1", "m2"], traffic.Store.All(Merge.Table).Select(m => m.Id));
    }

    [Fact]
    public async Task Hold_OnAPlate_KeepsWhatNamesItAndHangsOnNoPassage()
    {
        await hub.Get<HoldDesk>().PlaceAsync("plate", "AB12CDE", "CASE:1", "olive");
        var list = hub.Get<WatchlistBook>();
        foreach (var plate in new[] { "AB12CDE", "BB22BBB", "CC33CCC" })
        {
            await list.AddAsync(new NewEntry(plate, MatchKind.Exact, 1, "stop", "OP:1", "olive", time.GetUtcNow().AddDays(30)));
        }

        await traffic.Store.WriteAsync(w =>
        {
            foreach (var entry in w.All(ListEntry.Table).ToList())
            {
                w.Put(ListEntry.Table, entry with { ExpiresAt = time.GetUtcNow().AddDays(-366) });
            }

            w.Put(Quarantined.Table, Aside("a", "ab12 cde"));
            w.Put(Quarantined.Table, Aside("b", "BB22BBB"));
            return true;
        });

        await PassAsync();

        Assert.Equal(["AB12CDE", "CC33CCC"], traffic.Store.All(ListEntry.Table).Select(e => e.Pattern).Order(StringComparer.Ordinal));
        Assert.Equal(["a"], traffic.Store.All(Quarantined.Table).Select(q => q.Id));
    }

    [Fact]
    public async Task Pass_WhatWasToldAndLearnedAndFailed_GoesWhenItsPeriodIsOver()
    {
        var now = time.GetUtcNow();
        await traffic.Store.WriteAsync(w =>
        {
            foreach (var days in new[] { 364, 366 })
            {
                w.Put(ToldCompany.Table, ToldCompany.Of("a", $"b{days}", now.AddDays(-days)));
                w.Put(LaneFault.Table, new LaneFault("calais", "calais-1", $"camera{days}", "dirty", "Clean it.", now.AddDays(-400), now.AddDays(-days)));
            }

            w.Put(LaneFault.Table, new LaneFault("calais", "calais-1", "stands", "dirty", "Clean it.", now.AddDays(-400)));
            foreach (var (number, days) in new[] { (1ul, 2500), (2ul, 2000), (3ul, 2500) })
            {
                w.Put(LearnedVersion.Table, new LearnedVersion(number, now.AddDays(-days), "olive", "OP:1", 0, 0, now));
            }

            return true;
        });

        await PassAsync();

        Assert.Equal(["b364"], traffic.Store.All(ToldCompany.Table).Select(t => t.Other));
        Assert.Equal(["camera364", "stands"], traffic.Store.All(LaneFault.Table).Select(f => f.Device));
        Assert.Equal([2ul, 3ul], traffic.Store.All(LearnedVersion.Table).Select(v => v.Number)); // the newest stays, however old
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
        await hub.Get<WatchlistBook>().AddAsync(new NewEntry("CC33CCC", MatchKind.Exact, 1, "stop", "OP:1", "olive", now.AddDays(1)));
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

    [Fact]
    public async Task Pass_WhileAnotherHubHasTheTurn_DeletesNothingUntilItIsOver()
    {
        var (_, passage) = await traffic.PassAsync("AB12CDE", 400);
        await traffic.Store.WriteAsync(w => RetentionTurn.Take(w, "another-hub", time.GetUtcNow()));

        Assert.Null(await hub.Get<RetentionPass>().RunAsync(Stop));
        Assert.True(traffic.IsKept(passage));

        time.Advance(TimeSpan.FromMinutes(6));
        await PassAsync();
        Assert.False(traffic.IsKept(passage));
    }

    [Fact]
    public async Task Pass_OldAuditEntries_LosePersonAndContentAndTheChainStaysWhole()
    {
        hub.Get<AuditLog>().Append("officer", "movements.search", about: "AB12CDE", why: "OP:1");
        var young = AuditVerifier.Verify(hub.Files.Path).Entries;
        await PassAsync();
        Assert.Equal(0, AuditVerifier.Verify(hub.Files.Path).Erased);

        var later = new FakeTimeProvider(time.GetUtcNow() + TimeSpan.FromDays(7 * 366));
        await new RetentionPass(traffic.Store, hub.Get<Linker>(), hub.Get<AuditLog>(), hub.Get<IOptions<RetentionOptions>>(), later).RunAsync(Stop);

        var verdict = AuditVerifier.Verify(hub.Files.Path);
        Assert.Null(verdict.Fault);
        Assert.True(verdict.Erased >= young, $"{verdict.Erased} of {young}");
        Assert.DoesNotContain("AB12CDE", await File.ReadAllTextAsync(hub.Files.File(AuditLog.FileName), Stop), StringComparison.Ordinal);
    }

    private Quarantined Aside(string id, string text) =>
        new(id, "calais", "calais-1", "sighting", time.GetUtcNow().AddDays(-31), "camera: give one", false, Google.Protobuf.MessageExtensions.ToByteArray(new Sighting { Text = text }));

    private async Task BookAsync(string plate)
    {
        var crossing = time.GetUtcNow().AddHours(1).UtcDateTime;
        await hub.Get<BookingBook>().ImportAsync(System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"registration,trailer,cargo,crossing_at\n{plate},,dry,{crossing:s}Z\n")));
    }

    private string VehicleOf(Sighting sighting) => traffic.Store.Get(StoredSighting.Table, sighting.Id)!.Vehicle;

    // Without holds every vehicle can be erased, and then nothing is left.
    private async Task ClearAsync()
    {
        foreach (var hold in hub.Get<HoldDesk>().All.Where(h => h.Stands))
        {
            await hub.Get<HoldDesk>().LiftAsync(hold.Id, "CASE:1", "olive");
        }

        while (traffic.Store.Page(Vehicle.Table, "", 1) is [var vehicle])
        {
            await hub.Get<ErasureDesk>().EraseAsync(vehicle.Id, null, "DPA:47", "anna", Stop);
        }
    }

    private async Task<Erasure> PassAsync()
    {
        var erasure = await hub.Get<RetentionPass>().RunAsync(Stop);
        Assert.NotNull(erasure);
        return erasure;
    }
}

public sealed class LiteRetentionTests : RetentionContract
{
    private protected override string? Connection => null;

    [Fact]
    public async Task Pass_PictureThatIsDamaged_GoesLikeAnyOther()
    {
        var (sighting, passage) = await Traffic.PassAsync("AB12CDE", 400);
        var path = Hub.Files.File(Path.Combine("pictures", sighting.OverviewSha256[..2], sighting.OverviewSha256 + ".jpg"));
        await File.WriteAllTextAsync(path, "damaged", TestContext.Current.CancellationToken);

        await Hub.Get<RetentionPass>().RunAsync(TestContext.Current.CancellationToken);

        Assert.False(Traffic.IsKept(passage));
        Assert.False(File.Exists(path));
    }
}

public sealed class PostgresRetentionTests(PostgresFixture postgres) : RetentionContract, IClassFixture<PostgresFixture>
{
    private readonly string connection = postgres.Server.NewDatabase();

    private protected override string? Connection => connection;
}
