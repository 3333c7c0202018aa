using System.Text.Json;
using Anpr.Edge.Ops;
using Anpr.Edge.Outbox;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Edge.Tests.Ops;

public sealed class LaneEventsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Committed_ClosedPassage_IsOneLineThatBeginsWithItsEvent()
    {
        using var output = new StringWriter();
        var passage = Guid.CreateVersion7(Noon);
        new LaneEvents(output, json: true, new FakeTimeProvider(Noon)).Committed(
        [
            new Committed(passage, null, 1, Closed: false, Recovered: false, Noon),
            new Committed(passage, null, 2, Closed: true, Recovered: true, Noon),
        ]);
        var line = Assert.Single(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("{\"event\":\"passage\"", line, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(line);
        Assert.Equal(
            (passage, 2, "closed", true),
            (json.RootElement.GetProperty("passage").GetGuid(), json.RootElement.GetProperty("revision").GetInt32(), json.RootElement.GetProperty("state").GetString(), json.RootElement.GetProperty("recovered").GetBoolean()));
    }
}
