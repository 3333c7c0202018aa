using System.Net;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;

namespace Anpr.Hub.Tests.Access;

public sealed class SignInTests : IAsyncLifetime
{
    private static readonly Uri SignIn = new("/sign-in", UriKind.Relative), Home = new("/", UriKind.Relative);
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync();

    public async ValueTask DisposeAsync() => await hub.DisposeAsync();

    [Fact]
    public async Task Opening_TheLink_SpendsNothing()
    {
        using var desk = new SocketDesk(SocketDesk.Connect(hub.Files)!);
        await desk.AddUserAsync("anna", Role.Officer, []);
        var link = new Uri(await desk.LinkAsync("anna", null));

        var page = await hub.Browser().GetStringAsync(link, TestContext.Current.CancellationToken);

        Assert.Equal(hub.Console.Authority, link.Authority);
        Assert.Contains("data-post-at-once", page, StringComparison.Ordinal);
        Assert.Equal("anna", (await hub.Get<Users>().SpendAsync(link.Query["?code=".Length..])).Name);
    }

    [Fact]
    public async Task Posting_TheCodeTwice_IsRefusedTheSecondTime()
    {
        await hub.Get<Users>().AddAsync("anna", Role.Officer);
        var code = await hub.Get<Users>().NewLinkAsync("anna");

        using var first = await PostAsync(hub.Browser(), code);
        using var second = await PostAsync(hub.Browser(), code);

        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        var cookie = Assert.Single(first.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.Forbidden, second.StatusCode);
        Assert.False(second.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Posting_ManyWrongCodes_IsSlowedDownAndTheLogStaysShort()
    {
        for (var i = 0; i < RateLimits.TriesPerMinute; i++)
        {
            using var wrong = await PostAsync(hub.Browser(), "guess");
            Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        }

        using var next = await PostAsync(hub.Browser(), "guess");

        Assert.Equal(HttpStatusCode.TooManyRequests, next.StatusCode);
        Assert.Equal(RateLimits.TriesPerMinute, hub.Get<AuditLog>().Newest("unknown", "session.refused", 1000).Count);
    }

    [Fact]
    public async Task Home_WithoutSession_LeadsToSignIn()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Home);
        request.Headers.Accept.ParseAdd("text/html");

        using var answer = await hub.Browser().SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.StartsWith("/sign-in", answer.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_EndsTheSessionAndIsAudited()
    {
        var client = await hub.SignInAsync(Role.Officer);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Home, TestContext.Current.CancellationToken)).StatusCode);

        using var answer = await client.PostAsync(new Uri("/sign-out", UriKind.Relative), null, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await client.GetAsync(Home, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(["session.end", "session.begin"], hub.Get<AuditLog>().Newest("officer", "session", 5).Select(e => e.What));
    }

    [Fact]
    public async Task AdministrativeCommands_OverTheConsolesDoor_AreNotThere()
    {
        var client = await hub.SignInAsync(Role.Administrator);

        using var answer = await client.GetAsync(new Uri("/admin/users", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient client, string code)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("code", code)]);
        return await client.PostAsync(SignIn, form, TestContext.Current.CancellationToken);
    }
}
