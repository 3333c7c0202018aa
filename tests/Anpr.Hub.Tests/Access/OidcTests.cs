using System.Net;
using System.Net.Sockets;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Tests.Web;
using static Microsoft.Playwright.Assertions;

namespace Anpr.Hub.Tests.Access;

/// <summary>Signing in through an identity provider, in a real browser, against a real OpenID Connect server at another site.</summary>
public sealed class OidcTests(Browser browser) : IClassFixture<Browser>, IAsyncLifetime
{
    private readonly int port = FreePort();
    private IdentityProvider provider = null!;
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync()
    {
        provider = await IdentityProvider.StartAsync(port);
        hub = await RunningHub.StartAsync(prepare: files =>
        {
            HubFiles.Write(files.File("client.secret"), IdentityProvider.Secret + "\n");
            HubFiles.Write(files.Settings, $$"""
                {
                  // whoever keeps the people
                  "oidc": {
                    "name": "Border Force", "authority": "http://localhost:{{port}}", "client_id": "{{IdentityProvider.ClientId}}",
                    "client_secret_file": "{{files.File("client.secret")}}", "port_claim": "control",
                    "roles": { "anpr-supervisors": "supervisor", "anpr-officers": "officer" }
                  }
                }
                """);
        });
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await provider.DisposeAsync();
    }

    [Fact]
    public async Task SomebodyWithARole_IsSignedIn_WithWhatTheProviderSaysOfThem()
    {
        provider.Person = [("sub", "7"), ("preferred_username", "Anna@homeoffice.example"), ("roles", "anpr-officers"), ("roles", "anpr-supervisors"), ("roles", "canteen"), ("control", "calais")];
        var page = await browser.OpenAsync(1280, 800);

        await page.GotoAsync($"{hub.Console}movements");
        await page.ClickAsync("text=Sign in with Border Force");

        await Expect(page.Locator("nav.rail")).ToContainTextAsync("anna");
        var anna = hub.Get<Users>().Find("anna")!;
        Assert.Equal((Role.Supervisor, $"http://localhost:{port}|7"), (anna.Role, anna.Subject));
        Assert.Equal(["calais"], anna.Ports);
        Assert.Equal("by Border Force: supervisor at calais", Assert.Single(hub.Get<AuditLog>().Newest("anna", "session.begin", 5)).Result);
    }

    [Fact]
    public async Task SomebodyWithoutARole_IsRefusedInWords()
    {
        provider.Person = [("sub", "8"), ("preferred_username", "ben"), ("roles", "canteen")];
        var page = await browser.OpenAsync(1280, 800);

        await page.GotoAsync($"{hub.Console}sign-in");
        await page.ClickAsync("text=Sign in with Border Force");

        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("no role in this system");
        Assert.Null(hub.Get<Users>().Find("ben"));
        await page.GotoAsync(hub.Console.ToString());
        await Expect(page.Locator("nav.rail")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task SomebodyWithoutAPort_IsRefused_AndAllMeansAll()
    {
        provider.Person = [("sub", "9"), ("preferred_username", "carl"), ("roles", "anpr-officers"), ("control", "dover")];
        var page = await browser.OpenAsync(1280, 800);
        await page.GotoAsync($"{hub.Console}sign-in");
        await page.ClickAsync("text=Sign in with Border Force");
        await Expect(page.Locator("[role=alert]")).ToContainTextAsync("names no port");

        provider.Person = [("sub", "9"), ("preferred_username", "carl"), ("roles", "anpr-officers"), ("control", "ALL")];
        await page.GotoAsync($"{hub.Console}sign-in");
        await page.ClickAsync("text=Sign in with Border Force");
        await Expect(page.Locator("nav.rail")).ToContainTextAsync("carl");
        Assert.Empty(hub.Get<Users>().Find("carl")!.Ports);
    }

    [Fact]
    public async Task TheWayBack_AskedForAgainAndAgain_FillsNoLog()
    {
        HttpStatusCode last = default;
        for (var i = 0; i < RateLimits.TriesPerMinute + 5; i++)
        {
            using var answer = await hub.Browser().GetAsync(new Uri("/sign-in/back?code=stolen&state=made-up", UriKind.Relative), TestContext.Current.CancellationToken);
            last = answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.InRange(hub.Get<AuditLog>().Newest("unknown", "session.refused", 1000).Count, 1, RateLimits.TriesPerMinute);
    }

    [Fact]
    public async Task TheWayBack_WithoutHavingBeenSent_IsRefused()
    {
        using var answer = await hub.Browser().GetAsync(new Uri("/sign-in/back?code=stolen&state=made-up", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith("anpr-session=ey", StringComparison.Ordinal)));
        Assert.Single(hub.Get<AuditLog>().Newest("unknown", "session.refused", 5));
    }

    [Theory]
    [InlineData("""{"oidc": {"authority": "https://id.example", "client_id": "a"}}""", "roles")]
    [InlineData("""{"oidc": {"authority": "https://id.example", "client_id": "a", "roles": {}}}""", "nobody could sign in")]
    [InlineData("""{"oidc": {"authority": "http://id.example", "client_id": "a", "roles": {"x": "officer"}}}""", "https")]
    [InlineData("""{"oidc": {"authority": "https://id.example", "client_id": "a", "roles": {"x": "king"}}}""", "roles.x")]
    [InlineData("""{"oicd": {}}""", "oicd")]
    [InlineData("{", "line 1")]
    [InlineData("null", "empty")]
    public void Settings_ThatCannotBeMeant_AreRefusedWithTheirPlace(string text, string words)
    {
        using var folder = new TempFolder();
        var files = new HubFiles(folder.Path);
        HubFiles.Write(files.Settings, text);

        var refused = Assert.Throws<InputException>(() => HubSettings.Load(files));

        Assert.Contains(words, refused.Message, StringComparison.Ordinal);
        Assert.Contains(files.Settings, refused.Message, StringComparison.Ordinal);
    }

    internal static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        probe.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
