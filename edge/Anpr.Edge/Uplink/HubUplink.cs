using Anpr.Edge.LaneAlert;
using Anpr.Edge.Outbox;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Uplink;

/// <summary>
/// Everything that goes to the hub, over one channel: records, pictures, heartbeat, and the watchlist that comes back.
/// Each is a loop of its own that tries for ever, so that none waits for another.
/// </summary>
internal sealed partial class HubUplink(GrpcChannel channel, PassageOutbox outbox, WatchlistCopy watchlist, AuditHeads heads, LaneStatus status, UplinkOptions options, TimeProvider time, ILogger log)
{
    private const string Beat = "heartbeat";

    /// <summary>Runs until cancelled.</summary>
    /// <param name="seed">Of the jitter.</param>
    /// <param name="cancel">Stops it.</param>
    public Task RunAsync(int seed, CancellationToken cancel)
    {
        var ingest = new Wire.Ingest.IngestClient(channel);
        var lane = new Wire.Lane.LaneClient(channel);
        var overviews = new OverviewUpload(ingest, outbox, time, log);
        var follower = new WatchlistFollower(lane, watchlist, heads, log);
        var heartbeat = new Heartbeat(lane, outbox, watchlist, follower, status, options, time, log);
        return Task.WhenAll(
            KeepAsync("records", seed, (good, stop) => new IngestStream(ingest, outbox, options, time, log).RunAsync(good, stop), cancel),
            KeepAsync("pictures", seed + 1, (good, stop) => overviews.RunAsync(good, stop), cancel),
            KeepAsync(Beat, seed + 2, (good, stop) => heartbeat.RunAsync(good, stop), cancel),
            KeepAsync("watchlist", seed + 3, (good, stop) => follower.RunAsync(good, stop), cancel));
    }

    private async Task KeepAsync(string what, int seed, Func<Action, CancellationToken, Task> run, CancellationToken cancel)
    {
        var backoff = new Backoff(new Random(seed));
        // The heartbeat speaks for the hub; another loop is named only once it failed while the hub can be reached.
        var device = what == Beat ? LaneStatus.Hub : $"{LaneStatus.Hub} {what}";
        var told = what == Beat;
        void Good()
        {
            backoff.Reset();
            if (told)
            {
                status.Device(device, DeviceCondition.Ready, "");
            }
        }

        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await run(Good, cancel);
            }
            catch (Exception) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The top of the loop: it tries for ever, whatever it was.
                LogFailed(log, e, what);
                if (what == Beat || !HubFault.IsAway(e))
                {
                    told = true;
                    status.Device(device, what == Beat ? DeviceCondition.Lost : DeviceCondition.Fault, HubFault.Words(e));
                }
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

    [LoggerMessage(Level = LogLevel.Debug, Message = "Uplink of {What} failed")]
    private static partial void LogFailed(ILogger log, Exception exception, string what);
}
