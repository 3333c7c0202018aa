using Anpr.Edge.LaneAlert;
using Anpr.Edge.Outbox;
using Anpr.Edge.Sense;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Uplink;

/// <summary>
/// Everything that goes to the hub: records, pictures, heartbeat, and the watchlist and bookings that come back. Each is a loop of its own that tries for
/// ever, so that none waits for another; one whose hub does not answer goes on to the next, for all of them write to one store.
/// </summary>
internal sealed partial class HubUplink(HubChannels hubs, PassageOutbox outbox, WatchlistCopy watchlist, BookingsCopy bookings, AuditHeads heads, LaneStatus status, UplinkOptions options, TimeProvider time, ILogger log)
{
    private const string Beat = "heartbeat";

    /// <summary>Runs until cancelled.</summary>
    /// <param name="seed">Of the jitter.</param>
    /// <param name="cancel">Stops it.</param>
    public Task RunAsync(int seed, CancellationToken cancel)
    {
        var watchlists = new WatchlistFollower(watchlist, heads, log);
        return Task.WhenAll(
            KeepAsync("records", seed, (hub, good, stop) => new IngestStream(new Wire.Ingest.IngestClient(hub), outbox, options, time, log).RunAsync(good, stop), cancel),
            KeepAsync("pictures", seed + 1, (hub, good, stop) => new OverviewUpload(new Wire.Ingest.IngestClient(hub), outbox, time, log).RunAsync(good, stop), cancel),
            KeepAsync(Beat, seed + 2, (hub, good, stop) => new Heartbeat(new Wire.Lane.LaneClient(hub), outbox, watchlist, watchlists, status, options, time, log).RunAsync(good, stop), cancel),
            KeepAsync("watchlist", seed + 3, (hub, good, stop) => watchlists.RunAsync(new Wire.Lane.LaneClient(hub), good, stop), cancel),
            KeepAsync("bookings", seed + 4, (hub, good, stop) => new BookingsFollower(new Wire.Lane.LaneClient(hub), bookings, log).RunAsync(good, stop), cancel));
    }

    private async Task KeepAsync(string what, int seed, Func<GrpcChannel, Action, CancellationToken, Task> run, CancellationToken cancel)
    {
        var backoff = new Backoff(new Random(seed));
        // The heartbeat speaks for the hub; another loop is named only once it failed while the hub can be reached.
        var device = what == Beat ? LaneStatus.Hub : $"{LaneStatus.Hub} {what}";
        var told = what == Beat;
        var (at, inVain) = (0, 0);
        void Good()
        {
            backoff.Reset();
            inVain = 0;
            if (told)
            {
                status.Device(device, DeviceCondition.Ready, "");
            }
        }

        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await run(hubs.After(at), Good, cancel);
            }
            catch (Exception) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The top of the loop: it tries for ever, whatever it was.
                LogFailed(log, e, what);
                at++;
                if (++inVain % hubs.Count != 0)
                {
                    continue; // another hub may answer
                }

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
