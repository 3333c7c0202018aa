using System.Diagnostics;
using Anpr.Edge.Capture;
using CsCheck;
using OpenCvSharp;
using FrameSource = Anpr.Edge.Capture.FrameSource;
using Size = OpenCvSharp.Size;

namespace Anpr.Edge.Tests.Capture;

/// <summary>Real streams by real programs on this machine: ffmpeg sends UDP MPEG-TS, GStreamer serves RTSP.</summary>
public sealed class LiveSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-live-");

    [Fact]
    public async Task ReadAsync_Rtsp_FramesInOrderThenEnds()
    {
        var file = TestVideo.Make(PathOf("r.mp4"), "320x240", 3);
        using var server = TestVideo.Start("/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Fixtures", "rtsp_server.py"), file);
        try
        {
            var address = await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            CaptureState? last = null;
            var frames = await ReadAsync(address!, new() { OnState = state => last = state }, int.MaxValue);

            Assert.Equal(CaptureStatus.Ended, last!.Status);
            Assert.StartsWith($"{address}: the stream ended.", last.Reason, StringComparison.Ordinal);
            // On a busy machine some are dropped, which their numbers tell.
            Assert.InRange(frames[^1].Index, 14, 29);
            Assert.Equal(frames.OrderBy(f => f.Time), frames);
            Assert.All(frames, f => Assert.Equal(new Size(320, 240), f.Size));
            Assert.Equal(frames.Select(f => f.Index).Distinct().Order(), frames.Select(f => f.Index));
        }
        finally
        {
            server.Kill();
        }
    }

    [Fact]
    public async Task ReadAsync_UdpWithChangeOfSize_BothSizes()
    {
        TestVideo.Make(PathOf("1.ts"), "320x240");
        TestVideo.Make(PathOf("2.ts"), "480x272");
        File.WriteAllBytes(PathOf("both.ts"), [.. File.ReadAllBytes(PathOf("1.ts")), .. File.ReadAllBytes(PathOf("2.ts"))]);
        var port = TestVideo.FreeUdpPort();
        using var sender = TestVideo.Start("ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", PathOf("both.ts"), "-c", "copy", "-f", "mpegts", $"udp://127.0.0.1:{port}?pkt_size=1316");
        try
        {
            var seen = new HashSet<Size>();
            await ReadAsync($"udp://127.0.0.1:{port}", new(), 200, f => seen.Add(f.Picture.Bgr.Size()) && seen.Count == 2);

            Assert.Equal([new Size(320, 240), new Size(480, 272)], seen.OrderBy(s => s.Width));
        }
        finally
        {
            sender.Kill();
        }
    }

    [Fact]
    public async Task ReadAsync_SenderGone_LostThenReadyAgain()
    {
        var file = TestVideo.Make(PathOf("s.ts"));
        var port = TestVideo.FreeUdpPort();
        var states = System.Threading.Channels.Channel.CreateUnbounded<CaptureState>();
        var options = new CaptureOptions { Camera = "front", Reconnect = true, LostAfter = TimeSpan.FromSeconds(3), OnState = s => states.Writer.TryWrite(s) };
        await using var source = FrameSource.Open($"udp://127.0.0.1:{port}", options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var reading = Task.Run(() => DrainAsync(source, stop.Token), CancellationToken.None);

        var sender = Send(file, port);
        await UntilAsync(states.Reader, CaptureStatus.Ready);
        sender.Kill();
        var lost = await UntilAsync(states.Reader, CaptureStatus.Lost);
        sender.Dispose();
        sender = Send(file, port);
        await UntilAsync(states.Reader, CaptureStatus.Ready);
        sender.Kill();
        sender.Dispose();
        await stop.CancelAsync();
        await reading;

        Assert.StartsWith($"udp://127.0.0.1:{port}: ", lost.Reason, StringComparison.Ordinal);
        Assert.Contains("Check that", lost.Reason, StringComparison.Ordinal);
    }

    /// <summary>Key pictures lie 2 s apart: they come alone while they do, all come again as soon as they do not, and the camera is never lost.</summary>
    [Fact]
    public async Task ReadAsync_KeyPicturesDo_ThoseAloneThenAllAgain()
    {
        var file = TestVideo.Make(PathOf("k.ts"), "320x240", 8, 10, "-c:v", "libx264", "-preset", "ultrafast", "-g", "20", "-pix_fmt", "yuv420p");
        var port = TestVideo.FreeUdpPort();
        using var sender = Send(file, port);
        var (keys, states) = (new KeyPictures(), new System.Collections.Concurrent.ConcurrentQueue<CaptureStatus>());
        try
        {
            keys.Set(true);
            var (times, all) = (new List<DateTimeOffset>(), new List<DateTimeOffset>());
            var frames = await ReadAsync($"udp://127.0.0.1:{port}", new() { Reconnect = true, Keys = keys, OnState = s => states.Enqueue(s.Status) }, 500, frame =>
            {
                (keys.Alone ? times : all).Add(frame.Time);
                keys.Set(times.Count < 3);
                return all.Count == 12;
            });

            Assert.All(times.Zip(times.Skip(1), (a, b) => b - a), gap => Assert.True(gap > TimeSpan.FromSeconds(1.5), $"{gap}"));
            Assert.True(all[^1] - all[1] < TimeSpan.FromSeconds(1.5), $"{all[^1] - all[1]}");
            Assert.Equal(frames.OrderBy(f => f.Index), frames);
            Assert.DoesNotContain(CaptureStatus.Lost, states);
        }
        finally
        {
            sender.Kill();
        }
    }

    /// <summary>A camera whose key pictures lie further apart than a lost one is silent is taken whole.</summary>
    [Fact]
    public async Task ReadAsync_KeyPicturesTooRare_AllPictures()
    {
        var file = TestVideo.Make(PathOf("rare.mp4"), "320x240", 8, 10, "-c:v", "libx264", "-preset", "ultrafast", "-g", "1000", "-pix_fmt", "yuv420p");
        using var server = TestVideo.Start("/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Fixtures", "rtsp_server.py"), file);
        try
        {
            var address = await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            var (keys, states) = (new KeyPictures(), new System.Collections.Concurrent.ConcurrentQueue<CaptureStatus>());
            keys.Set(true);
            var frames = await ReadAsync(address!, new() { Reconnect = true, Keys = keys, LostAfter = TimeSpan.FromSeconds(4), OnState = s => states.Enqueue(s.Status) }, 20);

            Assert.Equal(20, frames.Count);
            Assert.DoesNotContain(CaptureStatus.Lost, states);
        }
        finally
        {
            server.Kill();
        }
    }

    [Fact]
    public async Task ReadAsync_NobodyServes_OneLineWithTheCure()
    {
        var e = await Assert.ThrowsAsync<SourceException>(() => ReadAsync("rtsp://user:secret@127.0.0.1:1/nothing", new(), 1));

        Assert.StartsWith("rtsp://127.0.0.1:1/nothing: it cannot be opened", e.Message, StringComparison.Ordinal);
        Assert.Contains("Check host, port", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task DisposeAsync_WhileReading_ChildIsGone()
    {
        var file = TestVideo.Make(PathOf("d.ts"));
        var port = TestVideo.FreeUdpPort();
        using var sender = Send(file, port);
        var address = $"udp://127.0.0.1:{port}";
        try
        {
            await ReadAsync(address, new(), 3, _ => true);

            Assert.DoesNotContain(Process.GetProcessesByName("ffmpeg"), p => TestVideo.CommandLineOf(p).Contains($"-i\0{address}", StringComparison.Ordinal));
        }
        finally
        {
            sender.Kill();
        }
    }

    [Fact]
    public void TryParse_LinesOfShowInfo_TimeAndSize()
    {
        Assert.True(ShowInfo.TryParse("[Parsed_showinfo_1 @ 0x5581] n:   3 pts: 136800 pts_time:1.52    pos:   564 fmt:yuv420p sar:1/1 s:960x540 i:P iskey:0 type:P "u8, out var info));
        Assert.Equal(new ShowInfo(TimeSpan.FromSeconds(1.52), 960, 540), info);
        Assert.True(ShowInfo.TryParse("[Parsed_showinfo_1 @ 0x5581] n:   0 pts: NOPTS pts_time:NOPTS   pos: -1 fmt:nv12 sar:0/1 s:64x48 i:P iskey:1 type:I "u8, out info));
        Assert.Null(info.StreamTime);
        Assert.False(ShowInfo.TryParse("[Parsed_showinfo_1 @ 0x5581] config in time_base: 1/90000, frame_rate: 10/1"u8, out _));
        Assert.False(ShowInfo.TryParse("rtsp://camera/x: Connection refused"u8, out _));
    }

    [Fact]
    public void TryParse_AnyDamagedLine_NothingOrSidesOfAPicture() =>
        Gen.Select(Gen.Int[0, 150], Gen.Int[0, 150], Gen.Byte.Array[0, 8]).Sample((from, length, put) =>
        {
            var line = "[Parsed_showinfo_1 @ 0x5581] n:   3 pts: 136800 pts_time:1.52    pos:   564 fmt:yuv420p sar:1/1 s:960x540 i:P iskey:0 type:P "u8.ToArray();
            var start = Math.Min(from, line.Length);
            byte[] damaged = [.. line[..start], .. put, .. line[Math.Min(start + length, line.Length)..]];

            if (ShowInfo.TryParse(damaged, out var info))
            {
                Assert.InRange(info.Width, 1, 99_999);
                Assert.InRange(info.Height, 1, 99_999);
            }
        });

    public void Dispose() => _folder.Delete(recursive: true);

    private static Process Send(string file, int port) =>
        TestVideo.Start("ffmpeg", "-v", "error", "-re", "-stream_loop", "-1", "-i", file, "-c", "copy", "-f", "mpegts", $"udp://127.0.0.1:{port}?pkt_size=1316");

    private static async Task<CaptureState> UntilAsync(System.Threading.Channels.ChannelReader<CaptureState> states, CaptureStatus wanted)
    {
        await foreach (var state in states.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (state.Status == wanted)
            {
                return state;
            }
        }

        throw new InvalidOperationException("the source ended");
    }

    private static async Task DrainAsync(IFrameSource source, CancellationToken cancel)
    {
        try
        {
            await foreach (var frame in source.ReadAsync(cancel))
            {
                frame.Dispose();
            }
        }
        catch (OperationCanceledException)
        {
            // the test is over
        }
    }

    private static async Task<List<(long Index, DateTimeOffset Time, Size Size)>> ReadAsync(string address, CaptureOptions options, int most, Func<Frame, bool>? enough = null)
    {
        var frames = new List<(long, DateTimeOffset, Size)>();
        await using var source = FrameSource.Open(address, options);
        await foreach (var frame in source.ReadAsync(TestContext.Current.CancellationToken))
        {
            using (frame)
            {
                frames.Add((frame.Index, frame.Time, frame.Picture.Bgr.Size()));
                if (frames.Count >= most || enough?.Invoke(frame) == true)
                {
                    break;
                }
            }
        }

        return frames;
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
