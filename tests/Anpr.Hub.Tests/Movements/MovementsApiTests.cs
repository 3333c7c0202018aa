using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Proto.V1;
using MiniExcelLibs;

namespace Anpr.Hub.Tests.Movements;

/// <summary>Questions about movements over REST, as a program of an officer asks them.</summary>
public sealed class MovementsApiTests : IAsyncLifetime
{
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private RunningHub hub = null!;
    private LaneClient lane = null!;
    private HttpClient officer = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
        officer = await hub.SignInAsync(Role.Officer);
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Find_ByEachFilter_AnswersWithThePassageThatFits()
    {
        var (wanted, other) = (NewId(), NewId());
        await VehicleAsync(wanted, "AB12CDE", "TR41LER", "GB", ("co2", 1, 4, "CO2", ""));
        await VehicleAsync(other, "XY34ZZZ", "OT43RRR", "FR");
        await RecordAsync($"passages/{wanted}/searches", new { reason = "alert", methods = new[] { "dog", "co2" }, finding = "people", people = 2 });
        await RecordAsync($"passages/{other}/searches", new { reason = "random", methods = new[] { "dog" }, finding = "clear", people = 0 });
        await RecordAsync($"passages/{wanted}/dispositions", new { outcome = "released" });
        await RecordAsync($"passages/{wanted}/dispositions", new { outcome = "refused" });
        await RecordAsync($"passages/{other}/dispositions", new { outcome = "released" });

        Assert.Equal(["AB12CDE", "TR41LER"], await TextsAsync("finding=people"));
        Assert.Equal(["AB12CDE", "TR41LER"], await TextsAsync("disposition=refused"));
        Assert.Equal(["OT43RRR", "XY34ZZZ"], await TextsAsync("disposition=released"));
        Assert.Equal(["AB12CDE", "TR41LER"], await TextsAsync("min_score=0.01"));
        Assert.Equal(["OT43RRR", "XY34ZZZ"], await TextsAsync("country=fr"));
        Assert.Equal(["AB12CDE"], await TextsAsync("plate=AB12CDE&pairing=TR4*"));
        Assert.Empty(await TextsAsync("plate=AB12CDE&pairing=OT43RRR"));
        Assert.Equal(4, (await TextsAsync("lane=calais/calais-1&port=calais")).Count);
        Assert.Empty(await TextsAsync("lane=calais-2"));
    }

