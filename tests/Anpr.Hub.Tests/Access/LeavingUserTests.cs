using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;

namespace Anpr.Hub.Tests.Access;

/// <summary>Users who own covert watchlist entries when they are removed.</summary>
public sealed class LeavingUserTests : IAsyncLifetime
{
    private RunningHub hub = null!;
    private SocketDesk desk = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        desk = new SocketDesk(SocketDesk.Connect(hub.Files)!);
        await hub.Get<Users>().AddAsync("anna", Role.Supervisor);
        await hub.Get<Users>().AddAsync("ben", Role.Supervisor);
        await hub.Get<Users>().AddAsync("olive", Role.Officer);
    }

    public async ValueTask DisposeAsync()
    {
        desk.Dispose();
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task Remove_AnOwnerOfCovertEntries_IsRefusedWithTheCure()
    {
        await AddAsync("AB12CDE", covert: true);

        var refused = await Assert.ThrowsAsync<InputException>(() => desk.RemoveUserAsync("anna", null));

        Assert.Contains("1 covert watchlist entry", refused.Message, StringComparison.Ordinal);
        Assert.Contains("--successor", refused.Message, StringComparison.Ordinal);
        Assert.NotNull(hub.Get<Users>().Find("anna"));
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("olive")]
    [InlineData("anna")]
    public async Task Remove_WithASuccessorWhoIsNoOtherSupervisor_IsRefused(string successor)
    {
        await AddAsync("AB12CDE", covert: true);

        await Assert.ThrowsAsync<InputException>(() => desk.RemoveUserAsync("anna", successor));

        Assert.Single(Book.Entries("anna"));
        Assert.NotNull(hub.Get<Users>().Find("anna"));
    }

    [Fact]
    public async Task Remove_WithASuccessor_GivesThemEntriesAndAlerts_AndNothingOfThemToTheLog()
    {
        var lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
        var covert = await AddAsync("AB12CDE", covert: true);
        await AddAsync("XY99ZZZ", covert: false);
        await lane.SendAsync(lane.Sighting("AB12CDE", Guid.CreateVersion7().ToString(), [1], []));
        Assert.Single(Alerts.Open(new("anna")));

        await desk.RemoveUserAsync("anna", "ben");

        Assert.Null(hub.Get<Users>().Find("anna"));
        Assert.DoesNotContain(Book.Entries("anna"), e => e.Covert);
        Assert.Equal("AB12CDE", Assert.Single(Book.Entries("ben"), e => e.Covert).Pattern);
        Assert.Equal("AB12CDE", Assert.Single(Alerts.Open(new("ben"))).Text);
        Assert.Empty(Alerts.Open(new("anna")));
        Assert.NotNull(await Book.EndAsync(covert.Id, "ben"));
        Assert.Equal(["user.remove", "watchlist.hand_over"], hub.Get<AuditLog>().Newest("console:", "", 2).Select(e => e.What));
        Assert.DoesNotContain(hub.Get<AuditLog>().Newest("console:", "", 50), e => $"{e.About}{e.Result}".Contains("AB12", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Remove_WhoOwnsOpenOrEndedEntriesOnly_NeedsNoSuccessor()
    {
        var ended = await AddAsync("AB12CDE", covert: true);
        await Book.EndAsync(ended.Id, "anna");
        await AddAsync("XY99ZZZ", covert: false);

        await desk.RemoveUserAsync("anna", null);

        Assert.Null(hub.Get<Users>().Find("anna"));
        Assert.Equal("XY99ZZZ", Assert.Single(Book.Entries("ben")).Pattern);
    }

    private WatchlistBook Book => hub.Get<WatchlistBook>();

    private AlertDesk Alerts => hub.Get<AlertDesk>();

    private async Task<ListEntry> AddAsync(string pattern, bool covert) =>
        (await Book.AddAsync(new NewEntry(pattern, ListedKind.Exact, 1, "Stop", "OP:1", "anna", TimeProvider.System.GetUtcNow().AddDays(1), covert))).Entry;
}
