using Anpr.Hub.Alerts;
using Anpr.Hub.Audit;
using Anpr.Hub.Bookings;
using Anpr.Hub.Link;
using Anpr.Hub.Retention;
using Anpr.Hub.Storage;
using Anpr.Hub.Tests.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Retention;

/// <summary>Two hubs over one PostgreSQL: each has its own audit log, and both have the lanes' trust.</summary>
public sealed class SharedErasureTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly string connection = postgres.Server.NewDatabase();
    private RunningHub one = null!;
    private RunningHub two = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

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
    public async Task Erase_AtOneHub_IsFinishedInTheOthersLogAndThenForgetsWhatItLookedFor()
    {
        await new KeptTraffic(one, TimeProvider.System).PassAsync("AB12CDE", 1);
        two.Get<AuditLog>().Append("officer", "movements.search", about: "ab12 cde", why: "OP:1");
        await two.Get<HeadKeeper>().SignAsync();

        var done = await one.Get<ErasureDesk>().EraseAsync(null, "AB12CDE", "DPA:47", "anna", Stop);

        Assert.Equal([two.Get<AuditLog>().Replica], done.Erasure.Waiting);
        Assert.Contains("AB12CDE", done.Erasure.Names!);
        Assert.Equal(1, await two.Get<ErasureDesk>().FinishAsync());
        Assert.DoesNotContain("ab12", await File.ReadAllTextAsync(two.Files.File(AuditLog.FileName), Stop), StringComparison.OrdinalIgnoreCase);
        Assert.Null(AuditVerifier.Verify(two.Files.Path, heads: two.Get<HeadKeeper>().Newest()).Fault);
        var kept = one.Get<IStore>().Get(Erasure.Table, done.Erasure.Id)!;
        Assert.Empty(kept.Waiting);
        Assert.Null(kept.Names);
        Assert.Equal(0, await two.Get<ErasureDesk>().FinishAsync());
    }

    [Fact]
    public async Task Erase_OtherHubThatIsNoMore_IsNotWaitedForForEver()
    {
        await new KeptTraffic(one, TimeProvider.System).PassAsync("AB12CDE", 1);
        two.Get<AuditLog>().Append("officer", "movements.search", about: "ab12 cde", why: "OP:1");
        await two.Get<HeadKeeper>().SignAsync();
        var done = await one.Get<ErasureDesk>().EraseAsync(null, "AB12CDE", "DPA:47", "anna", Stop);

        Assert.Equal([two.Get<AuditLog>().Replica], done.Erasure.Waiting);
        await LaterAsync(29);
        Assert.NotNull(one.Get<IStore>().Get(Erasure.Table, done.Erasure.Id)!.Names);
        await LaterAsync(31);

        var kept = one.Get<IStore>().Get(Erasure.Table, done.Erasure.Id)!;
        Assert.Empty(kept.Waiting);
        Assert.Null(kept.Names);

        Task<int> LaterAsync(int days) => new ErasureDesk(
            one.Get<IStore>(), one.Get<Linker>(), one.Get<BookingBook>(), one.Get<AuditLog>(), new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddDays(days))).FinishAsync();
    }

    [Fact]
    public async Task Erase_OtherHubThatWasRestoredMeanwhile_AnswersUnderItsNewName()
    {
        await new KeptTraffic(one, TimeProvider.System).PassAsync("AB12CDE", 1);
        two.Get<AuditLog>().Append("officer", "movements.search", about: "ab12 cde", why: "OP:1");
        await two.Get<HeadKeeper>().SignAsync();
        var done = await one.Get<ErasureDesk>().EraseAsync(null, "AB12CDE", "DPA:47", "anna", Stop);

        two.Get<AuditLog>().Branch();

        Assert.Equal(1, await two.Get<ErasureDesk>().FinishAsync());
        Assert.Null(one.Get<IStore>().Get(Erasure.Table, done.Erasure.Id)!.Names);
    }

    [Fact]
    public async Task Head_SignedAtOneHub_IsHandedOnByTheOther()
    {
        using var heard = two.Get<HubFeed>().Subscribe();
        one.Get<AuditLog>().Append("officer", "movements.search", about: "AB12CDE", why: "OP:1");
        two.Get<AuditLog>().Append("officer", "movements.search", about: "AB12CDE", why: "OP:1");

        await one.Get<HeadKeeper>().SignAsync();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        await foreach (var happened in heard.Events.ReadAllAsync(patience.Token))
        {
            if (happened is AuditHeadEvent)
            {
                break;
            }
        }

        await two.Get<HeadKeeper>().SignAsync();
        Assert.Equal(
            new[] { one.Get<AuditLog>().Replica, two.Get<AuditLog>().Replica }.Order(StringComparer.Ordinal),
            two.Get<HeadKeeper>().Newest().Select(h => h.Replica).Order(StringComparer.Ordinal));
        Assert.Equal([one.Get<AuditLog>().Replica], AuditVerifier.Verify(two.Files.Path, heads: two.Get<HeadKeeper>().Newest()).Others);
    }
}
