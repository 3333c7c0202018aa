using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Audit;
using Anpr.Hub.Csv;
using Anpr.Hub.Movements;
using Anpr.Hub.Storage;
using Anpr.Hub.Tests.Storage;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;

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
        var (logged, begun) = hub.Get<AuditLog>().Newest("supervisor", "watchlist.import", 9) is [var last, var first] ? (last, first) : default;
        Assert.Equal(("begun", logged.About), (begun.Result, begun.About));
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

    /// <summary>A file is made from what was read before: what was ended or changed meanwhile does not come back by it.</summary>
    [Fact]
    public async Task PutAll_WhatWasEndedOrChangedMeanwhile_IsLeft()
    {
        var (ended, changed, same) = (await AddAsync("AB12CDE"), await AddAsync("AB13CDE"), await AddAsync("AB14CDE"));
        var since = Book.Revision;
        await Book.EndAsync(ended.Id, "supervisor");
        await Book.ChangeAsync(changed.Id, "supervisor", Entry("AB13CDE") with { Display = "Theirs" });

        var put = await Book.PutAllAsync([.. new[] { ended, changed, same }.Select((e, i) => new WantedEntry(i, Entry(e.Pattern) with { Display = "Mine" }, e))], since);

        Assert.Equal([0, 1], put.Left.Order());
        Assert.Equal(["AB13CDE Theirs", "AB14CDE Mine"], Book.Entries("supervisor").Select(e => $"{e.Pattern} {e.Display}").Order(StringComparer.Ordinal));
    }

    /// <summary>Two people import one file in the same moment, over several groups: each entry is there once.</summary>
    [Fact]
    public async Task PutAll_OneFileTwiceAtOnce_KeepsEachEntryOnce()
    {
        var wanted = Enumerable.Range(0, 2500).Select(i => new WantedEntry(i, Entry($"AB{i:00000}"), null)).ToList();
        var since = Book.Revision;

        var both = await Task.WhenAll(Book.PutAllAsync(wanted, since), Book.PutAllAsync(wanted, since));

        Assert.Equal(2500, Book.Entries("supervisor").Count);
        Assert.All(wanted, w => Assert.Single(both, put => put.Kept.ContainsKey(w.Line)));
        Assert.All(wanted, w => Assert.Single(both, put => put.Left.Contains(w.Line)));
    }

    /// <summary>What was kept before the disk was full counts and is said; only the others are to be imported again.</summary>
    [Fact]
    public async Task Import_WhenTheStoreFailsHalfway_SaysWhatWasKept()
    {
        var failing = new WatchlistBook(FailingStore.After(hub.Get<IStore>(), 1), hub.Get<Assessor>(), hub.Get<HubFeed>(), TimeProvider.System);
        var csv = Header + string.Concat(Enumerable.Range(0, 1200).Select(i => $"AB{i:00000},exact,1,Stop,OP:1,{Until},,,,\n"));

        var (report, past) = await new WatchlistFile(failing, hub.Get<Users>(), TimeProvider.System).ImportAsync(Encoding.UTF8.GetBytes(csv), "supervisor");

        Assert.Equal((1200, 1000, 0, 0, 200), (report.Rows, report.Added, report.Changed, report.Unchanged, report.RefusedRows));
        Assert.Contains("No space left", report.Refused[0].Why, StringComparison.Ordinal);
        Assert.Equal((1002, 0), (report.Refused[0].Line, past));
        Assert.Equal(1000, failing.Entries("supervisor").Count);
        await Assert.ThrowsAsync<StoreFailedException>(() => new WatchlistFile(failing, hub.Get<Users>(), TimeProvider.System).ImportAsync(Encoding.UTF8.GetBytes(csv), "supervisor"));
    }

    [Fact]
    public async Task Import_ForAnOwnerWhoSeesNoAlerts_IsRefused()
    {
        var users = hub.Get<Users>();
        await users.AddAsync("wrench", Role.Engineer);
        await users.AddAsync("booth", Role.Officer);

        var report = await ImportAsync($"{Header}AB12CDE,exact,1,Stop,OP:1,{Until},wrench,true,,\nAB13CDE,exact,1,Stop,OP:1,{Until},booth,true,,\n");

        Assert.Equal((1, 2, "owner"), (report.GetProperty("added").GetInt32(), report.GetProperty("refused")[0].GetProperty("line").GetInt32(), report.GetProperty("refused")[0].GetProperty("field").GetString()));
        Assert.Equal("AB13CDE", Assert.Single(Book.Entries("booth")).Pattern);
    }

    /// <summary>What a transaction that was rolled back had listed hits nothing, though another entry bears its revision.</summary>
    [Fact]
    public async Task MatcherIn_AfterATransactionThatWasRolledBack_HoldsNothingOfIt()
    {
        var store = hub.Get<IStore>();
        var first = await AddAsync("XY99ZZZ");
        ListEntry At(string pattern, ulong step) => first with { Id = $"{step}", Pattern = pattern, Revision = first.Revision + step };
        IReadOnlyList<string> Hits(IStoreWriter writer, params ListEntry[] entries)
        {
            entries.ToList().ForEach(e => writer.Put(ListEntry.Table, e));
            var matcher = Book.MatcherIn(writer);
            return [.. new[] { "AB12CDE", "AB13CDE", "AB14CDE" }.Where(t => matcher.Match(PlateReading.Of(t), "calais", TimeProvider.System.GetUtcNow()).Count > 0)];
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteAsync<bool>(writer =>
        {
            Assert.Equal(["AB12CDE", "AB14CDE"], Hits(writer, At("AB12CDE", 1), At("AB14CDE", 2)));
            throw new InvalidOperationException("rolled back");
        }));
        var hits = await store.WriteAsync(writer => Hits(writer, At("AB13CDE", 1), At("AB14CDE", 2)));

        Assert.Equal(["AB13CDE", "AB14CDE"], hits);
    }

    [Fact]
    public async Task Added_ToWhoWorksElsewhere_SaysHowManyAlertsAndShowsThoseOfTheirPorts()
    {
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));
        var added = await Book.AddAsync(Entry("AB12CDE"));

        var (here, elsewhere) = (EntryAddedBody.Of(added, new Viewer("a", "calais")), EntryAddedBody.Of(added, new Viewer("b", "dunkerque")));

        Assert.Equal((1, 1, 0, 1), (here.Past.Count, here.PastTotal, elsewhere.Past.Count, elsewhere.PastTotal));
    }

    [Fact]
    public async Task Looks_AreLoggedWithWordsAndTheNumberOfRecords()
    {
        await AddAsync("AB12CDE");
        await AddAsync("AB13CDE");
        await supervisor.GetStringAsync(Uri("/api/v1/watchlist"), Stop);
        await supervisor.GetStringAsync(Uri("/api/v1/watchlist/export?reason=OP:7&reason_text=for%20the%20files"), Stop);

        Assert.Equal(2, Assert.Single(hub.Get<AuditLog>().Newest("supervisor", "watchlist.look", 9)).Records);
        var export = Assert.Single(hub.Get<AuditLog>().Newest("supervisor", "watchlist.export", 9));
        Assert.Equal((2L, "OP:7 \"for the files\""), (export.Records, export.Why));
    }

    [Fact]
    public async Task Add_KindAsANumber_IsRefused()
    {
        using var answer = await supervisor.PostAsJsonAsync(Uri("/api/v1/watchlist"), Body("AB128CD", "1"), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("exact, wildcard, fuzzy", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
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
        var covert = await Book.AddAsync(new NewEntry("AB12CDE", ListedKind.Exact, 1, "Stop", "OP:1", "other", TimeProvider.System.GetUtcNow().AddDays(1), Covert: true));

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
        await Book.AddAsync(new NewEntry("AB128CD", ListedKind.Fuzzy, 1, "Stop", "OP:1", "supervisor", TimeProvider.System.GetUtcNow().AddDays(1)));
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

    private static NewEntry Entry(string pattern) => new(pattern, ListedKind.Exact, 1, "Stop", "OP:1", "supervisor", TimeProvider.System.GetUtcNow().AddDays(1));

    private async Task<ListEntry> AddAsync(string pattern) => (await Book.AddAsync(Entry(pattern))).Entry;

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
