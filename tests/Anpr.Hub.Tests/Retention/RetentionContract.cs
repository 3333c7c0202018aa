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

/// <summary>What is deleted and what is not, on each store.</summary>
public abstract partial class RetentionContract : IAsyncLifetime
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
        await hub.Get<WatchlistBook>().AddAsync(new NewEntry("HT11HIT", ListedKind.Exact, 1, "stop", "OP:1", "olive", time.GetUtcNow().AddDays(30)));
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
            await list.AddAsync(new NewEntry(plate, ListedKind.Exact, 1, "stop", "OP:1", "olive", time.GetUtcNow().AddDays(30)));
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
            await list.AddAsync(new NewEntry(plate, ListedKind.Exact, 1, "stop", "OP:1", "olive", time.GetUtcNow().AddDays(30)));
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
