using System.Net;
using System.Net.Http.Headers;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Models.Plates;

namespace Anpr.Hub.Tests.Access;

/// <summary>Passwords and keys as browsers and programs use them.</summary>
public sealed class PasswordSignInTests : IAsyncLifetime
{
    private const string Good = "kettle orbit velvet lagoon", Other = "something else altogether";
    private static readonly Uri Home = new("/", UriKind.Relative), Movements = new("/api/v1/movements?reason=OP:1", UriKind.Relative), Lanes = new("/api/v1/lanes", UriKind.Relative);
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync();

    public async ValueTask DisposeAsync() => await hub.DisposeAsync();

    [Fact]
    public async Task Password_ChosenAfterALink_SignsInFromThenOn_AndIsChangedWithTheOldOneOnly()
    {
        var first = await hub.SignInAsync(Role.Officer);
        using (var chosen = await ChooseAsync(first, "", Good))
        {
            Assert.Equal(HttpStatusCode.Redirect, chosen.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await first.GetAsync(Home, TestContext.Current.CancellationToken)).StatusCode);
        var later = hub.Browser();
        using (var wrong = await PasswordAsync(later, "officer", Other))
        {
            Assert.Equal(HttpStatusCode.Forbidden, wrong.StatusCode);
        }

        using (var right = await PasswordAsync(later, "officer", Good))
        {
            Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
        }

        using (var refused = await ChooseAsync(later, Other, Other))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        using (var changed = await ChooseAsync(later, Good, Other))
        {
            Assert.Equal(HttpStatusCode.Redirect, changed.StatusCode);
        }

        Assert.Equal(HttpStatusCode.OK, (await later.GetAsync(Home, TestContext.Current.CancellationToken)).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await first.GetAsync(Home, TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(["user.password", "session.begin", "session.refused", "user.password", "session.begin"], hub.Get<AuditLog>().Newest("officer", "", 5).Select(e => e.What));
    }

    [Fact]
    public async Task Password_TypedIntoTheNamesField_IsWrittenNowhere()
    {
        using var refused = await PasswordAsync(hub.Browser(), Good, Good);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.DoesNotContain("kettle", await File.ReadAllTextAsync(hub.Files.File(AuditLog.FileName), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_OpensItsPartOfTheApi_AndNothingElse()
    {
        using var desk = new SocketDesk(SocketDesk.Connect(hub.Files)!);
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = hub.Console };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await desk.AddKeyAsync("booking", ["movements"], 7));

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, Movements));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, Lanes));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, new Uri("/movements", UriKind.Relative)));
        Assert.Equal("OP:1", Assert.Single(hub.Get<AuditLog>().Newest("key:booking", "movements.search", 5)).Why);

        await desk.RevokeKeyAsync("booking");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, Movements));
        Assert.NotNull(Assert.Single(await desk.KeysAsync()).RevokedAt);
    }

    [Fact]
    public async Task AlertStream_OfAKeyThatIsRevoked_EndsBeforeTheNextAlert()
    {
        using var desk = new SocketDesk(SocketDesk.Connect(hub.Files)!);
        using var client = new HttpClient { BaseAddress = hub.Console };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await desk.AddKeyAsync("signs", ["alerts"], 7));
        await hub.Get<Hub.Watchlists.WatchlistBook>().AddAsync(new("AB12CDE", ListedKind.Exact, 1, "stop", "OP:1", "olive", TimeProvider.System.GetUtcNow().AddDays(1)));
        var lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
        using var answer = await client.GetAsync(new Uri("/api/v1/alerts/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var stream = new StreamReader(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        await desk.RevokeKeyAsync("signs");
        await lane.SendAsync(lane.Sighting("AB12CDE", Guid.NewGuid().ToString(), [1], []));

        Assert.DoesNotContain("AB12CDE", await stream.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Single(hub.Get<Hub.Alerts.AlertDesk>().Open(new("olive")));
    }

    [Theory]
    [InlineData("same-site", HttpStatusCode.Forbidden)]
    [InlineData("cross-site", HttpStatusCode.Forbidden)]
    [InlineData("same-origin", HttpStatusCode.NotFound)]
    [InlineData(null, HttpStatusCode.NotFound)]
    public async Task Change_AskedForByAnotherSitesPage_IsRefused(string? site, HttpStatusCode expected)
    {
        var client = await hub.SignInAsync(Role.Officer);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/alerts/x/acknowledge", UriKind.Relative));
        if (site is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", site);
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Api_AskedWithoutEnd_IsSlowedDown_ForThatUserOnly()
    {
        var (wild, other) = (await hub.SignInAsync(Role.Engineer), await hub.SignInAsync(Role.Supervisor));
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 20 && !answers.Contains(HttpStatusCode.TooManyRequests); i++)
        {
            answers.AddRange(await Task.WhenAll(Enumerable.Range(0, RateLimits.ApiBurst / 5).Select(_ => StatusAsync(wild, Lanes))));
        }

        Assert.True(answers.Count(a => a == HttpStatusCode.OK) >= RateLimits.ApiBurst);
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(other, Lanes));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, Uri address)
    {
        using var answer = await client.GetAsync(address, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> PasswordAsync(HttpClient client, string name, string password)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", name), KeyValuePair.Create("password", password)]);
        return await client.PostAsync(new Uri("/sign-in/password", UriKind.Relative), form, TestContext.Current.CancellationToken);
    }

    private static async Task<HttpResponseMessage> ChooseAsync(HttpClient client, string current, string password)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("current", current), KeyValuePair.Create("password", password), KeyValuePair.Create("again", password)]);
        return await client.PostAsync(new Uri("/password", UriKind.Relative), form, TestContext.Current.CancellationToken);
    }
}
