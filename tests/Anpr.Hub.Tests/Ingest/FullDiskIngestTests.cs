using System.Net;
using Anpr.Hub.Ingest;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Tests.Storage;
using Grpc.Core;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Hub.Tests.Ingest;

public sealed class FullDiskIngestTests
{
    [Fact]
    public async Task Hub_OnAFullDisk_StoresNothingSaysSoOnceAndGoesOnByItself()
    {
        using var disk = new SmallDisk();
        using var certificate = await EnrolledLane.InAsync(disk.Path);
        var (hub, grpc) = await HubProcess.RunHubAsync(disk.Path);
        using var running = hub;
        using var channel = EnrolledLane.Channel(grpc, certificate);
        using var browser = new HttpClient { BaseAddress = hub.Console };
        var lane = new LaneClient(channel, TimeProvider.System);
        var first = lane.Sighting("AB12CDE", NewId(), [1], []);
        var second = lane.Sighting("XY34ZZZ", NewId(), [2], [3]);
        Assert.Equal(Outcome.Stored, (await lane.SendAsync(first)).Outcome);

        disk.Fill(freeBlocks: 3);
        foreach (var call in new Func<Task>[] { () => lane.SendAsync(second), () => lane.HeartbeatAsync(), () => lane.SendAsync(second) })
        {
            var refused = await Assert.ThrowsAsync<RpcException>(call);
            Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
            Assert.Contains("Make room on its disk", refused.Status.Detail, StringComparison.Ordinal);
        }

        Assert.Equal((HttpStatusCode.ServiceUnavailable, true), await HealthAsync(browser, "Make room on its disk"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, false), await HealthAsync(browser, disk.Path)); // whoever asks is told no path
        disk.Clear();
        Assert.Equal((HttpStatusCode.OK, true), await HealthAsync(browser, "ok"));
        Assert.Equal(Outcome.Duplicate, (await lane.SendAsync(first)).Outcome);
        Assert.Equal(Outcome.Stored, (await lane.SendAsync(second)).Outcome);
        await hub.KillAsync();

        await using var store = LiteStore.Open(disk.Path, HubFeatures.Tables);
        Assert.Equal(["AB12CDE", "XY34ZZZ"], store.All(StoredSighting.Table).Select(s => s.Text).Order(StringComparer.Ordinal));
        Assert.Single(hub.Errors, line => line.Contains("does not work", StringComparison.Ordinal));
        Assert.Single(hub.Errors, line => line.Contains("works again", StringComparison.Ordinal));
        Assert.DoesNotContain(hub.Errors, line => line.Contains("Exception", StringComparison.Ordinal));
    }

    private static string NewId() => Guid.CreateVersion7().ToString();

    private static async Task<(HttpStatusCode Code, bool Said)> HealthAsync(HttpClient browser, string words)
    {
        using var answer = await browser.GetAsync(new Uri("/health", UriKind.Relative), TestContext.Current.CancellationToken);
        return (answer.StatusCode, (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Contains(words, StringComparison.Ordinal));
    }
}
