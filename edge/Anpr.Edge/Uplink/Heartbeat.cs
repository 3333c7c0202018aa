using Anpr.Edge.LaneAlert;
using Anpr.Edge.Outbox;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Uplink;

/// <summary>Tells the hub every few seconds how the box is, and learns the hub's clock from the answer.</summary>
internal sealed partial class Heartbeat(
    Wire.Lane.LaneClient client,
    PassageOutbox outbox,
    WatchlistCopy watchlist,
    WatchlistFollower follower,
    LaneStatus status,
    UplinkOptions options,
    TimeProvider time,
    ILogger log)
{
    /// <summary>Beyond this the box's clock is called wrong: two lanes' sightings would be linked in the wrong order.</summary>
    internal static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);

    private bool _clockWasWrong;

    /// <summary>Runs until cancelled or until a call fails.</summary>
    /// <param name="answered">Called at each answer.</param>
    /// <param name="cancel">Stops it.</param>
    public async Task RunAsync(Action answered, CancellationToken cancel)
    {
        var interval = TimeSpan.FromSeconds(options.HeartbeatSeconds);
        using var timer = new PeriodicTimer(interval, time);
        do
        {
            await BeatAsync(interval, cancel);
            answered();
        }
        while (await timer.WaitForNextTickAsync(cancel));
    }

    private async Task BeatAsync(TimeSpan patience, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(patience * 2, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        var (sent, began) = (time.GetUtcNow(), time.GetTimestamp());
        var answer = await client.HeartbeatAsync(Request(sent), cancellationToken: either.Token);
        var way = time.GetElapsedTime(began) / 2;
        follower.Compare(answer.WatchlistRevision);
        if (answer.HubTime is { } hub)
        {
            outbox.HubClock.Heard(hub.ToDateTimeOffset() + way);
            NoteClock(hub.ToDateTimeOffset() - (sent + way), way);
        }
    }

    private Wire.HeartbeatRequest Request(DateTimeOffset now)
    {
        var queue = outbox.Snapshot();
        var request = new Wire.HeartbeatRequest
        {
            BoxTime = Timestamp.FromDateTimeOffset(now),
            SoftwareVersion = LaneStatus.Version,
            OutboxWaiting = (ulong)(queue.Waiting + queue.Unwritten),
            OutboxBytes = (ulong)queue.Bytes,
            WatchlistRevision = watchlist.Revision,
        };
        request.Counters.AddRange(status.Counters().Select(c => new Wire.Counter { Name = c.Name, Value = (ulong)c.Value }));
        request.Devices.AddRange(status.Devices().Select(d => new Wire.DeviceState
        {
            Device = d.Device,
            State = d.State,
            Words = d.Words,
            Since = Timestamp.FromDateTimeOffset(d.Since),
        }));
        return request;
    }

    /// <summary>The hub's clock is known to half the time that the call took: a slow first call proves nothing.</summary>
    private void NoteClock(TimeSpan hubMinusBox, TimeSpan uncertainty)
    {
        var wrong = hubMinusBox.Duration() > ClockTolerance + uncertainty;
        if (wrong != _clockWasWrong)
        {
            _clockWasWrong = wrong;
            var words = wrong ? $"The box's clock differs from the hub's by {-hubMinusBox.TotalSeconds:F1} s. Set NTP or PTP on the box." : "";
            status.Device("clock", wrong ? DeviceCondition.Fault : DeviceCondition.Ready, words);
            LogClock(log, -hubMinusBox.TotalSeconds);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The box's clock minus the hub's: {Seconds:F1} s")]
    private static partial void LogClock(ILogger log, double seconds);
}
