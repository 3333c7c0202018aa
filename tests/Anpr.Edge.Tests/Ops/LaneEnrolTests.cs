using Anpr.Edge.Ops;
using Anpr.Edge.Tests.Hub;
using Anpr.Proto;

namespace Anpr.Edge.Tests.Ops;

public sealed class LaneEnrolTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly string _data = Path.Combine(Directory.CreateTempSubdirectory("anpr-enrol-").FullName, "lane");

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(Path.GetDirectoryName(_data)!, recursive: true);
    }

    [Fact]
    public async Task Enrol_WithAToken_KeepsAnIdentityThatTheHubAccepts()
    {
        await using var hub = await TestHub.StartAsync(_authority);
        var (port, lane, _) = await LaneEnrol.RunAsync(_data, Token(hub), false, TestContext.Current.CancellationToken);
        Assert.Equal(("calais", "calais-1"), (port, lane));
        using var identity = LaneIdentity.Load(_data);
        Assert.Equal(("calais", "calais-1", hub.Address), (identity.Port, identity.Lane, Assert.Single(identity.Hubs)));
        Assert.True(identity.Certificate.HasPrivateKey);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_data, "identity", "lane.key")));
        var check = await new HubCheck(identity, new(), TimeProvider.System).RunAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Verdict.OK, check[0].Verdict);
    }

    [Fact]
    public async Task Enrol_WithASpentToken_SaysSoAndKeepsTheOldIdentity()
    {
        await using var hub = await TestHub.StartAsync(_authority);
        var token = Token(hub);
        await LaneEnrol.RunAsync(_data, token, false, TestContext.Current.CancellationToken);
        using var before = LaneIdentity.Load(_data);
        var error = await Assert.ThrowsAsync<UserError>(() => LaneEnrol.RunAsync(_data, token, true, TestContext.Current.CancellationToken));
        Assert.Contains("the token is spent", error.Message, StringComparison.Ordinal);
        using var after = LaneIdentity.Load(_data);
        Assert.Equal(before.Serial, after.Serial);
    }

    [Fact]
    public async Task Enrol_AtAnotherHub_SendsNoToken()
    {
        using var other = new TestAuthority();
        await using var hub = await TestHub.StartAsync(_authority);
        var token = Token(hub, other.Fingerprint);
        var error = await Assert.ThrowsAsync<UserError>(() => LaneEnrol.RunAsync(_data, token, false, TestContext.Current.CancellationToken));
        Assert.Contains("its authority is another", error.Message, StringComparison.Ordinal);
        Assert.Contains(token, hub.Memory.Tokens);
        Assert.False(LaneIdentity.Exists(_data));
    }

    [Fact]
    public async Task Enrol_AtAServerThatBorrowsTheAuthority_SendsNoToken()
    {
        // Whoever stands in between can show the true authority, but has no certificate of it.
        using var stranger = new TestAuthority();
        await using var hub = await TestHub.StartAsync(_authority, server: stranger.Server());
        var token = Token(hub);
        await Assert.ThrowsAsync<UserError>(() => LaneEnrol.RunAsync(_data, token, false, TestContext.Current.CancellationToken));
        Assert.Contains(token, hub.Memory.Tokens);
    }

    [Fact]
    public async Task Enrol_WithNoHubThere_SaysThatTheTokenIsNotSpent()
    {
        var hub = await TestHub.StartAsync(_authority);
        var token = Token(hub);
        await hub.DisposeAsync();
        var error = await Assert.ThrowsAsync<UserError>(() => LaneEnrol.RunAsync(_data, token, false, TestContext.Current.CancellationToken));
        Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
        Assert.Contains("the token is not spent", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enrol_Again_NeedsForce()
    {
        await using var hub = await TestHub.StartAsync(_authority);
        await LaneEnrol.RunAsync(_data, Token(hub), false, TestContext.Current.CancellationToken);
        using var before = LaneIdentity.Load(_data);
        var error = await Assert.ThrowsAsync<UserError>(() => LaneEnrol.RunAsync(_data, Token(hub), false, TestContext.Current.CancellationToken));
        Assert.Contains("--force", error.Message, StringComparison.Ordinal);
        await LaneEnrol.RunAsync(_data, Token(hub), true, TestContext.Current.CancellationToken);
        using var after = LaneIdentity.Load(_data);
        Assert.NotEqual(before.Serial, after.Serial);
    }

    [Fact]
    public async Task Enrol_WhileTheLaneRuns_IsRefused()
    {
        await using var hub = await TestHub.StartAsync(_authority);
        await LaneEnrol.RunAsync(_data, Token(hub), false, TestContext.Current.CancellationToken);
        using var running = DataLock.Take(_data);
        var error = await Assert.ThrowsAsync<UserError>(() => LaneEnrol.RunAsync(_data, Token(hub), true, TestContext.Current.CancellationToken));
        Assert.Contains("is in use", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("eyJhIjoxfQ")]
    public async Task Enrol_WithNoToken_SaysSo(string text)
    {
        var error = await Assert.ThrowsAsync<UserError>(() => LaneEnrol.RunAsync(_data, text, false, TestContext.Current.CancellationToken));
        Assert.Contains("--token is no enrolment token", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("below")]
    public async Task Enrol_IntoWhatIsNoFolder_SaysSoAndSpendsNoToken(string below)
    {
        await File.WriteAllTextAsync(_data, "a file", TestContext.Current.CancellationToken);
        await using var hub = await TestHub.StartAsync(_authority);
        var token = Token(hub);
        var error = await Assert.ThrowsAsync<UserError>(() => LaneEnrol.RunAsync(Path.Combine(_data, below), token, false, TestContext.Current.CancellationToken));
        Assert.Contains($"--data {_data}", error.Message, StringComparison.Ordinal);
        Assert.Contains(token, hub.Memory.Tokens);
    }

    [Fact]
    public async Task Enrol_WhereTheIdentityCannotBeWritten_SpendsNoToken()
    {
        // A file where the identity is to be prepared: refused as in a folder of another owner, for root too.
        Directory.CreateDirectory(_data);
        await File.WriteAllTextAsync(Path.Combine(_data, "identity.new"), "a file", TestContext.Current.CancellationToken);
        await using var hub = await TestHub.StartAsync(_authority);
        var token = Token(hub);
        var error = await Assert.ThrowsAsync<UserError>(() => LaneEnrol.RunAsync(_data, token, false, TestContext.Current.CancellationToken));
        Assert.Contains("the token is not spent", error.Message, StringComparison.Ordinal);
        Assert.Contains(token, hub.Memory.Tokens);
    }

    [Theory]
    [InlineData("::1", "the hub at [::1]:9 cannot be reached")]
    [InlineData("two words", "--token names the hub 'two words:9', which is no host")]
    public async Task Enrol_AtAHostOfAnyForm_NamesIt(string host, string words)
    {
        var token = new EnrolmentToken(host, 9, _authority.Fingerprint, "secret").ToString();
        var error = await Assert.ThrowsAsync<UserError>(() => LaneEnrol.RunAsync(_data, token, false, TestContext.Current.CancellationToken));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfADamagedIdentity_NamesTheFile()
    {
        Directory.CreateDirectory(Path.Combine(_data, "identity"));
        File.WriteAllText(Path.Combine(_data, "identity", "lane.json"), """{"Port":"calais","Lane":"calais-1","Hubs":["https://x:1"]}""");
        File.WriteAllText(Path.Combine(_data, "identity", "lane.key"), "no key");
        File.WriteAllText(Path.Combine(_data, "identity", "lane.crt"), "no certificate");
        var error = Assert.Throws<UserError>(() => LaneIdentity.Load(_data));
        Assert.Contains("lane.key", error.Message, StringComparison.Ordinal);
        Assert.Contains("--force", error.Message, StringComparison.Ordinal);
    }

    private string Token(TestHub hub, string? fingerprint = null)
    {
        var token = new EnrolmentToken("localhost", hub.Address.Port, fingerprint ?? _authority.Fingerprint, Guid.NewGuid().ToString()).ToString();
        hub.Memory.Tokens.Add(token);
        return token;
    }
}
