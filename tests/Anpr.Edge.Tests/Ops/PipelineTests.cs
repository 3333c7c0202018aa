using System.Diagnostics;
using Anpr.Edge.LaneAlert;
using Anpr.Edge.Ops;
using Anpr.Edge.Outbox;
using Anpr.Edge.Passage;
using Anpr.Edge.Sense;
using Anpr.Edge.Tests.Capture;
using Anpr.Edge.Tests.Hub;
using Anpr.Edge.Tests.Outbox;
using Microsoft.Extensions.Logging.Abstractions;
using OpenCvSharp;
using static Anpr.Edge.Tests.Outbox.PassageOutboxTests;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Tests.Ops;

/// <summary>The lane joined, with the shipped models: a folder of drawn pictures as its camera, down to the outbox.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private const int Empty = 20;
    private const int There = 15;
    private const int After = 20;
    private static readonly TimeSpan FrameTime = TimeSpan.FromSeconds(0.2);
    private readonly OutboxFolder _folder = new();
    private readonly TestAuthority _authority = new();
    private readonly string _pictures = Directory.CreateTempSubdirectory("anpr-pictures-").FullName;
    private PassageOutbox _outbox = null!;
    private LaneStatus _status = null!;

    public async ValueTask InitializeAsync() => _outbox = await _folder.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _outbox.DisposeAsync();
        _folder.Dispose();
        _authority.Dispose();
        Directory.Delete(_pictures, recursive: true);
    }

    [Fact]
    public async Task Run_AVehicleWithoutAPlate_IsOneClosedAndScoredPassage()
    {
        Draw();
        var closed = await RunAsync(frames => frames >= Empty + There + After - 1);
        var passage = Assert.Single(closed);
        Assert.Equal((Wire.Stage.Closed, "control", 0), (passage.Stage, passage.Station, passage.SightingIds.Count));
        Assert.NotEmpty(passage.PictureJpeg);
        Assert.Equal(["prior", "co2", "heartbeat"], passage.Evidence.Select(e => e.Kind));
        Assert.Equal(0.001, passage.Score, 1e-9);
        Assert.All(passage.Evidence.Skip(1), e => Assert.Equal("no such sensor on this lane", e.Veto));
        Assert.True(passage.TimeQuality.Simulated);
        Assert.Equal(TimeSpan.FromMinutes(-10), passage.TimeQuality.SimulatedShift.ToTimeSpan());
    }

    [Fact]
    public async Task Run_StoppedWhileAVehicleIsThere_ClosesItsPassage()
    {
        Draw();
        Assert.Single(await RunAsync(frames => frames >= Empty + 10));
    }

    [Fact]
    public async Task Run_WhenAlertingFails_StillRecordsThePassage()
    {
        Draw();
        Assert.Single(await RunAsync(frames => frames >= Empty + There + After - 1, changed: _ => throw new InvalidOperationException("no alert")));
        Assert.Contains(_status.Counters(), c => c is { Name: "alerts_failed", Value: >= 1 });
    }

    /// <summary>A live camera that shows the same for long, decoded by a real ffmpeg: it is asked for key pictures alone.</summary>
    [Fact]
    public async Task Run_AnEmptyStillLane_DecodesKeyPicturesAlone()
    {
        var address = $"udp://127.0.0.1:{TestVideo.FreeUdpPort()}";
        using var sender = TestVideo.Start("ffmpeg", "-v", "error", "-re", "-f", "lavfi", "-i", "color=gray:size=320x240:rate=10", "-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-f", "mpegts", address + "?pkt_size=1316");
        try
        {
            var lane = new LaneOptions { Cameras = [new() { Name = "front", Source = address }], Vision = new() { IdleAfter = TimeSpan.FromSeconds(10) } };
            string Decoder() => Process.GetProcessesByName("ffmpeg").Select(TestVideo.CommandLineOf).SingleOrDefault(words => words.Contains($"-i\0{address}", StringComparison.Ordinal)) ?? "";
            var whole = "";

            Assert.Empty(await RunAsync(
                frames =>
                {
                    whole = whole.Length > 0 ? whole : Decoder();
                    return _status.Counters().Any(c => c.Name == "idle_spells") && Decoder().Contains("-skip_frame\0nokey", StringComparison.Ordinal);
                },
                lane: lane));

            Assert.DoesNotContain("-skip_frame", whole, StringComparison.Ordinal);
        }
        finally
        {
            sender.Kill();
        }
    }

    /// <summary>A camera's state that cannot be told ends its loop.</summary>
    [Fact]
    public async Task Run_WhenAPartEndsByItself_EndsAndSaysWhy()
    {
        Draw();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(_ => false, told: _ => throw new InvalidOperationException("nobody listens")));
        Assert.Equal("nobody listens", failure.Message);
    }

    private async Task<IReadOnlyList<Wire.Passage>> RunAsync(Func<long, bool> enough, Action<LaneAlarm>? changed = null, Action<DeviceStatus>? told = null, LaneOptions? lane = null)
    {
        var time = _folder.Time;
        var camera = new CameraOptions { Name = "front", Source = _pictures, Simulated = true, ClockShift = TimeSpan.FromMinutes(-10) };
        var options = lane ?? new LaneOptions { Cameras = [camera] };
        var status = _status = new LaneStatus(time, NullLogger.Instance);
        status.Changed += told;
        var sensors = new Sensors("calais", "calais-1", options.Sense, status, time, NullLogger.Instance);
        var watchlist = new WatchlistCopy(Path.Combine(_folder.Path, "watchlist.json"), "calais", _authority.WatchlistKey, NullLogger.Instance);
        var alerts = new LaneAlerts(watchlist, options.LaneAlert, changed ?? (_ => { }), _ => { }, time);
        using var models = VisionModels.Load();
        using var vision = new Vision(options.Vision.ToOptions(options.Cameras), models, time);
        using var stop = new CancellationTokenSource();
        var running = new Pipeline(options, vision, sensors, new BookingsCopy(Path.Combine(_folder.Path, "bookings.bin"), _authority.WatchlistKey, time, NullLogger.Instance), alerts, _outbox, status, time, NullLogger.Instance).RunAsync(stop.Token);

        var (seen, waited) = (0L, 0);
        await Eventually.HoldsAsync(
            () =>
            {
                // The next picture only once the last was looked at, or nothing was to be looked at.
                var frames = status.Counters().FirstOrDefault(c => c.Name == "frames").Value;
                if (frames > seen || ++waited > 100)
                {
                    (seen, waited) = (frames, 0);
                    time.Advance(FrameTime);
                }

                return enough(frames) || running.IsCompleted;
            },
            "the pictures to be looked at",
            TimeSpan.FromMinutes(2));
        await stop.CancelAsync();
        await running;
        await Eventually.HoldsAsync(() => _outbox.Snapshot().Unwritten == 0, "the outbox to be written");
        return [.. _outbox.After(0, 100).Select(Parse).Select(m => m.Passage).Where(p => p is { Stage: Wire.Stage.Closed })];
    }

    /// <summary>An empty road, something as large as a lorry, an empty road.</summary>
    private void Draw()
    {
        for (var i = 0; i < Empty + There + After; i++)
        {
            using var picture = new Mat(180, 320, MatType.CV_8UC3, new Scalar(90, 95, 100));
            Cv2.Line(picture, new Point(40, 179), new Point(140, 0), Scalar.All(220), 2);
            if (i is >= Empty and < Empty + There)
            {
                Cv2.Rectangle(picture, new Rect(90, 20, 150, 150), new Scalar(160, 60, 30), -1);
                Cv2.Rectangle(picture, new Rect(110, 40, 110, 50), new Scalar(40, 35, 30), -1);
            }

            Cv2.ImWrite(Path.Combine(_pictures, $"{i:000}.png"), picture);
        }
    }
}
