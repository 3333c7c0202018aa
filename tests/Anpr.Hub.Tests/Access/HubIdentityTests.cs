using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Access;

public sealed class HubIdentityTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());

    private HubFiles Files => new(folder.Path);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Init_InAFolderWithAHub_IsRefusedAndChangesNothing()
    {
        using var first = HubIdentity.Init(Files, [], time);
        var before = Directory.GetFiles(folder.Path).ToDictionary(f => f, File.ReadAllText);

        Assert.Throws<InputException>(() => HubIdentity.Init(Files, [], time));

        Assert.Equal(before, Directory.GetFiles(folder.Path).ToDictionary(f => f, File.ReadAllText));
    }

    [Fact]
    public void Init_EveryKeyFile_IsForItsOwnerOnly()
    {
        using var authority = HubIdentity.Init(Files, [], time);

        Assert.All([Files.AuthorityKey, Files.ServerKey, Files.WatchlistKey], f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
    }

    [Theory]
    [InlineData("https://hub.example")]
    [InlineData("hub:8443")]
    [InlineData("")]
    public void Init_HostThatIsNoName_IsRefused(string host) => Assert.Throws<InputException>(() => HubIdentity.Init(Files, [host], time));

    [Fact]
    public void Server_CoversGivenAndOwnNames()
    {
        using var authority = HubIdentity.Init(Files, ["hub.example", "192.0.2.7"], time);

        using var server = HubIdentity.Server(Files, authority, time);

        Assert.All(["hub.example", "192.0.2.7", "localhost", "127.0.0.1"], n => Assert.True(server.MatchesHostname(n, false, false), n));
    }

    [Fact]
    public void Server_StillLongValid_IsKept()
    {
        using var authority = HubIdentity.Init(Files, [], time);
        using var first = HubIdentity.Server(Files, authority, time);
        time.Advance(TimeSpan.FromDays(300));

        using var second = HubIdentity.Server(Files, authority, time);

        Assert.Equal(first.SerialNumber, second.SerialNumber);
    }

    [Fact]
    public void Server_SoonOutOfDate_IsRenewedByTheSameAuthority()
    {
        using var authority = HubIdentity.Init(Files, [], time);
        using var first = HubIdentity.Server(Files, authority, time);
        time.Advance(TimeSpan.FromDays(350));

        using var second = HubIdentity.Server(Files, authority, time);

        Assert.NotEqual(first.SerialNumber, second.SerialNumber);
        Assert.Equal(first.Issuer, second.Issuer);
        Assert.True(second.NotAfter > first.NotAfter);
    }

    [Fact]
    public void Take_FolderInUse_IsRefused()
    {
        using var held = HubLock.Take(Files);

        Assert.Throws<InUseException>(() => HubLock.Take(Files));
    }

    [Fact]
    public async Task TakeAsync_CommandJustAtWork_WaitsForIt()
    {
        var held = HubLock.Take(Files);
        var waiting = HubLock.TakeAsync(Files, time, TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);

        held.Dispose();
        time.Advance(TimeSpan.FromSeconds(1));

        (await waiting).Dispose();
    }

    [Fact]
    public async Task TakeAsync_NeverFree_GivesUp()
    {
        using var held = HubLock.Take(Files);
        var waiting = HubLock.TakeAsync(Files, time, TestContext.Current.CancellationToken);

        time.Advance(HubLock.Patience);

        await Assert.ThrowsAsync<InUseException>(() => waiting);
    }
}
