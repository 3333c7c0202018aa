using Anpr.Edge.Capture;
using Anpr.Edge.LaneAlert;
using Anpr.Edge.Outbox;
using Anpr.Edge.Passage;
using Anpr.Edge.Sense;
using Anpr.Edge.Uplink;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace Anpr.Edge.Ops;

/// <summary><c>anpr lane run</c>: everything of one lane box, from its start to its graceful stop.</summary>
internal sealed partial class LaneRun(string data, LaneOptions options, LaneIdentity identity, VisionModels models, LaneEvents events, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    private readonly SystemdNotifier _systemd = new();

    /// <summary>Runs until <paramref name="stop"/>.</summary>
    /// <exception cref="UserError">It cannot start, or a part of it ended by itself.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        await CheckSourcesAsync();
        var status = new LaneStatus(time, log);
        status.Changed += events.Device;
        using var vision = new Vision(options.Vision.ToOptions(options.Cameras), models, time);
        Warn(vision.Warning);
        vision.WarmUp();
        var sensors = new Sensors(identity.Port, identity.Lane, options.Sense, status, time, log);
        await using var broker = await LaneBroker.StartAsync(options.Mqtt, sensors.Received);
        var watchlist = new WatchlistCopy(Path.Combine(data, "watchlist.json"), identity.Port, identity.WatchlistKey, log);
        var bookings = new BookingsCopy(Path.Combine(data, "bookings.bin"), identity.WatchlistKey, time, log);
        var display = new LaneDisplay(identity.Port, identity.Lane);
        var alerts = new LaneAlerts(watchlist, options.LaneAlert, Tell, display.Show, time);
        watchlist.Changed += alerts.Reconsider;
        await using var outbox = new PassageOutbox(Path.Combine(data, "outbox"), options.Outbox, options.Station, BoxClock.Synchronised, events.Committed, time, log);
        using var hubs = new HubChannels(options.Hub.Hubs(identity.Hubs), identity.Authority, identity.Certificate, new Random(Environment.ProcessId));
        var uplink = new HubUplink(hubs, outbox, watchlist, bookings, new AuditHeads(Path.Combine(data, AuditHeads.FileName), identity.WatchlistKey, time, log), status, options.Hub, time, log);
        var pipeline = new Pipeline(options, vision, sensors, bookings, alerts, outbox, status, time, log);

        await outbox.Opened.WaitAsync(TimeSpan.FromSeconds(10), time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        events.Outbox("ready", outbox.Snapshot(), identity);
        _systemd.Notify(ServiceState.Ready);
        using var background = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken.None);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = pipeline.RunAsync(ending.Token);
        Task[] beside =
        [
            uplink.RunAsync(Environment.ProcessId, background.Token),
            display.RunAsync(broker, background.Token),
            SweepAsync(status, sensors, alerts, outbox, background.Token),
        ];

        var first = await Task.WhenAny([running, outbox.Writing, .. beside]);
        var ended = stop.IsCancellationRequested ? null : first;
        _systemd.Notify(ServiceState.Stopping);
        await ending.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await background.CancelAsync();
        await Task.WhenAll(beside).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((Task)outbox.DisposeAsync().AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        events.Outbox("stopped", outbox.Snapshot(), identity);
        Check(ended ?? (running.IsFaulted ? running : null));
    }

    /// <summary>A lane with a part missing would look ready and record nothing: it ends, and is started again as a whole.</summary>
    private void Check(Task? ended)
    {
        if (ended is not null)
        {
            var error = ended.Exception?.GetBaseException();
            LogEnded(log, error);
            throw new UserError($"a part of the lane ended by itself{(error is null ? "" : $": {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}")}. The lane has stopped; what was recorded is kept. Start it again, and report this with its log.");
        }
    }

    /// <summary>What cannot be a source at all keeps the lane from starting; what only does not answer now does not.</summary>
    private async Task CheckSourcesAsync()
    {
        var faults = new List<string>();
        foreach (var (camera, i) in options.Cameras.Select((c, i) => (c, i)))
        {
            try
            {
                await using var opens = FrameSource.Open(camera.Source, CameraFeed.Options(camera, options.Vision, time));
            }
            catch (SourceException e)
            {
                faults.Add($"{Path.Combine(data, LaneOptions.FileName)}: Cameras[{i}].Source: {e.Message}");
            }
        }

        if (faults.Count > 0)
        {
            throw new UserError(faults);
        }
    }

    private async Task SweepAsync(LaneStatus status, Sensors sensors, LaneAlerts alerts, PassageOutbox outbox, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(SweepEvery, time);
        OutboxSnapshot? told = null;
        do
        {
            try
            {
                sensors.Sweep();
                alerts.Sweep();
                var now = outbox.Snapshot();
                status.Device(LaneStatus.Outbox, now.Condition is OutboxCondition.Ready or OutboxCondition.Opening ? DeviceCondition.Ready : DeviceCondition.Fault, now.Words);
                NoteCertificate(status);
                if (now != told)
                {
                    events.Outbox("outbox", now);
                    told = now;
                }
            }
            catch (Exception e)
            {
                // The top of the loop: the next round may do.
                status.Count("sweeps_failed");
                LogSweep(log, e);
            }
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    private void NoteCertificate(LaneStatus status)
    {
        var left = identity.Certificate.NotAfter.ToUniversalTime() - time.GetUtcNow().UtcDateTime;
        var soon = left < LaneCheck.RenewBefore;
        status.Device("certificate", soon ? DeviceCondition.Fault : DeviceCondition.Ready, soon ? $"It ends on {identity.Certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}. Enrol again: `./anpr lane enrol --force` with a new token." : "");
    }

    private void Tell(LaneAlarm alarm) => events.Write(events.Now(alarm.State == "raised" ? "alert" : "withdrawn") with
    {
        Passage = alarm.Passage,
        Sighting = alarm.Sighting,
        Entry = alarm.Entry.Length > 0 ? alarm.Entry : null,
        State = alarm.Match,
    });

    private void Warn(string warning)
    {
        if (warning.Length > 0)
        {
            Console.Error.WriteLine("anpr lane: " + warning);
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "A part of the lane ended by itself")]
    private static partial void LogEnded(ILogger log, Exception? exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking after devices, alerts and outbox failed")]
    private static partial void LogSweep(ILogger log, Exception exception);
}
