using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Access;

public sealed class UsersTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly Users users;

    public UsersTests() => users = Open();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Spend_NewLink_SignsInOnceOnly()
    {
        users.Add("anna", Role.Officer);
        var code = users.NewLink("anna");

        Assert.Equal("anna", users.Spend(code).Name);
        Assert.Throws<InputException>(() => users.Spend(code));
        Assert.Throws<InputException>(() => Open().Spend(code));
    }

    [Fact]
    public void Spend_AfterAQuarterOfAnHour_IsRefused()
    {
        users.Add("anna", Role.Officer);
        var code = users.NewLink("anna");
        time.Advance(Users.LinkLife);

        Assert.Throws<InputException>(() => users.Spend(code));
    }

    [Fact]
    public void NewLink_Again_EndsTheUnusedOne()
    {
        users.Add("anna", Role.Officer);
        var first = users.NewLink("anna");
        users.NewLink("anna");

        Assert.Throws<InputException>(() => users.Spend(first));
    }

    [Fact]
    public void Store_KeepsHashesOnly()
    {
        users.Add("anna", Role.Officer);
        var code = users.NewLink("anna");

        Assert.DoesNotContain(code, File.ReadAllText(new HubFiles(folder.Path).AccessState), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(new HubFiles(folder.Path).AccessState));
    }

    [Theory]
    [InlineData("A")]
    [InlineData("anna smith")]
    [InlineData("../x")]
    [InlineData("1a")]
    public void Add_ImpossibleName_IsRefused(string name) => Assert.Throws<InputException>(() => users.Add(name, Role.Officer));

    [Fact]
    public void Session_UserRemovedAndAddedAgain_IsOver()
    {
        var sessions = new Sessions(users, time);
        var anna = sessions.Begin(users.Add("anna", Role.Supervisor));
        Assert.True(sessions.IsGood(anna));

        users.Remove("anna");
        users.Add("anna", Role.Supervisor);

        Assert.False(sessions.IsGood(anna));
    }

    [Fact]
    public void Session_Idle_IsOver()
    {
        var sessions = new Sessions(users, time);
        var anna = sessions.Begin(users.Add("anna", Role.Officer));
        time.Advance(Sessions.Idle - TimeSpan.FromSeconds(1));
        sessions.Used(anna);
        time.Advance(Sessions.Idle - TimeSpan.FromSeconds(1));
        Assert.True(sessions.IsGood(anna));
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(sessions.IsGood(anna));
    }

    [Fact]
    public void Session_LongerThanAShift_IsOverHoweverBusy()
    {
        var sessions = new Sessions(users, time);
        var anna = sessions.Begin(users.Add("anna", Role.Officer));
        for (var used = TimeSpan.Zero; used < Sessions.Longest; used += TimeSpan.FromHours(1))
        {
            Assert.True(sessions.IsGood(anna));
            sessions.Used(anna);
            time.Advance(TimeSpan.FromHours(1));
        }

        Assert.False(sessions.IsGood(anna));
    }

    [Fact]
    public void Session_Ended_IsOverForACopiedCookieToo_AlsoAfterARestart()
    {
        var sessions = new Sessions(users, time);
        var anna = sessions.Begin(users.Add("anna", Role.Officer));

        sessions.End(anna);

        Assert.False(sessions.IsGood(anna));
        Assert.False(new Sessions(Open(), time).IsGood(anna));
    }

    private Users Open() => new(new AccessStore(new HubFiles(folder.Path), time), time);
}
