using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Csv;
using Anpr.Hub.Watchlists;

namespace Anpr.Hub.Tests.Watchlists;

/// <summary>Import, export, change and preview of the watchlist, over REST at a real hub.</summary>
public sealed class WatchlistFileTests : IAsyncLifetime
{
    private const string Header = "pattern,kind,priority,display,reason,expires_at,owner,covert,ports,least_probability\n";
    private static readonly CancellationToken Stop = TestContext.Current.CancellationToken;
    private static readonly string Until = TimeProvider.System.GetUtcNow().AddDays(9).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    private RunningHub hub = null!;
    private HttpClient supervisor = null!;
    private LaneClient lane = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        supervisor = await hub.SignInAsync(Role.Supervisor);
        lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Import_GoodAndBadRows_KeepsTheGoodAndNamesTheBad()
    {
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));
        var report = await ImportAsync($"""
            {Header}ab12 cde,exact,1,Stop,OP:1,{Until},,,,
            ab*,wildcard,9,Stop,because,{Until},,,dover,
            XY34ZZZ,fuzzy,2,Look,OP:2,{Until},nobody,,,0.5
            XY35ZZZ,fuzzy,2,Look,OP:2,{Until},,,"calais coquelles",0.5
            XY35ZZZ,fuzzy,3,Look,OP:2,{Until},,,,
            too,few
            """);

        Assert.Equal((6, 2, 1), (report.GetProperty("rows").GetInt32(), report.GetProperty("added").GetInt32(), report.GetProperty("past").GetInt32()));
        var refused = report.GetProperty("refused").EnumerateArray().Select(r => (r.GetProperty("line").GetInt32(), r.GetProperty("field").GetString())).ToList();
        Assert.Equal([(3, "pattern"), (3, "priority"), (3, "reason"), (3, "ports"), (4, "owner"), (6, "pattern"), (7, "")], refused);
        var entry = Book.Entries("supervisor").Single(e => e.Pattern == "XY35ZZZ");
        Assert.Equal((2, 0.5, "supervisor"), (entry.Priority, entry.Least, entry.Owner));
        Assert.Equal(["calais", "coquelles"], entry.Ports);
        Assert.Equal(new TimeOnly(23, 59, 59), TimeOnly.FromDateTime(entry.ExpiresAt.UtcDateTime)); // a day means its end
        var logged = Assert.Single(hub.Get<AuditLog>().Newest("supervisor", "watchlist.import", 9));
        Assert.StartsWith("sha256:", logged.About, StringComparison.Ordinal);
        Assert.Contains("2 added", logged.Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_WhatWasExported_ChangesNothing_AndAnEditedRowChangesItsEntry()
    {
        await ImportAsync($"{Header}AB12CDE,exact,1,=Stop,OP:1,{Until},,true,calais,\nXY3*,wildcard,2,Look,OP:2,{Until},,,,\n");
        using var refused = await supervisor.GetAsync(Uri("/api/v1/watchlist/export"), Stop);
        var csv = await supervisor.GetStringAsync(Uri("/api/v1/watchlist/export?reason=OP:7"), Stop);

        var same = await ImportAsync(csv);
        var revision = Book.Revision;
        var edited = await ImportAsync(csv.Replace("Look", "Search", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("'=Stop", csv, StringComparison.Ordinal);
        Assert.Equal((0, 0, 2), (same.GetProperty("added").GetInt32(), same.GetProperty("changed").GetInt32(), same.GetProperty("unchanged").GetInt32()));
        Assert.Equal((0, 1, 1), (edited.GetProperty("added").GetInt32(), edited.GetProperty("changed").GetInt32(), edited.GetProperty("unchanged").GetInt32()));
        Assert.Equal(revision + 1, Book.Revision);
        Assert.Equal(["=Stop", "Search"], Book.Entries("supervisor").Select(e => e.Display).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Import_OfNoSuchFile_IsRefusedInWords()
    {
        using var answer = await PostAsync("hello");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("there is no column 'hello'", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_AnEntry_IsARevisionThatIsMatchedWithThePastAgain()
    {
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));
        var body = Body("XY99ZZZ");
        using var added = await supervisor.PostAsJsonAsync(Uri("/api/v1/watchlist"), body, Stop);
        var entry = (await added.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("entry");

        using var changed = await supervisor.PutAsJsonAsync(Uri($"/api/v1/watchlist/{entry.GetProperty("id").GetString()}"), body with { pattern = "AB12CDE" }, Stop);
        using var unknown = await supervisor.PutAsJsonAsync(Uri($"/api/v1/watchlist/{NewId()}"), body, Stop);
        var answer = await changed.Content.ReadFromJsonAsync<JsonElement>(Stop);

        Assert.Equal(entry.GetProperty("revision").GetUInt64() + 1, answer.GetProperty("entry").GetProperty("revision").GetUInt64());
        Assert.Equal("AB12CDE", Assert.Single(answer.GetProperty("past").EnumerateArray()).GetProperty("pattern").GetString());
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(["AB12CDE"], Book.Entries("supervisor").Select(e => e.Pattern));
    }

    [Fact]
    public async Task Change_ACovertEntryOfSomebodyElse_FindsNone()
    {
        var covert = await Book.AddAsync(new NewEntry("AB12CDE", MatchKind.Exact, 1, "Stop", "OP:1", "other", TimeProvider.System.GetUtcNow().AddDays(1), Covert: true));

        using var answer = await supervisor.PutAsJsonAsync(Uri($"/api/v1/watchlist/{covert.Entry.Id}"), Body("XY99ZZZ"), Stop);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("AB12CDE", Assert.Single(Book.Entries("other")).Pattern);
    }

    [Fact]
    public async Task Preview_AFuzzyEntry_SaysItsMisreadsAndWhomItWouldHaveHit()
    {
        foreach (var text in new[] { "AB128CD", "AB128CD", "AB12BCD", "XY99ZZZ" })
        {
            await lane.SendAsync(lane.Sighting(text, NewId(), [1], [], at: lane.Now.AddDays(-20)));
        }

        using var refused = await supervisor.PostAsJsonAsync(Uri("/api/v1/watchlist/preview"), Body("AB128CD", "fuzzy"), Stop);
        var fuzzy = await PreviewAsync("AB128CD", "fuzzy");
        var exact = await PreviewAsync("AB128CD", "exact");
        var wildcard = await PreviewAsync("AB12?CD", "wildcard");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("AB12BCD", fuzzy.GetProperty("misreads").EnumerateArray().Select(m => m.GetProperty("text").GetString()));
        Assert.Equal([3, 2, 3], new[] { fuzzy, exact, wildcard }.Select(p => p.GetProperty("sightings").GetInt32()));
        Assert.Equal("AB128CD", fuzzy.GetProperty("texts")[0].GetProperty("text").GetString());
        Assert.Empty(Book.Entries("supervisor")); // nothing is kept
        Assert.Equal(["OP:9", "OP:9", "OP:9", ""], hub.Get<AuditLog>().Newest("supervisor", "watchlist.preview", 9).Select(e => e.Why));
    }

    [Fact]
    public async Task Alert_OfAFuzzyEntry_SaysHowProbablyItIsTheListedOne()
    {
        await Book.AddAsync(new NewEntry("AB128CD", MatchKind.Fuzzy, 1, "Stop", "OP:1", "supervisor", TimeProvider.System.GetUtcNow().AddDays(1)));
        var other = await LaneClient.EnrolAsync(hub, "dunkerque", "dunkerque-1"); // at one lane it would be one vehicle that stands there
        await lane.SendAsync(lane.Sighting("AB12BCD", NewId(), [1], [], unsure: (4, 0.6f, '8')));
        await other.SendAsync(other.Sighting("AB128CD", NewId(), [1], []));

        var alerts = (await supervisor.GetFromJsonAsync<JsonElement>(Uri("/api/v1/alerts"), Stop)).EnumerateArray().ToDictionary(a => a.GetProperty("text").GetString()!);

        var loose = alerts["AB12BCD"];
        Assert.InRange(loose.GetProperty("probability").GetDouble(), 0.9, 0.99);
        Assert.Equal((4, "B", "8"), (loose.GetProperty("differs")[0].GetProperty("at").GetInt32(), loose.GetProperty("differs")[0].GetProperty("read").GetString(), loose.GetProperty("differs")[0].GetProperty("listed").GetString()));
        Assert.False(alerts["AB128CD"].TryGetProperty("differs", out _));
    }

    [Fact]
    public void Report_AsCsv_IsReadAgain()
    {
        var csv = new ImportReport(3, 1, 0, 0, [new(2, "kind", "'=x': exact, wildcard or fuzzy"), new(4, "", "2 cells for 3 columns")]).ToCsv();

        var rows = CsvTable.Read(csv, ["line", "field", "why"], ["line"]);

        Assert.Equal(["2", "4"], rows.Select(r => r["line"]));
        Assert.Equal("'=x': exact, wildcard or fuzzy", rows[0]["why"]);
    }

    private WatchlistBook Book => hub.Get<WatchlistBook>();

    private async Task<JsonElement> PreviewAsync(string pattern, string kind)
    {
        using var answer = await supervisor.PostAsJsonAsync(Uri("/api/v1/watchlist/preview?reason=OP:9"), Body(pattern, kind), Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private async Task<JsonElement> ImportAsync(string csv)
    {
        using var answer = await PostAsync(csv);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }

    private async Task<HttpResponseMessage> PostAsync(string csv)
    {
        using var content = new StringContent(csv, Encoding.UTF8, "text/csv");
        return await supervisor.PostAsync(Uri("/api/v1/watchlist/import"), content, Stop);
    }

    private static Asked Body(string pattern, string kind = "exact") => new(pattern, kind, 1, "Stop", "OP:1", TimeProvider.System.GetUtcNow().AddDays(2));

    private static Uri Uri(string path) => new(path, UriKind.Relative);

    private static string NewId() => Guid.CreateVersion7().ToString();

#pragma warning disable IDE1006, SA1300 // as the API names them
    private sealed record Asked(string pattern, string kind, int priority, string display, string reason, DateTimeOffset expires_at);
#pragma warning restore IDE1006, SA1300
}
