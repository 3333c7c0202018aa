using System.Threading.Channels;
using Anpr.Edge.Capture;
using Anpr.Edge.LaneAlert;
using Anpr.Edge.Outbox;
using Anpr.Edge.Passage;
using Anpr.Edge.Score;
using Anpr.Edge.Sense;
using Microsoft.Extensions.Logging;

namespace Anpr.Edge.Ops;

/// <summary>
/// The whole lane, joined:
/// <code>
/// cameras ─► CameraFeed ─►[frames]─► VisionLoop ─►[changes]─┬─► LaneAlerts ─► display
///              Capture               Detect, Read,          └─► Scorer ─► PassageOutbox ─► HubUplink ══► hub
/// sensors ─► LaneBroker ─► Sensors   Track, Passage               ▲
///                             ├───────── evidence ────────────────┘
///                       BookingsCopy (cargo)
/// </code>
/// A full frame channel drops its oldest frame and counts it. A change is never dropped: a full change channel makes the
/// looking wait, and with that frames. One word goes the other way, from the looking to live cameras: that key pictures do (IdleLane).
/// </summary>
internal sealed partial class Pipeline(LaneOptions options, Vision vision, Sensors sensors, BookingsCopy bookings, LaneAlerts alerts, PassageOutbox outbox, LaneStatus status, TimeProvider time, ILogger log)
{
    private const int FramesPerCamera = 4;
    private const int Changes = 256;

    /// <summary>Runs until <paramref name="stop"/>; then closes what is open and hands it to the outbox. Throws what ended a part of it before.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var frames = Channel.CreateBounded<Frame>(
            new BoundedChannelOptions(FramesPerCamera * options.Cameras.Count) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            dropped =>
            {
                status.Count("frames_dropped");
                dropped.Dispose();
            });
        var changes = Channel.CreateBounded<PassageChange>(new BoundedChannelOptions(Changes) { SingleReader = true, SingleWriter = true });

        var keys = new KeyPictures();
        var idle = new IdleLane(options.Vision.IdleAfter, keys, status, time);
        var looking = Task.Run(() => new VisionLoop(vision, sensors.Loops, idle, status, time, log).RunAsync(frames.Reader, changes.Writer), CancellationToken.None);
        var recording = Task.Run(() => RecordAsync(changes.Reader), CancellationToken.None);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] cameras = [.. options.Cameras.Select(c => new CameraFeed(c, options.Vision, keys, status, time, log).RunAsync(frames.Writer, ending.Token))];

        await Task.WhenAny([.. cameras, looking, recording]);
        await ending.CancelAsync();
        var delivered = Task.WhenAll(cameras);
        await delivered.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        frames.Writer.Complete();
        await recording;
        await looking;
        await delivered;
    }

    private async Task RecordAsync(ChannelReader<PassageChange> changes)
    {
        var scored = new PassageScores(new Scorer(options.Score), sensors, bookings, options.ClockShift, time);
        await foreach (var change in changes.ReadAllAsync())
        {
            Guard("alert", () => alerts.Consider(change));
            Guard("record", () => outbox.Append(change with { Passage = scored.Score(change) }));
        }
    }

    /// <summary>The top of the loop: one change that cannot be worked on must not end the lane.</summary>
    private void Guard(string what, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            status.Count(what + "s_failed");
            LogFailed(log, e, what);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The {What} of a change failed")]
    private static partial void LogFailed(ILogger log, Exception exception, string what);
}
