using System.Net;
using System.Text.Json.Nodes;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Tests.Postgres;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Anpr.Hub.Tests.Access;

/// <summary>
/// Signing out by the identity provider, at two hubs over one PostgreSQL. The provider is a real OpenID Connect server that sends no logout tokens of
/// its own: they are made here and signed by its key, which the hubs get from it.
/// </summary>
public sealed class BackChannelTests(HubsOfAProvider hubs) : IClassFixture<HubsOfAProvider>
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly Uri Reasons = new("/api/v1/reasons", UriKind.Relative);
    private readonly IdentityProvider provider = hubs.Provider;
    private readonly RunningHub one = hubs.One;
    private readonly RunningHub two = hubs.Two;

    // The hubs serve all tests: each has people of its own.
    private readonly string anna = $"anna-{Guid.NewGuid():N}";

    [Fact]
    public async Task SignedOutByTheProvider_EverySessionOfTheUserEnds_AtEveryHub_AndNobodyElses()
    {
        using var here = await SignInAsync(one, anna, anna);
        using var there = await SignInAsync(two, anna, anna);
        using var other = await SignInAsync(one, $"b{anna}", $"b{anna}");

        using var answer = await PostAsync(one, Token());

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(here));
        await UntilAsync(async () => await AskAsync(there) == HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(other));
        Assert.Equal("by Border Force", one.Get<AuditLog>().Newest(anna, "session.end", 1)[0].Result);
    }

    [Fact]
    public async Task Token_SentAgain_IsRefusedAtEveryHub_AndEndsNothing()
    {
        var token = Token();
        using var first = await PostAsync(one, token);
        using var client = await SignInAsync(one, anna, anna);

        using var again = await PostAsync(one, token);
        using var elsewhere = await PostAsync(two, token);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest], new[] { first, again, elsewhere }.Select(a => a.StatusCode));
        Assert.Contains("taken before", await elsewhere.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client));
    }

    [Fact]
    public async Task Token_OfOneSession_EndsThatOne()
    {
        using var desk = await SignInAsync(one, anna, anna, $"desk {anna}");
        using var lane = await SignInAsync(one, anna, anna, $"lane {anna}");

        using var answer = await PostAsync(one, Token(t => { t["sid"] = $"desk {anna}"; t.Remove("sub"); }));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.OK), (await AskAsync(desk), await AskAsync(lane)));
    }

    public static TheoryData<string> Faults =>
        ["issuer", "audience", "event", "nonce", "no jti", "nobody", "expired", "early", "unsigned", "shared secret", "other key", "type", "id token", "garbage", "empty"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Token_ThatIsNotTheProvidersOwn_EndsNothing_AndIsLogged(string fault)
    {
        using var client = await SignInAsync(one, anna, anna);
        var now = TimeProvider.System.GetUtcNow();
        using var stranger = System.Security.Cryptography.RSA.Create(2048);
        var sent = fault switch
        {
            "issuer" => Token(t => t["iss"] = "https://other.example/"),
            "audience" => Token(t => t["aud"] = "canteen"),
            "event" => Token(t => t["events"] = new JsonObject { ["http://schemas.openid.net/event/other"] = new JsonObject() }),
            "nonce" => Token(t => t["nonce"] = "n"),
            "no jti" => Token(t => t.Remove("jti")),
            "nobody" => Token(t => t.Remove("sub")),
            "expired" => Token(t => (t["iat"], t["exp"]) = (now.AddMinutes(-8).ToUnixTimeSeconds(), now.AddMinutes(-5).ToUnixTimeSeconds())),
            "early" => Token(t => t["iat"] = now.AddMinutes(5).ToUnixTimeSeconds()),
            "unsigned" => $"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{Base64UrlEncoder.Encode(Payload().ToJsonString())}.",
            "shared secret" => Token(key: new SigningCredentials(new SymmetricSecurityKey(new byte[32]) { KeyId = provider.Key.KeyId }, SecurityAlgorithms.HmacSha256)),
            "other key" => Token(key: new SigningCredentials(new RsaSecurityKey(stranger) { KeyId = provider.Key.KeyId }, SecurityAlgorithms.RsaSha256)),
            "type" => Token(type: "at+jwt"),
            "id token" => Token(t => { t.Remove("events"); t["nonce"] = "n"; }),
            "garbage" => "a.b.c",
            _ => "",
        };

        using var answer = await PostAsync(one, sent);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("invalid_request", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client));
        Assert.Contains("sign-out by Border Force", one.Get<AuditLog>().Newest("unknown", "session.refused", 1)[0].Result, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client)
    {
        using var answer = await client.GetAsync(Reasons, Stop);
        return answer.StatusCode;
    }

    private static async Task<HttpResponseMessage> PostAsync(RunningHub hub, string token)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
        return await hub.Browser().PostAsync(new Uri(BackChannel.Path, UriKind.Relative), form, Stop);
    }

    // Another hub hears of it within moments.
    private static async Task UntilAsync(Func<Task<bool>> done)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await done())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, late.Token);
        }
    }

    private JsonObject Payload()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new()
        {
            ["iss"] = provider.Authority.AbsoluteUri,
            ["aud"] = IdentityProvider.ClientId,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(2).ToUnixTimeSeconds(),
            ["jti"] = Guid.NewGuid().ToString(),
            ["sub"] = anna,
            ["events"] = new JsonObject { [LogoutToken.Event] = new JsonObject() },
        };
    }

    private string Token(Action<JsonObject>? change = null, SigningCredentials? key = null, string type = "logout+jwt")
    {
        var payload = Payload();
        change?.Invoke(payload);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            payload.ToJsonString(), key ?? new SigningCredentials(provider.Key, SecurityAlgorithms.RsaSha256), new Dictionary<string, object> { ["typ"] = type });
    }

    private async Task<HttpClient> SignInAsync(RunningHub hub, string subject, string name, string? session = null)
    {
        provider.Person = [("sub", subject), ("preferred_username", name), ("roles", "anpr-officers"), .. session is null ? Array.Empty<(string, string)>() : [("sid", session)]];
        var client = new HttpClient(new SocketsHttpHandler { CookieContainer = new CookieContainer() }) { BaseAddress = hub.Console };
        using var answer = await client.GetAsync(new Uri("/sign-in/provider", UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client));
        return client;
    }
}

/// <summary>An identity provider and two hubs over one PostgreSQL that know it, for all tests of a class.</summary>
public sealed class HubsOfAProvider : IAsyncLifetime
{
    private readonly int port = OidcTests.FreePort();
    private readonly PostgresServer postgres = PostgresServer.Start();

    internal IdentityProvider Provider { get; private set; } = null!;

    internal RunningHub One { get; private set; } = null!;

    internal RunningHub Two { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Provider = await IdentityProvider.StartAsync(port);
        var connection = postgres.NewDatabase();
        One = await RunningHub.StartAsync(store: connection, prepare: Settings);
        Two = await RunningHub.StartAsync(store: connection, joins: One, prepare: Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await One.DisposeAsync();
        await Two.DisposeAsync();
        await Provider.DisposeAsync();
        postgres.Dispose();
    }

    private void Settings(HubFiles files)
    {
        HubFiles.Write(files.File("client.secret"), IdentityProvider.Secret + "\n");
        HubFiles.Write(files.Settings, $$"""
            { "oidc": { "name": "Border Force", "authority": "http://localhost:{{port}}", "client_id": "{{IdentityProvider.ClientId}}",
              "client_secret_file": "{{files.File("client.secret")}}", "roles": { "anpr-officers": "officer" } } }
            """);
    }
}
