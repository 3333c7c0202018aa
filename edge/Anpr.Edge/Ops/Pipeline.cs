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
///                             └───────── evidence ────────────────┘
/// </code>
/// A full frame channel drops its oldest frame and counts it. A change is never dropped: a full change channel makes the
/// looking wait, and with that frames.
/// </summary>
internal sealed class Pipeline(LaneOptions options, Vision vision, Sensors sensors, LaneAlerts alerts, PassageOutbox outbox, LaneStatus status, TimeProvider time, ILogger log)
{
    private const int FramesPerCamera = 4;
    private const int Changes = 256;

    /// <summary>Runs until <paramref name="stop"/>; then closes what is open and hands it to the outbox.</summary>
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

        var looking = Task.Run(() => new VisionLoop(vision, sensors.Loops, status, time, log).RunAsync(frames.Reader, changes.Writer), CancellationToken.None);
        var recording = Task.Run(() => RecordAsync(changes.Reader), CancellationToken.None);
        var cameras = options.Cameras.Select(c => new CameraFeed(c, options.Vision, status, time, log).RunAsync(frames.Writer, stop));

        await Task.WhenAll(cameras);
        frames.Writer.Complete();
        await looking;
        await recording;
    }

    private async Task RecordAsync(ChannelReader<PassageChange> changes)
    {
        var scored = new PassageScores(new Scorer(options.Score), sensors, options.ClockShift, time);
        await foreach (var change in changes.ReadAllAsync())
        {
            alerts.Consider(change);
            outbox.Append(change with { Passage = scored.Score(change.Passage) });
        }
    }
}
