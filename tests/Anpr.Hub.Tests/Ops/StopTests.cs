using Anpr.Proto.V1;
using Grpc.Core;

namespace Anpr.Hub.Tests.Ops;

public sealed class StopTests
{
    [Fact]
    public async Task Stop_WithOpenStreams_EndsThemItselfAndSaysSo()
    {
        var stop = TestContext.Current.CancellationToken;
        await using var hub = await RunningHub.StartAsync();
        var channel = hub.Channel(await hub.EnrolAsync("calais", "calais-1"));
        using var ingest = new Proto.V1.Ingest.IngestClient(channel).Stream(cancellationToken: stop);
        await ingest.RequestStream.WriteAsync(new IngestMessage { Sequence = 1 }, stop);
        Assert.True(await ingest.ResponseStream.MoveNext(stop));
        using var list = new Lane.LaneClient(channel).FollowWatchlist(new FollowWatchlistRequest(), cancellationToken: stop);
        await list.ResponseHeadersAsync.WaitAsync(stop);

        var stopping = hub.App.StopAsync(stop);
        var ended = await Assert.ThrowsAsync<RpcException>(() => ingest.ResponseStream.MoveNext(stop));
        var last = await list.ResponseStream.MoveNext(stop);
        await stopping;

        // The client forgets the hub's words when it sees the connection's end before it comes to read them.
        Assert.True(
            (ended.StatusCode, ended.Status.Detail) == (StatusCode.Unavailable, "the hub is stopping") || ended.Status.DebugException is HttpProtocolException { ErrorCode: 0 },
            ended.ToString());
        Assert.False(last);
    }
}
