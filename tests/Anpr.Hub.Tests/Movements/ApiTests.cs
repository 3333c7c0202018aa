using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;

namespace Anpr.Hub.Tests.Movements;

public sealed class ApiTests : IAsyncLifetime
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private RunningHub hub = null!;
    private LaneClient lane = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Movements_WithReason_AreFoundAndLogged_WithoutRefusedAndLogged()
    {
        var officer = await hub.SignInAsync(Role.Officer);
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));
        await lane.SendAsync(lane.Sighting("XY34ZZZ", NewId(), [1], []));

        using var refused = await officer.GetAsync(Uri("/api/v1/movements?plate=AB12CDE"), Stop);
        var found = await GetAsync(officer, "/api/v1/movements?plate=ab12%20c?e&port=calais&reason=OP:2026-1");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("CODE:REF", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        var only = Assert.Single(found.GetProperty("sightings").EnumerateArray());
        Assert.Equal("AB12CDE", only.GetProperty("text").GetString());
        Assert.EndsWith("Z", only.GetProperty("received_at").GetString(), StringComparison.Ordinal);
        var log = hub.Get<AuditLog>().Newest("officer", "movements.search", 10);
        Assert.Equal(["OP:2026-1", ""], log.Select(e => e.Why));
        Assert.Equal("refused: no reason", log[1].Result);
    }

    [Theory]
    [InlineData("/api/v1/movements?reason=OP:1&from=yesterday", "from 'yesterday'")]
    [InlineData("/api/v1/movements?reason=OP:1&port=dover", "port 'dover'")]
    [InlineData("/api/v1/movements?reason=OP:1&limit=0", "limit 0")]
    [InlineData("/api/v1/movements?reason=OP:1&from=2026-01-02&to=2026-01-01", "from lies after to")]
    public async Task Movements_BadQuestion_IsRefusedInWords(string address, string words)
    {
        var officer = await hub.SignInAsync(Role.Officer);

        using var refused = await officer.GetAsync(Uri(address), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(words, (await refused.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Journey_AcrossPorts_IsInOrder()
    {
        var officer = await hub.SignInAsync(Role.Officer);
        var dunkerque = new LaneClient(hub.Channel(await hub.EnrolAsync("dunkerque", "dunkerque-1")), TimeProvider.System) { Shift = TimeSpan.FromMinutes(-40) };
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));
        await dunkerque.SendAsync(dunkerque.Sighting("AB12CDE", NewId(), [1], []));
        var vehicle = (await GetAsync(officer, "/api/v1/movements?plate=AB12CDE&reason=OP:1")).GetProperty("sightings")[0].GetProperty("vehicle").GetString();

        var journey = await GetAsync(officer, $"/api/v1/vehicles/{vehicle}/journey?reason=OP:1");
        using var refused = await officer.GetAsync(Uri($"/api/v1/vehicles/{vehicle}/journey"), Stop);
        using var missing = await officer.GetAsync(Uri("/api/v1/vehicles/none/journey?reason=OP:1"), Stop);

        Assert.Equal(["dunkerque", "calais"], journey.GetProperty("stops").EnumerateArray().Select(s => s.GetProperty("port").GetString()));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Watchlist_SupervisorAddsAndEnds_OfficerMayNot()
    {
        var officer = await hub.SignInAsync(Role.Officer);
        var supervisor = await hub.SignInAsync(Role.Supervisor);
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));
        var entry = new { pattern = "ab12 cde", kind = "exact", priority = 1, display = "Stop", reason = "OP:1", expires_at = TimeProvider.System.GetUtcNow().AddDays(2) };

        using var forbidden = await officer.PostAsJsonAsync(Uri("/api/v1/watchlist"), entry, Stop);
        using var added = await supervisor.PostAsJsonAsync(Uri("/api/v1/watchlist"), entry, Stop);
        using var wrong = await supervisor.PostAsJsonAsync(Uri("/api/v1/watchlist"), entry with { pattern = "A*", display = "" }, Stop);
        using var unfounded = await supervisor.PostAsJsonAsync(Uri("/api/v1/watchlist"), entry with { reason = "because" }, Stop);
        var body = await added.Content.ReadFromJsonAsync<JsonElement>(Stop);
        using var ended = await supervisor.DeleteAsync(Uri($"/api/v1/watchlist/{body.GetProperty("entry").GetProperty("id").GetString()}"), Stop);

        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
        Assert.Equal("supervisor", body.GetProperty("entry").GetProperty("owner").GetString());
        Assert.True(body.GetProperty("past")[0].GetProperty("found_in_the_past").GetBoolean());
        var words = (await wrong.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString();
        Assert.Contains("pattern: 'A*'", words, StringComparison.Ordinal);
        Assert.Contains("display:", words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, unfounded.StatusCode);
        Assert.Contains("CODE:REF", await unfounded.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
        Assert.Equal(0, (await GetAsync(supervisor, "/api/v1/watchlist")).GetArrayLength());
    }

    [Fact]
    public async Task Alerts_OverTheStream_ArriveAndAreAcknowledged()
    {
        var officer = await hub.SignInAsync(Role.Officer);
        using var request = new HttpRequestMessage(HttpMethod.Get, Uri("/api/v1/alerts/stream"));
        using var stream = await officer.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync(Stop));

        await lane.SendAsync(lane.Passage(NewId(), []));
        var line = await lines.ReadLineAsync(Stop);
        while (line is not null && !line.StartsWith("data:", StringComparison.Ordinal))
        {
            line = await lines.ReadLineAsync(Stop);
        }

        var id = JsonDocument.Parse(line!["data:".Length..]).RootElement.GetProperty("id").GetString();
        using var taken = await officer.PostAsync(Uri($"/api/v1/alerts/{id}/acknowledge"), null, Stop);
        var alert = Assert.Single((await GetAsync(officer, "/api/v1/alerts")).EnumerateArray());
        Assert.Equal("acknowledged", alert.GetProperty("state").GetString());
        Assert.Equal("officer", alert.GetProperty("history")[1].GetProperty("by").GetString());
    }

    [Fact]
    public async Task Search_WithFinding_IsKeptByPassage()
    {
        var officer = await hub.SignInAsync(Role.Officer);
        var passage = NewId();
        await lane.SendAsync(lane.Passage(passage, []));
        var search = new { reason = "alert", methods = new[] { "dog", "co2" }, finding = "people", people = 3 };

        using var kept = await officer.PostAsJsonAsync(Uri($"/api/v1/passages/{passage}/searches"), search, Stop);
        using var wrong = await officer.PostAsJsonAsync(Uri($"/api/v1/passages/{passage}/searches"), search with { finding = "clear" }, Stop);
        using var disposed = await officer.PostAsJsonAsync(Uri($"/api/v1/passages/{passage}/dispositions"), new { outcome = "turned_round" }, Stop);
        using var unknown = await officer.PostAsJsonAsync(Uri($"/api/v1/passages/{NewId()}/searches"), search, Stop);

        Assert.Equal(HttpStatusCode.OK, kept.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(HttpStatusCode.OK, disposed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        var file = hub.Get<Hub.Movements.PassageBook>().Find(passage, new("officer"))!;
        Assert.Equal((3u, "officer"), (Assert.Single(file.Searches).People, file.Searches[0].Officer));
        Assert.Single(file.Dispositions);
    }

    [Fact]
    public async Task Picture_OfASighting_NeedsAReason()
    {
        var officer = await hub.SignInAsync(Role.Officer);
        var sighting = lane.Sighting("AB12CDE", NewId(), [7, 8, 9], [1]);
        await lane.SendAsync(sighting);

        using var refused = await officer.GetAsync(Uri($"/api/v1/sightings/{sighting.Id}/patch"), Stop);
        var patch = await officer.GetByteArrayAsync(Uri($"/api/v1/sightings/{sighting.Id}/patch?reason=OP:1"), Stop);
        using var overview = await officer.GetAsync(Uri($"/api/v1/sightings/{sighting.Id}/overview?reason=OP:1"), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal([7, 8, 9], patch);
        Assert.Equal(HttpStatusCode.NotFound, overview.StatusCode);
    }

    [Theory]
    [InlineData("/api/v1/movements?reason=OP:1")]
    [InlineData("/api/v1/alerts")]
    [InlineData("/api/v1/lanes")]
    [InlineData("/api/v1/openapi.json")]
    public async Task Api_NotSignedIn_IsRefused(string address)
    {
        using var answer = await hub.Browser().GetAsync(Uri(address), Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Api_AnEngineer_SeesLanesAndNoRegistrations()
    {
        var engineer = await hub.SignInAsync(Role.Engineer);
        await lane.HeartbeatAsync(("front", "ready", ""));
        await lane.SendAsync(lane.Sighting("AB12CDE", "no passage", [1], []));

        var lanes = await GetAsync(engineer, "/api/v1/lanes");
        var quarantine = await GetAsync(engineer, "/api/v1/quarantine");
        using var movements = await engineer.GetAsync(Uri("/api/v1/movements?reason=OP:1"), Stop);

        Assert.Equal("ready", lanes[0].GetProperty("state").GetString());
        Assert.Equal(611, lanes[0].GetProperty("counters").GetProperty("passages").GetInt32());
        Assert.DoesNotContain("AB12CDE", quarantine.GetRawText(), StringComparison.Ordinal);
        Assert.StartsWith("passage_id", quarantine[0].GetProperty("fault").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, movements.StatusCode);
    }

    [Fact]
    public async Task Description_NamesEveryCall_AndThePageLoadsNothing()
    {
        var officer = await hub.SignInAsync(Role.Officer);

        var paths = (await GetAsync(officer, "/api/v1/openapi.json")).GetProperty("paths").EnumerateObject().Select(p => p.Name).ToList();
        var page = await officer.GetStringAsync(Uri("/api/v1/docs"), Stop);

        Assert.Contains("/api/v1/movements", paths);
        Assert.Contains("/api/v1/vehicles/{id}/journey", paths);
        Assert.All(paths, p => Assert.Contains(p, page, StringComparison.Ordinal));
        Assert.DoesNotContain("http", page.Replace("<!doctype html>", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Api_AtTheLanesDoor_IsNotThere()
    {
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null } };
        using var client = new HttpClient(handler) { BaseAddress = hub.Grpc, DefaultRequestVersion = HttpVersion.Version20 };

        using var answer = await client.GetAsync(Uri("/api/v1/lanes"), Stop);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static string NewId() => Guid.CreateVersion7().ToString();

    private static Uri Uri(string path) => new(path, UriKind.Relative);

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) => await client.GetFromJsonAsync<JsonElement>(Uri(path), Stop);
}
