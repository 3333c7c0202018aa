using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Tests.Movements;

/// <summary>Import and export, on a closed hub and through the socket of a running one.</summary>
public sealed class TransferTests : IDisposable
{
    private static readonly string Id = Guid.CreateVersion7().ToString();
    private readonly TempFolder folder = new();
    private readonly StringWriter refusals = new();

    public TransferTests() => HubIdentity.Init(new HubFiles(folder.Path), [], TimeProvider.System).Dispose();

    public void Dispose()
    {
        folder.Dispose();
        refusals.Dispose();
    }

    [Fact]
    public async Task Import_GoodAndBadLines_EachBadOneIsNamedAndCostsOnlyItself()
    {
        await using var hub = ClosedHub.Open(new HubFiles(folder.Path));
        string[] lines =
        [
            Line(Id, "dunkerque", "2026-11-20T08:00:00Z", "AB123CD"),
            "{not json",
            Line(NewId(), "dover", "2026-11-20T08:00:00Z", "AB123CD"),
            Line(NewId(), "calais", "1970-01-02T00:00:00Z", "AB123CD"),
            "",
            Line(NewId(), "calais", "2026-11-20T08:40:00", "AB123CD"),
            Line(Id, "dunkerque", "2026-11-20T08:00:00Z", "AB123CD"),
        ];

        var summary = await hub.Transfer.ImportAsync("test", "x.jsonl", new StringReader(string.Join('\n', lines)), RefuseAsync, TestContext.Current.CancellationToken);

        Assert.Equal(new ImportSummary(2, 1, 3), summary);
        Assert.Equal(["2 is no sighting", "3 there is", "4 time 1970-01-02"], refusals.ToString().Trim().Split('\n').Select(l => string.Join(' ', l.Split(' ', ':').Take(l[0] == '2' ? 4 : 3))));
        var journey = JsonDocument.Parse(Assert.Single(hub.Transfer.Export("test", "journeys", "OP:1"))).RootElement;
        Assert.Equal(["dunkerque", "calais"], journey.GetProperty("stops").EnumerateArray().Select(s => s.GetProperty("port").GetString()));
        var link = hub.Transfer.Export("test", "links", "OP:1").Select(l => JsonDocument.Parse(l).RootElement).First(l => l.GetProperty("sighting").GetString() != Id);
        Assert.Equal("same registration AB123CD", link.GetProperty("reasons")[0].GetString());
    }

    [Fact]
    public async Task Export_OfAnImport_ImportsAsTheSame()
    {
        List<string> exported;
        await using (var hub = ClosedHub.Open(new HubFiles(folder.Path)))
        {
            await hub.Transfer.ImportAsync("test", "x", new StringReader(Line(Id, "calais", "2026-11-20T08:00:00.5Z", "AB123CD")), RefuseAsync, TestContext.Current.CancellationToken);
            exported = [.. hub.Transfer.Export("test", "sightings", "OP:1")];
        }

        using var other = new TempFolder();
        HubIdentity.Init(new HubFiles(other.Path), [], TimeProvider.System).Dispose();
        await using var second = ClosedHub.Open(new HubFiles(other.Path));
        await second.Transfer.ImportAsync("test", "x", new StringReader(exported[0]), RefuseAsync, TestContext.Current.CancellationToken);

        string[] same = ["id", "text", "time", "port", "lane", "characters", "side", "direction", "country", "confidence"];
        var (a, b) = (JsonDocument.Parse(exported[0]).RootElement, JsonDocument.Parse(second.Transfer.Export("test", "sightings", "OP:1").Single()).RootElement);
        Assert.All(same, field => Assert.Equal(a.GetProperty(field).GetRawText(), b.GetProperty(field).GetRawText()));
        Assert.Equal("", refusals.ToString());
    }