    [Fact]
    public async Task Find_Fuzzy_ShowsTheProbability()
    {
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));
        await lane.SendAsync(lane.Sighting("A812CDE", NewId(), [1], [], "GB", null, (1, 0.7f, 'B')));
        await lane.SendAsync(lane.Sighting("QQ99QQQ", NewId(), [1], []));

        var found = (await GetAsync("movements?plate=AB12CDE&match=fuzzy&reason=OP:1")).GetProperty("sightings").EnumerateArray()
            .Select(s => (s.GetProperty("text").GetString(), s.GetProperty("probability").GetDouble())).ToList();

        Assert.Equal("AB12CDE", found[0].Item1);
        Assert.DoesNotContain(found, f => f.Item1 == "QQ99QQQ");
        Assert.InRange(found[0].Item2, 0.5, 1);
    }

    [Fact]
    public async Task Find_InPages_LogsEachWithItsNumberAndReason()
    {
        foreach (var text in (string[])["AB12CDE", "XY34ZZZ", "QQ99QQQ"])
        {
            await lane.SendAsync(lane.Sighting(text, NewId(), [1], []));
        }

        var first = await GetAsync("movements?limit=2&reason=OP:7&reason_text=seen%20near%20the%20fence");
        var cursor = first.GetProperty("cursor").GetString();
        var second = await GetAsync($"movements?limit=2&reason=OP:7&cursor={cursor}");

        Assert.Equal((2, true, 1, false), (Count(first), first.GetProperty("more").GetBoolean(), Count(second), second.GetProperty("more").GetBoolean()));
        Assert.False(second.TryGetProperty("cursor", out _));
        var log = hub.Get<AuditLog>().Newest("officer", "movements.search", 2);
        Assert.Equal([1L, 2L], log.Select(e => e.Records));
        Assert.Equal(["OP:7", "OP:7 \"seen near the fence\""], log.Select(e => e.Why));
        Assert.EndsWith("a further page", log[0].About, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("movements?reason=OP:1&match=fuzzy&plate=AB*", "match fuzzy")]
    [InlineData("movements?reason=OP:1&match=nearly", "match 'nearly'")]
    [InlineData("movements?reason=OP:1&finding=nothing", "finding 'nothing'")]
    [InlineData("movements?reason=OP:1&disposition=gone", "disposition 'gone'")]
    [InlineData("movements?reason=OP:1&min_score=2", "min_score '2'")]
    [InlineData("movements?reason=OP:1&min_score=0.5&max_score=0.4", "min_score is greater")]
    [InlineData("movements?reason=OP:1&pairing=AB12", "pairing: give the plate")]
    [InlineData("movements?reason=OP:1&country=France", "country 'FRANCE'")]
    [InlineData("movements?reason=OP:1&vehicle=a%20b", "vehicle")]
    [InlineData("movements?reason=OP:1&lane=A%20B", "lane 'A B'")]
    [InlineData("movements?reason=OP:1&plate=%2D%2D", "plate '--'")]
    [InlineData("movements?reason=OP:1&cursor=abc", "cursor")]
    [InlineData("movements?reason=OP:1&from=9999-12-31", "from '9999-12-31'")]
    [InlineData("movements/export?reason=OP:1&format=pdf", "format 'pdf'")]
    [InlineData("movements/export?format=csv", "CODE:REF")]
    [InlineData("vehicles/x/journey/export?format=geojson", "CODE:REF")]
    [InlineData("vehicles/x/company", "CODE:REF")]
    [InlineData("statistics/searches", "CODE:REF")]
    [InlineData("statistics/searches/export?reason=OP:1&format=geojson", "format 'geojson'")]
    [InlineData("lanes/calais/calais-1/seen?time=2026-11-24T08:00Z", "CODE:REF")]
    [InlineData("lanes/calais/calais-1/seen?reason=OP:1", "time: give")]
    [InlineData("lanes/calais/calais-1/seen?reason=OP:1&time=2026-11-24T08:00Z&minutes=0", "minutes 0")]
    [InlineData("lanes/dover/calais-1/seen?reason=OP:1&time=2026-11-24T08:00Z", "no port 'dover'")]
    public async Task BadQuestion_IsRefusedInWords(string address, string words)
    {
        using var refused = await officer.GetAsync(Uri(address), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(words, (await refused.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReasonText_TooLong_IsRefused()
    {
        using var refused = await officer.GetAsync(Uri($"movements?reason=OP:1&reason_text={new string('x', 201)}"), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("201 characters", await refused.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_AsCsvXlsxAndGeoJson_HoldsTheSameSightingsAndIsLogged()
    {
        var texts = (string[])["AB12CDE", "XY34ZZZ", "QQ99QQQ"];
        foreach (var text in texts)
        {
            await lane.SendAsync(lane.Sighting(text, NewId(), [1], []));
        }

        var csv = (await officer.GetStringAsync(Uri("movements/export?format=csv&reason=OP:1"), Stop)).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        await using var sheet = new MemoryStream(await officer.GetByteArrayAsync(Uri("movements/export?format=xlsx&reason=OP:1"), Stop));
        var rows = sheet.Query(useHeaderRow: true, sheetName: "records").Cast<IDictionary<string, object>>().ToList();
        var about = sheet.Query(useHeaderRow: true, sheetName: "about").Cast<IDictionary<string, object>>().Single();
        var map = JsonDocument.Parse(await officer.GetStringAsync(Uri("movements/export?format=geojson&reason=OP:1"), Stop)).RootElement;

        Assert.Equal("QQ99QQQ,XY34ZZZ,AB12CDE", string.Join(',', csv.Skip(1).Select(l => l.Split(',')[3])));
        Assert.Equal(texts.Reverse(), rows.Select(r => (string)r["text"]));
        Assert.Equal("These are all records that answer the question.", about["note"]);
        Assert.Equal(texts.Reverse(), map.GetProperty("features").EnumerateArray().Select(f => f.GetProperty("properties").GetProperty("text").GetString()));
        Assert.Equal([1.87, 50.967], map.GetProperty("features")[0].GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(c => c.GetDouble()));
        var log = hub.Get<AuditLog>().Newest("officer", "movements.export", 10);
        Assert.Equal([3L, null, 3L, null, 3L, null], log.Select(e => e.Records));
    }

    [Fact]
    public async Task Journey_AcrossPorts_HasItsLegsAndItsLine()
    {
        var dunkerque = new LaneClient(hub.Channel(await hub.EnrolAsync("dunkerque", "dunkerque-1")), TimeProvider.System) { Shift = TimeSpan.FromMinutes(-50) };
        await dunkerque.SendAsync(dunkerque.Sighting("AB12CDE", NewId(), [1], []));
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));
        var vehicle = (await GetAsync("movements?plate=AB12CDE&reason=OP:1")).GetProperty("sightings")[0].GetProperty("vehicle").GetString();

        var journey = await GetAsync($"vehicles/{vehicle}/journey?reason=OP:1");
        var map = await GetAsync($"vehicles/{vehicle}/journey/export?format=geojson&reason=OP:1");
        var csv = await officer.GetStringAsync(Uri($"vehicles/{vehicle}/journey/export?format=csv&reason=OP:1"), Stop);

        var leg = Assert.Single(journey.GetProperty("legs").EnumerateArray());
        Assert.Equal(("dunkerque", "calais"), (leg.GetProperty("from").GetString(), leg.GetProperty("to").GetString()));
        Assert.InRange(leg.GetProperty("took_s").GetDouble(), 49 * 60, 52 * 60);
        Assert.False(leg.TryGetProperty("usual", out _));
        var line = map.GetProperty("features")[2].GetProperty("geometry");
        Assert.Equal(("LineString", 2), (line.GetProperty("type").GetString(), line.GetProperty("coordinates").GetArrayLength()));
        Assert.Equal(51.021, line.GetProperty("coordinates")[0][1].GetDouble());
        Assert.Contains(",dunkerque,30", csv.Split("\r\n")[2], StringComparison.Ordinal);
        Assert.Equal([2L, 2L], hub.Get<AuditLog>().Newest("officer", "journey.export", 5).Select(e => e.Records));
    }

    [Fact]
    public async Task Seen_AtALaneAroundATime_HasUnreadVehiclesToo()
    {
        var now = TimeProvider.System.GetUtcNow();
        var passage = NewId();
        var sighting = lane.Sighting("AB12CDE", passage, [1], [], at: now.AddMinutes(-20));
        await lane.SendAsync(sighting);
        await lane.SendAsync(lane.Passage(passage, [sighting.Id], now.AddMinutes(-20)));
        await lane.SendAsync(lane.Passage(NewId(), [], now.AddMinutes(-18)));
        await lane.SendAsync(lane.Passage(NewId(), [], now.AddMinutes(-5)));

        var seen = await GetAsync($"lanes/calais/calais-1/seen?time={now.AddMinutes(-20):yyyy-MM-ddTHH:mm:ssZ}&minutes=4&reason=OP:1");
        var elsewhere = await GetAsync($"lanes/calais/calais-2/seen?time={now.AddMinutes(-20):yyyy-MM-ddTHH:mm:ssZ}&reason=OP:1");

        Assert.Equal([1, 0], seen.GetProperty("passages").EnumerateArray().Select(p => p.GetProperty("sightings").GetArrayLength()));
        Assert.Equal(0, elsewhere.GetProperty("passages").GetArrayLength());
        Assert.Equal([0L, 2L], hub.Get<AuditLog>().Newest("officer", "lane.seen", 5).Select(e => e.Records));
    }

    [Fact]
    public async Task Statistics_CountSearchesAgainstFinds_AndNameNobody()
    {
        var (one, two) = (NewId(), NewId());
        await VehicleAsync(one, "AB12CDE", "TR41LER", "GB");
        await VehicleAsync(two, "XY34ZZZ", "OT43RRR", "FR");
        await RecordAsync($"passages/{one}/searches", new { reason = "alert", methods = new[] { "dog", "co2" }, finding = "people", people = 3 });
        await RecordAsync($"passages/{two}/searches", new { reason = "random", methods = new[] { "dog" }, finding = "clear", people = 0 });

        using var answer = await officer.GetAsync(Uri("statistics/searches?reason=CHECK:1"), Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        var counts = JsonDocument.Parse(text).RootElement;
        var csv = await officer.GetStringAsync(Uri("statistics/searches/export?format=csv&reason=CHECK:1"), Stop);

        Assert.Equal((2, 1, 3), (counts.GetProperty("all").GetProperty("searches").GetInt32(), counts.GetProperty("all").GetProperty("finds").GetInt32(), counts.GetProperty("all").GetProperty("people").GetInt32()));
        Assert.Equal(["alert 1/1", "random 0/1"], Lines(counts, "by_reason"));
        Assert.Equal(["co2 1/1", "dog 1/2"], Lines(counts, "by_method"));
        Assert.Equal(["calais 1/2"], Lines(counts, "by_port"));
        Assert.DoesNotContain("officer", text + csv, StringComparison.Ordinal);
        Assert.Contains("method,dog,2,1,3,0,0,0.5,", csv, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reasons_AreShownToAdministrators_WhoSeeNoMovements()
    {
        var administrator = await hub.SignInAsync(Role.Administrator);

        var codes = await administrator.GetFromJsonAsync<JsonElement>(Uri("reasons"), Stop);
        using var forbidden = await administrator.GetAsync(Uri("movements?reason=OP:1"), Stop);
        using var statistics = await administrator.GetAsync(Uri("statistics/searches?reason=OP:1"), Stop);

        Assert.Contains("OP", codes.EnumerateArray().Select(c => c.GetProperty("code").GetString()));
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (forbidden.StatusCode, statistics.StatusCode));
    }

    private async Task VehicleAsync(string passage, string front, string rear, string country, params (string, double, double, string, string)[] evidence)
    {
        var (one, two) = (lane.Sighting(front, passage, [1], [], country), lane.Sighting(rear, passage, [1], [], country));
        two.Side = Side.Rear;
        await lane.SendAsync(one);
        await lane.SendAsync(two);
        await lane.SendAsync(lane.Passage(passage, [one.Id, two.Id], null, evidence));
    }

    private async Task RecordAsync(string address, object body)
    {
        using var answer = await officer.PostAsJsonAsync(Uri(address), body, Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private async Task<IReadOnlyList<string?>> TextsAsync(string filters) =>
        [.. (await GetAsync($"movements?{filters}&reason=OP:1")).GetProperty("sightings").EnumerateArray().Select(s => s.GetProperty("text").GetString()).Order(StringComparer.Ordinal)];

    private async Task<JsonElement> GetAsync(string address) => await officer.GetFromJsonAsync<JsonElement>(Uri(address), Stop);

    private static IEnumerable<string> Lines(JsonElement counts, string grouping) =>
        counts.GetProperty(grouping).EnumerateArray().Select(c => $"{c.GetProperty("key").GetString()} {c.GetProperty("finds").GetInt32()}/{c.GetProperty("searches").GetInt32()}");

    private static int Count(JsonElement answer) => answer.GetProperty("sightings").GetArrayLength();

    private static Uri Uri(string address) => new($"/api/v1/{address}", UriKind.Relative);

    private static string NewId() => Guid.CreateVersion7().ToString();
}
