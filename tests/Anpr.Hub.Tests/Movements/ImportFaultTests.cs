using System.Text.Json;
using System.Text.Json.Nodes;
using Anpr.Hub.Access;
using Anpr.Hub.Ingest;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using CsCheck;

namespace Anpr.Hub.Tests.Movements;

/// <summary>Files of other programs: whatever a line holds, it costs only itself and is named in one line.</summary>
public sealed class ImportFaultTests : IAsyncLifetime
{
    private static readonly string[] Fields =
        ["id", "revision", "passage", "port", "lane", "time", "text", "confidence", "characters", "country", "side", "direction", "raw_text", "simulated", "received_at", "more"];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e999", "99999999999999999999", "\"\"", "\"x\"", "\"a\\nb\"", "\"\\ud800\"", "[]", "[null]", "[0]", "{}", "[{}]",
        "[{\"c\":null,\"p\":1}]", "[{\"c\":\"A\",\"p\":1,\"alternatives\":[null]}]", "\"9999-12-31T23:59:59-14:00\"", "\"0001-01-01T00:00:00+14:00\"", "\"front,rear\"",
    ];

    private readonly TempFolder folder = new();
    private ClosedHub hub = null!;

    public ValueTask InitializeAsync()
    {
        HubIdentity.Init(new HubFiles(folder.Path), [], TimeProvider.System).Dispose();
        hub = ClosedHub.Open(new HubFiles(folder.Path));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        folder.Dispose();
    }

    [Theory]
    [InlineData("id", "null", "is no sighting: id cannot")]
    [InlineData("id", "\"17\"", "id is no UUID")]
    [InlineData("text", "null", "is no sighting: text cannot")]
    [InlineData("text", "\"\u0416\u0416\"", "text has no known character")]
    [InlineData("characters", "[null]", "is no sighting: characters holds a null")]
    [InlineData("characters", "[{\"p\":1}]", "is no sighting: characters[0]")]
    [InlineData("lane", "\"CALAIS 1|x\"", "'CALAIS 1|x' is no lane name")]
    [InlineData("lane", "\"a\\nb\"", "'a b' is no lane name")]
    [InlineData("port", "\"dover\"", "there is no port 'dover'")]
    [InlineData("passage", "\"17\"", "passage is no UUID")]
    [InlineData("time", "\"yesterday\"", "is no sighting: time cannot")]
    [InlineData("time", "\"1970-01-02T00:00:00Z\"", "time 1970-01-02 00:00:00Z is before 2020. Give")]
    [InlineData("time", "\"2999-01-02T00:00:00+01:00\"", "time 2999-01-01 23:00:00Z is in the future")]
    [InlineData("side", "\"front,rear\"", "side 'front,rear'")]
    [InlineData("direction", "\"+1\"", "direction '+1'")]
    public async Task Import_FieldThatCannotBeUsed_IsNamedAsInTheFile(string field, string value, string fault)
    {
        var (summary, refusals) = await ImportAsync([Line(), With(field, value), Line()]);

        Assert.Equal(new ImportSummary(2, 0, 1), summary);
        Assert.StartsWith($"2 {fault}", Assert.Single(refusals), StringComparison.Ordinal);
        Assert.Empty(hub.Store.All(Quarantined.Table));
    }

    [Fact]
    public async Task Import_AnyLines_CostsOnlyTheBadOnes()
    {
        var spoilt = Gen.Select(Gen.Int[0, Fields.Length - 1], Gen.Int[0, Values.Length - 1], (field, value) => With(Fields[field], Values[value]));
        var mangled = Gen.Select(Gen.Int[0, 200], Gen.Char[' ', 'ÿ'], (at, c) => Line() is var line ? line[..at] + c + line[(at + 1)..] : "");
        var cut = Gen.Int[1, 200].Select(length => Line()[..length]);
        await Gen.OneOf(spoilt, mangled, cut).Array[1, 40].SampleAsync(
            async lines =>
            {
                var (summary, refusals) = await ImportAsync([Line(), .. lines, Line()]);
                Assert.Equal(lines.Length + 2, summary.Stored + summary.Duplicates + summary.Refused);
                Assert.True(summary.Stored >= 2, "the good lines around them");
                Assert.Equal(summary.Refused, refusals.Count);
                Assert.DoesNotContain(refusals, r => r.Any(char.IsControl) || r.Contains("the hub could not", StringComparison.Ordinal));
            },
            iter: 60, threads: 1);
    }

    private async Task<(ImportSummary Summary, List<string> Refusals)> ImportAsync(IEnumerable<string> lines)
    {
        var refusals = new List<string>();
        var summary = await hub.Transfer.ImportAsync(
            "test",
            "x.jsonl",
            new StringReader(string.Join('\n', lines)),
            (number, fault) =>
            {
                refusals.Add($"{number} {fault}");
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken);
        return (summary, refusals);
    }

    private static string Line() => JsonSerializer.Serialize(new
    {
        id = Guid.CreateVersion7(),
        port = "calais",
        lane = "calais-1",
        time = "2026-11-20T08:00:00Z",
        text = "AB123CD",
        confidence = 0.93,
        country = "FR",
        side = "front",
        direction = "towards",
        characters = "AB123CD".Select(c => new { c = c.ToString(), p = 0.98, alternatives = new[] { new { c = "8", p = 0.01 } } }),
    });

    // Written by hand: not every value here is one that a JSON writer would let out.
    private static string With(string field, string value)
    {
        var line = JsonNode.Parse(Line())!.AsObject();
        line.Remove(field);
        return $"{{\"{field}\":{value},{line.ToJsonString()[1..]}";
    }
}