    [Fact]
    public async Task Export_ReadOrLeftHalfway_IsLoggedWithItsNumberAndWords()
    {
        await using (var hub = ClosedHub.Open(new HubFiles(folder.Path)))
        {
            var lines = string.Join('\n', Line(NewId(), "calais", "2026-11-20T08:00:00Z", "AB123CD"), Line(NewId(), "calais", "2026-11-20T09:00:00Z", "XY987ZZ"));
            await hub.Transfer.ImportAsync("test", "x", new StringReader(lines), RefuseAsync, TestContext.Current.CancellationToken);
            Assert.Equal(2, hub.Transfer.Export("test", "sightings", "OP:1", "for the court").Count());
            Assert.NotEmpty(hub.Transfer.Export("test", "links", "OP:2").Take(1));
        }

        using var log = new AuditLog(folder.Path, TimeProvider.System);
        Assert.Equal([("given out", 2L), ("begun", (long?)null)], log.Newest("test", "sightings.export", 5).Select(e => (e.Result, e.Records)));
        Assert.All(log.Newest("test", "sightings.export", 5), e => Assert.Equal("OP:1 \"for the court\"", e.Why));
        Assert.Equal([("stopped", 1L), ("begun", (long?)null)], log.Newest("test", "links.export", 5).Select(e => (e.Result, e.Records)));
    }

    [Fact]
    public async Task Camera_AndItsClocksOffset_ComeThroughImportAndExport()
    {
        await using var hub = ClosedHub.Open(new HubFiles(folder.Path));
        var line = Line(Id, "calais", "2026-11-20T08:00:00Z", "AB123CD");

        await hub.Transfer.ImportAsync("test", "x", new StringReader(line[..^1] + ",\"camera\":\"rear-2\",\"offset_ms\":-40}"), RefuseAsync, TestContext.Current.CancellationToken);

        var row = JsonDocument.Parse(Assert.Single(hub.Transfer.Export("test", "sightings", "OP:1"))).RootElement;
        Assert.Equal(("rear-2", -40), (row.GetProperty("camera").GetString(), row.GetProperty("offset_ms").GetInt32()));
        Assert.Equal("", refusals.ToString());
    }

    [Fact]
    public async Task Export_WithoutReason_IsRefusedAndLogged()
    {
        await using (var hub = ClosedHub.Open(new HubFiles(folder.Path)))
        {
            Assert.Throws<InputException>(() => hub.Transfer.Export("test", "sightings", null));
            Assert.Throws<InputException>(() => hub.Transfer.Export("test", "everything", "OP:1"));
        }

        using var log = new AuditLog(folder.Path, TimeProvider.System);
        Assert.Equal("refused: no reason", log.Newest("test", "sightings.export", 1)[0].Result);
    }

    [Fact]
    public async Task Commands_OnARunningHub_GoThroughItsSocket()
    {
        await using var hub = await RunningHub.StartAsync();
        var file = Path.Combine(folder.Path, "in.jsonl");
        await File.WriteAllLinesAsync(file, [Line(Id, "calais", "2026-11-20T08:00:00Z", "AB123CD"), "bad"], TestContext.Current.CancellationToken);

        var import = await RunAsync("import", file, "--data", hub.Files.Path);
        var export = await RunAsync("export", "--what", "vehicles", "--reason", "OP:1", "--json", "--data", hub.Files.Path);
        var refused = await RunAsync("export", "--what", "vehicles", "--data", hub.Files.Path);

        Assert.Equal((2, "1 stored, 0 duplicates, 1 refused"), (import.Code, import.Out.Trim()));
        Assert.StartsWith("in.jsonl:2: is no sighting", import.Error, StringComparison.Ordinal);
        Assert.Equal((0, "AB123CD"), (export.Code, JsonDocument.Parse(export.Out).RootElement.GetProperty("text").GetString()));
        Assert.Equal(2, refused.Code);
        Assert.Contains("CODE:REF", refused.Error, StringComparison.Ordinal);
    }

    private static string NewId() => Guid.CreateVersion7().ToString();

    private static string Line(string id, string port, string time, string text) => JsonSerializer.Serialize(new
    {
        id,
        port,
        lane = $"{port}-1",
        time,
        text,
        confidence = 0.93,
        country = "FR",
        side = "front",
        direction = "towards",
        characters = text.Select(c => new { c = c.ToString(), p = 0.98 }),
    });

    private static Task<HubProcess.Result> RunAsync(params string[] args) => HubProcess.RunAsync(args);

    private Task RefuseAsync(long number, string fault) => refusals.WriteLineAsync($"{number} {fault}");
}
