using System.Text.Json;
using Anpr.Hub.Alerts;
using Anpr.Hub.Ops;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;

namespace Anpr.Hub.Tests.Ops;

public sealed class JsonEventsTests
{
    [Fact]
    public async Task Line_OfWhatHappens_HasTheContractsFieldsAndNoPlateText()
    {
        await using var hub = await RunningHub.StartAsync();
        using var feed = hub.Get<HubFeed>().Subscribe();
        var lane = new LaneClient(hub.Channel(await hub.EnrolAsync("calais", "calais-1")), TimeProvider.System) { Shift = TimeSpan.FromMinutes(-10) };
        await hub.Get<WatchlistBook>().AddAsync(new NewEntry("AB12CDE", ListedKind.Exact, 1, "Stop", "OP:1", "supervisor", TimeProvider.System.GetUtcNow().AddDays(1)));
        var sighting = lane.Sighting("AB12CDE", Guid.CreateVersion7().ToString(), [1], []);
        await lane.SendAsync(sighting);
        await lane.SendAsync(lane.Passage(sighting.PassageId, [sighting.Id]));
        await lane.HeartbeatAsync();

        var lines = new List<JsonElement>();
        while (feed.Events.TryRead(out var happened))
        {
            if (JsonEvents.Line(happened) is { } line)
            {
                Assert.DoesNotContain("AB12CDE", line, StringComparison.Ordinal);
                lines.Add(JsonDocument.Parse(line).RootElement);
            }
        }

        Assert.Equal(["sighting", "alert", "passage", "lane"], lines.Select(l => l.GetProperty("event").GetString()));
        var seen = lines[0];
        Assert.Equal((sighting.Id, "calais", "calais-1"), (seen.GetProperty("sighting").GetString(), seen.GetProperty("port").GetString(), seen.GetProperty("lane").GetString()));
        Assert.True(seen.GetProperty("simulated").GetBoolean());
        Assert.True(seen.GetProperty("late").GetBoolean());
        Assert.False(seen.GetProperty("journey").GetBoolean());
        Assert.InRange(seen.GetProperty("latency_ms").GetDouble(), 0, 60_000); // the shift of 10 minutes is out of it
        Assert.Equal(seen.GetProperty("vehicle").GetString(), lines[1].GetProperty("vehicle").GetString());
    }
}
