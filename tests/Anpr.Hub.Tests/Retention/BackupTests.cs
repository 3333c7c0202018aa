using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Backup;
using Anpr.Hub.Ingest;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Retention;

/// <summary>Backups of a hub that runs, restored and looked through.</summary>
public sealed class BackupTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly TempFolder backups = new();
    private readonly TempFolder restored = new();
    private RunningHub hub = null!;
    private KeptTraffic traffic = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync(time);
        traffic = new KeptTraffic(hub, time);
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        backups.Dispose();
        restored.Dispose();
    }

    [Fact]
    public async Task Restore_OfABackupTakenWhileTheHubRan_HoldsAllOfThatMoment()
    {
        var (before, _) = await traffic.PassAsync("AB12CDE", 1);
        await hub.Get<Users>().AddAsync("anna", Role.Supervisor);
        hub.Get<AuditLog>().Append("anna", "movements.search", about: "AB12CDE", why: "OP:1");
        await hub.Get<HeadKeeper>().SignAsync();
        var counts = traffic.Counts();

        // Lanes send while it is taken.
        var taking = hub.Get<BackupDesk>().TakeAsync(backups.Path, null, "console:test", Stop);
        var (after, _) = await traffic.PassAsync("XY34ZZZ", 1);
        var backup = await taking;
        var manifest = Restoring.Run(backup, new HubFiles(Path.Combine(restored.Path, "hub")), time);

        Assert.True(manifest.Store);
        await using var again = ClosedHub.Open(new HubFiles(Path.Combine(restored.Path, "hub")));
        Assert.Equal(before, again.Store.Get(StoredSighting.Table, before.Id)?.Message is { } message ? Whole(message, before) : null);
        Assert.NotNull(again.Store.Picture(before.OverviewSha256));
        Assert.InRange(again.Store.Count(StoredSighting.Table), counts["sightings"], counts["sightings"] + 1);
        Assert.Equal("anna", Assert.Single(new Users(new AccessStore(again.Store, time)).All).Name);
        Assert.NotNull(traffic.Store.Get(StoredSighting.Table, after.Id));
        var verdict = AuditVerifier.Verify(Path.Combine(restored.Path, "hub"), heads: hub.Get<HeadKeeper>().Newest());
        Assert.Null(verdict.Fault);
        Assert.Equal(1, verdict.Heads);
        AssertSameKeys();
    }

    [Fact]
    public async Task Restore_HeadsOfWhatCameAfterTheBackup_SayThatTheLogIsOlder()
    {
        var backup = await hub.Get<BackupDesk>().TakeAsync(backups.Path, null, "console:test", Stop);
        hub.Get<AuditLog>().Append("anna", "movements.search", about: "AB12CDE", why: "OP:1");
        await hub.Get<HeadKeeper>().SignAsync();
        var files = new HubFiles(Path.Combine(restored.Path, "hub"));
        Restoring.Run(backup, files, time);
        using (var log = new AuditLog(files.Path, time))
        {
            for (var i = 0; i < 5; i++)
            {
                log.Append("ben", "movements.search", about: "XY");
            }
        }

        var verdict = AuditVerifier.Verify(files.Path, heads: hub.Get<HeadKeeper>().Newest());

        Assert.Contains("comes from a backup that is older", verdict.Fault, StringComparison.Ordinal);
        Assert.Null(AuditVerifier.Verify(files.Path).Fault);
    }

    [Fact]
    public async Task Take_EachDay_LinksPicturesAndRemovesWhatIsTooOld()
    {
        var (first, _) = await traffic.PassAsync("AB12CDE", 1);
        var desk = hub.Get<BackupDesk>();
        var taken = new List<string>();
        for (var day = 0; day < 4; day++)
        {
            taken.Add(await desk.TakeAsync(backups.Path, TimeSpan.FromDays(2), "console:test", Stop));
            time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(taken.TakeLast(3), BackupDesk.All(backups.Path));
        var picture = Path.Combine("pictures", first.OverviewSha256[..2], first.OverviewSha256 + ".jpg");
        Assert.All(taken.TakeLast(3), backup => Assert.True(File.Exists(Path.Combine(backup, picture))));
        Assert.Equal(2, Restoring.Run(taken[^1], new HubFiles(Path.Combine(restored.Path, "hub")), time).Pictures);
    }

    [Theory]
    [InlineData("hub.db")]
    [InlineData("audit.jsonl")]
    [InlineData("addresses.json")]
    [InlineData("pictures")]
    [InlineData("backup.json")]
    public async Task Restore_OfADamagedBackup_IsRefusedAndWritesNothing(string what)
    {
        await traffic.PassAsync("AB12CDE", 1);
        await hub.Get<Users>().AddAsync("anna", Role.Supervisor);
        var backup = await hub.Get<BackupDesk>().TakeAsync(backups.Path, null, "console:test", Stop);
        var path = what == "pictures" ? Directory.EnumerateFiles(Path.Combine(backup, what), "*.jpg", SearchOption.AllDirectories).First() : Path.Combine(backup, what);
        var bytes = await File.ReadAllBytesAsync(path, Stop);
        bytes[bytes.Length / 2] ^= 0xFF;
        File.Delete(path); // a link of the hub's own file would be damaged with it
        await File.WriteAllBytesAsync(path, bytes, Stop);
        var target = new HubFiles(Path.Combine(restored.Path, "hub"));

        Assert.Throws<InputException>(() => Restoring.Run(backup, target, time));

        Assert.False(Directory.Exists(target.Path));
    }

    [Fact]
    public void Read_AnyManifest_IsOneOrIsRefusedInWords() => CsCheck.Check.Sample(
        CsCheck.Gen.OneOf(CsCheck.Gen.String, CsCheck.Gen.OneOf(CsCheck.Gen.Const("null"), CsCheck.Gen.Const("{}"), CsCheck.Gen.Const("{\"at\":\"2026-11-28T00:00:00Z\",\"store\":true,\"audit_head\":null,\"files\":{},\"pictures\":0}"))),
        text =>
        {
            File.WriteAllText(Path.Combine(backups.Path, BackupManifest.FileName), text);
            Assert.Contains("holds no whole backup", Assert.Throws<InputException>(() => BackupManifest.Read(backups.Path)).Message, StringComparison.Ordinal);
        },
        iter: 200, threads: 1);

    [Fact]
    public void Days_UnlessAllAreAskedFor_AreLimited()
    {
        Assert.Equal(TimeSpan.FromDays(30), BackupCommands.Days(null));
        Assert.Equal(TimeSpan.FromDays(7), BackupCommands.Days("7d"));
        Assert.Null(BackupCommands.Days("all"));
        Assert.Throws<InputException>(() => BackupCommands.Days("0d"));
    }

    [Fact]
    public async Task Restore_WhereAHubIs_IsRefused()
    {
        var backup = await hub.Get<BackupDesk>().TakeAsync(backups.Path, null, "console:test", Stop);

        Assert.Contains("not empty", Assert.Throws<InputException>(() => Restoring.Run(backup, hub.Files, time)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_IntoTheHubsOwnFolder_IsRefused() =>
        await Assert.ThrowsAsync<InputException>(() => hub.Get<BackupDesk>().TakeAsync(hub.Files.File("backups"), null, "console:test", Stop));

    [Fact]
    public async Task Commands_BesideARunningHub_BackUpAndRestore()
    {
        await traffic.PassAsync("AB12CDE", 1);
        var taken = await HubProcess.RunAsync("backup", backups.Path, "--keep", "30d", "--data", hub.Files.Path);
        Assert.Equal((0, ""), (taken.Code, taken.Error));
        Assert.Equal(Assert.Single(BackupDesk.All(backups.Path)), taken.Out.Trim());

        var target = Path.Combine(restored.Path, "hub");
        Assert.Equal(0, (await HubProcess.RunAsync("restore", backups.Path, "--data", target)).Code);
        Assert.Equal(0, (await HubProcess.RunAsync("verify", "--data", target)).Code);
        Assert.Equal(2, (await HubProcess.RunAsync("restore", backups.Path, "--data", target)).Code);
        Assert.Equal(2, (await HubProcess.RunAsync("backup", backups.Path, "--keep", "never", "--data", hub.Files.Path)).Code);
        var (running, _) = await HubProcess.RunHubAsync(target);
        using var runs = running;
        await runs.KillAsync();
        Assert.DoesNotContain(runs.Errors, line => line.Contains("Exception", StringComparison.Ordinal));
    }

    private static Anpr.Proto.V1.Sighting Whole(Anpr.Proto.V1.Sighting stored, Anpr.Proto.V1.Sighting sent)
    {
        var whole = stored.Clone();
        whole.PatchJpeg = sent.PatchJpeg;
        return whole;
    }

    private void AssertSameKeys()
    {
        foreach (var name in new[] { "authority.pem", "authority-key.pem", "server.pem", "server-key.pem", "watchlist-key.pem" })
        {
            Assert.Equal(File.ReadAllBytes(hub.Files.File(name)), File.ReadAllBytes(Path.Combine(restored.Path, "hub", name)));
        }
    }
}
