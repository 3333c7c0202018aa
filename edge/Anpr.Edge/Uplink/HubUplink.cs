using Anpr.Edge.LaneAlert;
using Anpr.Edge.Outbox;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Uplink;

/// <summary>
/// Everything that goes to the hub, over one channel: records, pictures, heartbeat, and the watchlist that comes back.
/// Each is a loop of its own that tries for ever, so that none waits for another.
/// </summary>
internal sealed partial class HubUplink(GrpcChannel channel, PassageOutbox outbox, WatchlistCopy watchlist, LaneStatus status, UplinkOptions options, TimeProvider time, ILogger log)
{
    /// <summary>Runs until cancelled.</summary>
    /// <param name="seed">Of the jitter.</param>
    /// <param name="cancel">Stops it.</param>
    public Task RunAsync(int seed, CancellationToken cancel)
    {
        var ingest = new Wire.Ingest.IngestClient(channel);
        var lane = new Wire.Lane.LaneClient(channel);
        var overviews = new OverviewUpload(ingest, outbox, time, log);
        var heartbeat = new Heartbeat(lane, outbox, watchlist, status, options, time, log);
        var follower = new WatchlistFollower(lane, watchlist, log);
        return Task.WhenAll(
            KeepAsync("records", seed, (good, stop) => new IngestStream(ingest, outbox, options, time, log).RunAsync(good, stop), cancel),
            KeepAsync("pictures", seed + 1, (_, stop) => overviews.RunAsync(stop), cancel),
            KeepAsync("heartbeat", seed + 2, (good, stop) => heartbeat.RunAsync(() => Reached(good), stop), cancel),
            KeepAsync("watchlist", seed + 3, (_, stop) => follower.RunAsync(stop), cancel));
    }

    private void Reached(Action good)
    {
        good();
        status.Device(LaneStatus.Hub, DeviceCondition.Ready, "");
    }

    private async Task KeepAsync(string what, int seed, Func<Action, CancellationToken, Task> run, CancellationToken cancel)
    {
        var backoff = new Backoff(new Random(seed));
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await run(backoff.Reset, cancel);
            }
            catch (Exception) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException or IOException or HttpRequestException or ObjectDisposedException or InvalidOperationException)
            {
                Failed(what, e);
            }

            await WaitAsync(backoff.Next(), cancel);
        }
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(wait, time, cancel);
        }
        catch (OperationCanceledException)
        {
            // The loop ends.
        }
    }

    private void Failed(string what, Exception e)
    {
        var words = HubFault.Words(e);
        LogFailed(log, what, words);
        if (what == "heartbeat")
        {
            status.Device(LaneStatus.Hub, DeviceCondition.Lost, words);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Uplink of {What}: {Words}")]
    private static partial void LogFailed(ILogger log, string what, string words);
}
