using System.Threading.Channels;
using Anpr.Edge.Capture;
using Anpr.Edge.Ops;
using Anpr.Edge.Tests.Capture;
using Anpr.Edge.Tests.Hub;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Ops;

public sealed class CameraFeedTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-feed-");
    private readonly FakeTimeProvider _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A real RTSP server whose clock is 90 s ahead.</summary>
    [Fact]
    public async Task Run_ACameraWithAWrongClock_IsToldAndKeptWithEachFrame()
    {
        var file = TestVideo.Make(PathOf("c.mp4"), "320x240", 60);
        using var server = TestVideo.Start("env", "FAKETIME_DONT_FAKE_MONOTONIC=1", "faketime", "-f", "+90s", "/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Fixtures", "rtsp_server.py"), file);
        try
        {
            var address = await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            var qualities = new System.Collections.Concurrent.ConcurrentQueue<TimeQuality>();
            var feed = Feed(address!, TimeProvider.System, f => qualities.Enqueue(f.TimeQuality));
            await Eventually.HoldsAsync(() => feed.State()?.State == "fault", "the clock to be told");
            Assert.Matches("^its clock is (89|90) s ahead of the box's: give it a time server", feed.State()!.Words);
            await feed.EndAsync();
            Assert.All(qualities, q => Assert.Equal(TimeSource.BoxClock, q.Source));
            Assert.Null(qualities.First().StreamMinusBox);
            Assert.InRange(qualities.Last().StreamMinusBox!.Value.TotalSeconds, 88.5, 90.5);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Run_AFolderWithABadPicture_IsPlayedOnceAndStaysInFault()
    {
        using var picture = new Mat(30, 40, MatType.CV_8UC3, Scalar.Red);
        Cv2.ImWrite(PathOf("1.png"), picture);
        Cv2.ImWrite(PathOf("2.png"), picture);
        File.WriteAllText(PathOf("3.png"), "no picture");
        var (frames, state) = await PlayAsync(_folder.FullName);
        Assert.Equal(2, frames);
        Assert.Equal("fault", state.State);
        Assert.StartsWith(PathOf("3.png"), state.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ATruncatedRecording_IsPlayedOnceAndStaysInFault()
    {
        var whole = File.ReadAllBytes(TestVideo.Make(PathOf("w.avi"), "320x240", 4, 10, "-c:v", "mjpeg"));
        File.WriteAllBytes(PathOf("cut.avi"), whole[..(whole.Length / 2)]);
        var (frames, state) = await PlayAsync(PathOf("cut.avi"));
        Assert.InRange(frames, 10, 20);
        Assert.Equal("fault", state.State);
        Assert.Contains("truncated", state.Words, StringComparison.Ordinal);
    }

    /// <summary>What a camera sends while nobody takes its frames is counted.</summary>
    [Fact]
    public async Task Run_FramesThatNobodyTakesInTime_AreCountedAsDropped()
    {
        var file = TestVideo.Make(PathOf("d.ts"), "320x240", 4);
        var address = $"udp://127.0.0.1:{TestVideo.FreeUdpPort()}";
        var status = new LaneStatus(TimeProvider.System, NullLogger.Instance);
        using var writer = new StuckWriter();
        using var stop = new CancellationTokenSource();
        var feed = new CameraFeed(new() { Name = "front", Source = address }, new VisionSection(), new KeyPictures(), status, TimeProvider.System, NullLogger.Instance);
        var running = Task.Run(() => feed.RunAsync(writer, stop.Token), CancellationToken.None);
        while (!writer.Stuck)
        {
            // Until the feed listens: what is sent before is nobody's.
            using var sender = TestVideo.Start("ffmpeg", "-v", "error", "-re", "-i", file, "-c", "copy", "-f", "mpegts", address + "?pkt_size=1316");
            await sender.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        writer.Free();

        await Eventually.HoldsAsync(() => status.Counters().Any(c => c is { Name: "frames_dropped", Value: > 0 }), "dropped frames to be counted");
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Run_AFileThatComesLater_IsPlayed()
    {
        var feed = Feed(PathOf("late.png"));
        await Eventually.HoldsAsync(() => feed.State()?.State == "fault", "the missing file to be told");
        using var picture = new Mat(30, 40, MatType.CV_8UC3, Scalar.Red);
        Cv2.ImWrite(PathOf("late.png"), picture);
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return feed.State()?.Words == "The recording has ended.";
            },
            "the file to be played");
        Assert.Equal(1, await feed.EndAsync());
    }

    [Fact]
    public async Task Run_APictureThatFreezesAndGoesOn_IsToldAndOverAgain()
    {
        // 25 s of a still scene with noise, its last picture for 15 s more, and 5 s of the scene again.
        TestVideo.Run(
            "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=4:duration=0.25",
            "-vf", "loop=loop=119:size=1:start=0,setpts=N/4/TB,noise=alls=14:allf=t,loop=loop=60:size=1:start=100,setpts=N/4/TB", "-c:v", "mjpeg", "-q:v", "2", PathOf("frozen.avi"));
        var feed = Feed(PathOf("frozen.avi"));
        Task Shows(string state) => Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(0.1));
                return feed.State()?.State == state;
            },
            state);

        await Shows("frozen");

        Assert.Equal("the picture has not changed for 6 s: restart the camera or check its stream", feed.State()!.Words);
        await Shows("ready");
        await Shows("lost");
        Assert.Equal("The recording has ended.", feed.State()!.Words);
        await feed.EndAsync();
    }

    /// <summary>Plays to the fault and for a minute more.</summary>
    private async Task<(int Frames, DeviceStatus State)> PlayAsync(string source)
    {
        var feed = Feed(source);
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(0.1));
                return feed.State()?.State == "fault";
            },
            "the end");
        // Its thread may still be on its way from telling the fault to waiting for the clock.
        var seconds = 0;
        await Eventually.HoldsAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                return ++seconds == 60;
            },
            "a minute to go by");
        var state = feed.State()!;
        return (await feed.EndAsync(), state);
    }

    private (Func<DeviceStatus?> State, Func<Task<int>> EndAsync) Feed(string source, TimeProvider? clock = null, Action<Frame>? see = null)
    {
        var time = clock ?? _time;
        var status = new LaneStatus(time, NullLogger.Instance);
        var frames = Channel.CreateUnbounded<Frame>();
        var stop = new CancellationTokenSource();
        var camera = new CameraOptions { Name = "front", Source = source };
        var running = Task.Run(() => new CameraFeed(camera, new VisionSection(), new KeyPictures(), status, time, NullLogger.Instance).RunAsync(frames.Writer, stop.Token), CancellationToken.None);
        return (() => status.Devices().SingleOrDefault(), EndAsync);

        async Task<int> EndAsync()
        {
            await stop.CancelAsync();
            await running;
            stop.Dispose();
            var count = 0;
            while (frames.Reader.TryRead(out var frame))
            {
                see?.Invoke(frame);
                frame.Dispose();
                count++;
            }

            return count;
        }
    }

    /// <summary>Takes its first frame and holds who brought it until it is freed.</summary>
    private sealed class StuckWriter : ChannelWriter<Frame>, IDisposable
    {
        private readonly ManualResetEventSlim _free = new();

        public bool Stuck { get; private set; }

        public void Free() => _free.Set();

        public override bool TryWrite(Frame item)
        {
            item.Dispose();
            Stuck = true;
            _free.Wait();
            return true;
        }

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(true);

        public void Dispose() => _free.Dispose();
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
