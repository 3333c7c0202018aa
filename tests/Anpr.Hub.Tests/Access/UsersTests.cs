using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Access;

public sealed class UsersTests : IAsyncDisposable
{
    private const string Good = "kettle orbit velvet lagoon", Bad = "something else altogether";
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly LiteStore store;
    private readonly AccessStore access;
    private readonly Users users;

    public UsersTests()
    {
        store = LiteStore.Open(folder.Path, HubFeatures.Tables);
        access = new AccessStore(store, time);
        users = new Users(access);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Spend_NewLink_SignsInOnceOnly()
    {
        await users.AddAsync("anna", Role.Officer);
        var code = await users.NewLinkAsync("anna");

        Assert.Equal("anna", (await users.SpendAsync(code)).Name);
        await Assert.ThrowsAsync<InputException>(() => users.SpendAsync(code));
        await Assert.ThrowsAsync<InputException>(() => Open().SpendAsync(code));
    }

    [Fact]
    public async Task Spend_AfterAQuarterOfAnHour_IsRefused()
    {
        await users.AddAsync("anna", Role.Officer);
        var code = await users.NewLinkAsync("anna");
        time.Advance(Users.LinkLife);

        await Assert.ThrowsAsync<InputException>(() => users.SpendAsync(code));
    }

    [Fact]
    public async Task NewLink_Again_EndsTheUnusedOne()
    {
        await users.AddAsync("anna", Role.Officer);
        var first = await users.NewLinkAsync("anna");
        await users.NewLinkAsync("anna");

        await Assert.ThrowsAsync<InputException>(() => users.SpendAsync(first));
    }

    [Fact]
    public async Task Store_KeepsHashesOnly()
    {
        await users.AddAsync("anna", Role.Officer);
        var code = await users.NewLinkAsync("anna");
        await users.SetPasswordAsync("anna", Good);
        var key = await new ApiKeys(access, time).AddAsync("booking", ["movements"], ApiKeys.Usual);

        await store.DisposeAsync();
        var kept = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(File.ReadAllBytes).SelectMany(b => b).ToArray();

        Assert.True(kept.AsSpan().IndexOf("sign_in_links"u8) >= 0);
        Assert.All([code, Good, key], secret => Assert.Equal(-1, kept.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret))));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("anna smith")]
    [InlineData("../x")]
    [InlineData("1a")]
    public async Task Add_ImpossibleName_IsRefused(string name) => await Assert.ThrowsAsync<InputException>(() => users.AddAsync(name, Role.Officer));

    [Fact]
    public async Task Add_UnknownPort_IsRefused()
    {
        await Assert.ThrowsAsync<InputException>(() => users.AddAsync("anna", Role.Officer, ["dover"]));
        Assert.Equal(["calais", "dunkerque"], (await users.AddAsync("anna", Role.Officer, ["dunkerque", "calais"])).Ports);
    }

    [Fact]
    public async Task Password_RightOne_SignsIn_WrongOneAndUnknownNameAreRefusedAlike()
    {
        await users.AddAsync("anna", Role.Officer);
        await users.AddAsync("ben", Role.Officer);
        await users.SetPasswordAsync("anna", Good);

        Assert.Equal("anna", (await Open().SignInAsync("anna", Good)).Name);
        var wrong = await Assert.ThrowsAsync<InputException>(() => users.SignInAsync("anna", Bad));
        var none = await Assert.ThrowsAsync<InputException>(() => users.SignInAsync("ben", Good));
        var nobody = await Assert.ThrowsAsync<InputException>(() => users.SignInAsync("carl", Good));
        Assert.Equal((wrong.Message, wrong.Message), (none.Message, nobody.Message));
    }

    [Fact]
    public async Task Password_WrongTooOften_LocksOut_UntilTheTimeIsOverOrALinkIsUsed()
    {
        await users.AddAsync("anna", Role.Officer);
        await users.SetPasswordAsync("anna", Good);
        await LockOutAsync();

        await Assert.ThrowsAsync<InputException>(() => users.SignInAsync("anna", Good));
        time.Advance(Users.LockOut - TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<InputException>(() => users.SignInAsync("anna", Good));
        time.Advance(TimeSpan.FromSeconds(1));
        await users.SignInAsync("anna", Good);

        await LockOutAsync();
        await users.SpendAsync(await users.NewLinkAsync("anna"));
        await users.SignInAsync("anna", Good);

        async Task LockOutAsync()
        {
            for (var i = 0; i < Users.MostFailures; i++)
            {
                await Assert.ThrowsAsync<InputException>(() => users.SignInAsync("anna", Bad));
            }
        }
    }

    [Fact]
    public async Task Password_RightOneInBetween_StartsTheCountAnew()
    {
        await users.AddAsync("anna", Role.Officer);
        await users.SetPasswordAsync("anna", Good);
        for (var i = 0; i < 3 * Users.MostFailures; i++)
        {
            if (i % (Users.MostFailures - 1) == 0)
            {
                await users.SignInAsync("anna", Good);
            }

            await Assert.ThrowsAsync<InputException>(() => users.SignInAsync("anna", Bad));
        }
    }

    [Theory]
    [InlineData("short words")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("abababababababab")]
    [InlineData("Anna is my first name")]
    public async Task Password_EasyToGuess_IsRefused(string password)
    {
        await users.AddAsync("anna", Role.Officer);
        await Assert.ThrowsAsync<InputException>(() => users.SetPasswordAsync("anna", password));
    }

    [Fact]
    public async Task Password_Changed_EndsTheOldOneAndEverySession()
    {
        var sessions = OpenSessions(access);
        var anna = await sessions.BeginAsync(await users.AddAsync("anna", Role.Officer));
        await users.SetPasswordAsync("anna", Good);
        await users.SetPasswordAsync("anna", Bad);

        Assert.False(sessions.IsGood(anna));
        await Assert.ThrowsAsync<InputException>(() => users.SignInAsync("anna", Good));
        await users.SignInAsync("anna", Bad);
    }

    [Fact]
    public async Task KnownElsewhere_RoleTakenAway_EndsTheSession_AndALocalNameIsNotTakenOver()
    {
        var sessions = OpenSessions(access);
        await users.AddAsync("ben", Role.Administrator);
        var anna = await sessions.BeginAsync(await users.KnownElsewhereAsync("anna", "https://id.example|7", Role.Supervisor, []));
        await users.KnownElsewhereAsync("anna", "https://id.example|7", Role.Supervisor, []);
        Assert.True(sessions.IsGood(anna));

        await users.KnownElsewhereAsync("anna", "https://id.example|7", Role.Officer, []);

        Assert.False(sessions.IsGood(anna));
        await Assert.ThrowsAsync<InputException>(() => users.KnownElsewhereAsync("ben", "https://id.example|8", Role.Officer, []));
        await Assert.ThrowsAsync<InputException>(() => users.KnownElsewhereAsync("anna", "https://id.example|9", Role.Officer, []));
        Assert.Equal(Role.Administrator, users.Find("ben")!.Role);
    }

    [Fact]
    public async Task NewLink_ForAUserOfTheProvider_IsRefused()
    {
        await users.KnownElsewhereAsync("anna", "https://id.example|7", Role.Supervisor, []);

        await Assert.ThrowsAsync<InputException>(() => users.NewLinkAsync("anna"));
    }

    [Fact]
    public async Task Refusal_BesideOtherWorks_TakesNoneOfThemBack()
    {
        var runs = 0;
        await users.AddAsync("anna", Role.Officer);
        // The first holds the writer up until the others wait together for the next commit.
        using var go = new ManualResetEventSlim();
        var first = store.WriteAsync(_ => go.Wait(TimeSpan.FromSeconds(30)));
        var beside = store.WriteAsync(_ => Interlocked.Increment(ref runs));
        var refused = users.SpendAsync("made up");
        var after = store.WriteAsync(_ => Interlocked.Increment(ref runs));
        go.Set();

        await Assert.ThrowsAsync<InputException>(() => refused);
        await Task.WhenAll(first, beside, after);
        Assert.Equal(2, runs);
    }

    [Fact]
    public async Task Key_Opens_UntilItIsOverOrRevoked()
    {
        var keys = new ApiKeys(access, time);
        var first = await keys.AddAsync("booking", ["movements"], TimeSpan.FromDays(1));
        var second = await keys.AddAsync("signs", ["lanes", "alerts"], TimeSpan.FromDays(2));

        Assert.Equal(["lanes", "alerts"], keys.Find(second)!.Scopes);
        await keys.RevokeAsync("signs");
        Assert.Null(keys.Find(second));
        Assert.Equal("booking", keys.Find(first)!.Name);
        time.Advance(TimeSpan.FromDays(1));
        Assert.Null(keys.Find(first));
        Assert.Null(keys.Find("anpr_"));
        await Assert.ThrowsAsync<InputException>(() => keys.AddAsync("signs", ["lanes"], ApiKeys.Usual));
        await Assert.ThrowsAsync<InputException>(() => keys.AddAsync("other", ["everything"], ApiKeys.Usual));
        await Assert.ThrowsAsync<InputException>(() => keys.AddAsync("other", [], ApiKeys.Usual));
        await Assert.ThrowsAsync<InputException>(() => keys.AddAsync("other", ["lanes"], TimeSpan.FromDays(1000)));
    }

    [Fact]
    public async Task Session_UserRemovedAndAddedAgain_IsOver()
    {
        var sessions = OpenSessions(access);
        var anna = await sessions.BeginAsync(await users.AddAsync("anna", Role.Supervisor));
        Assert.True(sessions.IsGood(anna));

        await users.RemoveAsync("anna");
        await users.AddAsync("anna", Role.Supervisor);

        Assert.False(sessions.IsGood(anna));
    }

    [Fact]
    public async Task Session_Idle_IsOver()
    {
        var sessions = OpenSessions(access);
        var anna = await sessions.BeginAsync(await users.AddAsync("anna", Role.Officer));
        time.Advance(Sessions.Idle - TimeSpan.FromSeconds(1));
        sessions.Used(anna);
        time.Advance(Sessions.Idle - TimeSpan.FromSeconds(1));
        Assert.True(sessions.IsGood(anna));
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(sessions.IsGood(anna));
    }

    [Fact]
    public async Task Session_LongerThanAShift_IsOverHoweverBusy()
    {
        var sessions = OpenSessions(access);
        var anna = await sessions.BeginAsync(await users.AddAsync("anna", Role.Officer));
        for (var used = TimeSpan.Zero; used < Sessions.Longest; used += TimeSpan.FromHours(1))
        {
            Assert.True(sessions.IsGood(anna));
            sessions.Used(anna);
            time.Advance(TimeSpan.FromHours(1));
        }

        Assert.False(sessions.IsGood(anna));
    }

    [Fact]
    public async Task Session_Ended_IsOverForACopiedCookieToo_AlsoAfterARestart()
    {
        var sessions = OpenSessions(access);
        var anna = await sessions.BeginAsync(await users.AddAsync("anna", Role.Officer));

        await sessions.EndAsync(anna);

        Assert.False(sessions.IsGood(anna));
        Assert.False(OpenSessions(new AccessStore(store, time)).IsGood(anna));
    }

    [Fact]
    public async Task Session_UsedAtOneHub_IsInUseAtAnother()
    {
        var here = OpenSessions(access);
        var anna = await here.BeginAsync(await users.AddAsync("anna", Role.Officer));
        time.Advance(Sessions.Idle - TimeSpan.FromMinutes(1));
        here.Used(anna);
        await store.WriteAsync(_ => true); // what was asked for before is written by then
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(OpenSessions(new AccessStore(store, time)).IsGood(anna));
    }

    // As after a restart.
    private Users Open() => new(new AccessStore(store, time));

    private Sessions OpenSessions(AccessStore from) => new(from, time, NullLogger<Sessions>.Instance);
}
