using Anpr.Edge.Capture;
using OpenCvSharp;
using FrameSource = Anpr.Edge.Capture.FrameSource;

namespace Anpr.Edge.Tests.Capture;

public sealed class FileSourceTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-source-");

    [Fact]
    public async Task ReadAsync_Video_AllFramesWithTheirOffsets()
    {
        var (frames, error) = await ReadAsync(TestVideo.Make(PathOf("v.mp4")), new());

        Assert.Null(error);
        Assert.Equal(20, frames.Count);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => i / 10.0), frames.Select(f => Math.Round(f.Offset.TotalSeconds, 3)));
        Assert.All(frames, f => Assert.Equal(TimeSource.FileOffset, f.Quality.Source));
    }

    [Fact]
    public async Task ReadAsync_VideoWithCreationTime_FramesDated()
    {
        var path = TestVideo.Make(PathOf("t.mp4"), codec: ["-c:v", "libx264", "-preset", "ultrafast", "-metadata", "creation_time=2026-03-01T08:00:00Z"]);
        await using var source = FrameSource.Open(path, new());
        var (frames, _) = await ReadAsync(path, new());

        Assert.True(source.TimeKnown);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero), frames[0].Time);
        Assert.Equal(TimeSpan.FromSeconds(1.9), frames[^1].Time - frames[0].Time);
    }

    [Fact]
    public async Task ReadAsync_FewerFramesWanted_EveryOther()
    {
        var (frames, _) = await ReadAsync(TestVideo.Make(PathOf("f.mp4")), new() { FramesPerSecond = 5 });

        Assert.Equal(Enumerable.Range(0, 10).Select(i => 2L * i), frames.Select(f => f.Index));
    }

    [Fact]
    public async Task ReadAsync_TruncatedVideo_WhatCameBeforeThenOneLine()
    {
        var whole = File.ReadAllBytes(TestVideo.Make(PathOf("w.avi"), "320x240", 4, 10, "-c:v", "mjpeg"));
        var cut = PathOf("cut.avi");
        File.WriteAllBytes(cut, whole[..(whole.Length / 2)]);

        var (frames, error) = await ReadAsync(cut, new());

        Assert.InRange(frames.Count, 10, 30);
        Assert.Contains("truncated", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error!);
    }

    /// <summary>Whole recordings whose number of frames is not their length times their rate: of cameras that lengthen their shutter, with sound
    /// that goes on, cut out of longer ones, with a clock that does not start at 0.</summary>
    [Theory]
    [InlineData("dark.mkv", "-vf", "select='lt(t,2)+not(mod(n,10))'", "-fps_mode", "vfr")]
    [InlineData("dark.mp4", "-vf", "select='lt(t,2)+not(mod(n,10))'", "-fps_mode", "vfr")]
    [InlineData("late.mkv", "-vf", "setpts=PTS+100/TB")]
    [InlineData("sound.mkv", "-f", "lavfi", "-i", "sine=duration=20")]
    [InlineData("sound.mp4", "-f", "lavfi", "-i", "sine=duration=20")]
    [InlineData("sound.avi", "-f", "lavfi", "-i", "sine=duration=20")]
    [InlineData("sound.flv", "-f", "lavfi", "-i", "sine=duration=20:sample_rate=44100")]
    [InlineData("plain.flv")]
    [InlineData("plain.mpg")]
    [InlineData("fragments.mp4", "-movflags", "frag_keyframe+empty_moov")]
    public async Task ReadAsync_WholeRecordingOfAnyKind_NoComplaint(string name, params string[] how)
    {
        var path = PathOf(name);
        TestVideo.Run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=25:duration=8", .. how, path]);

        var (frames, error) = await ReadAsync(path, new());

        Assert.Null(error);
        Assert.NotEmpty(frames);
    }

    [Fact]
    public async Task ReadAsync_PartCutOutWithoutCoding_NoComplaint()
    {
        var (whole, part) = (PathOf("whole.mp4"), PathOf("part.mp4"));
        TestVideo.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=25:duration=8", "-c:v", "libx264", "-g", "200", whole);
        TestVideo.Run("ffmpeg", "-v", "error", "-ss", "5", "-i", whole, "-c", "copy", part);

        var (frames, error) = await ReadAsync(part, new());

        Assert.Null(error);
        Assert.InRange(frames.Count, 60, 90);
    }

    [Theory]
    [InlineData("cut.mkv", 0.5)]
    [InlineData("cut.mkv", 0.9)]
    [InlineData("sound.mkv", 0.5, "-f", "lavfi", "-i", "sine=duration=8")]
    [InlineData("cut.mp4", 0.5, "-movflags", "faststart")]
    [InlineData("fragments.mp4", 0.5, "-movflags", "frag_keyframe+empty_moov")]
    [InlineData("cut.flv", 0.5)]
    [InlineData("cut.avi", 0.5, "-c:v", "mjpeg")]
    [InlineData("cut.avi", 0.85, "-c:v", "mjpeg")]
    public async Task ReadAsync_TruncatedRecordingOfAnyKind_OneLine(string name, double part, params string[] how)
    {
        var path = PathOf("whole-" + name);
        TestVideo.Run("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=25:duration=8", .. how, path]);
        var whole = File.ReadAllBytes(path);
        File.WriteAllBytes(PathOf(name), whole[..(int)(whole.Length * part)]);

        var (frames, error) = await ReadAsync(PathOf(name), new());

        Assert.NotEmpty(frames);
        Assert.Contains("truncated", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error!);
    }

    /// <summary>A transport stream says neither how many frames it has nor how long it is: its last packets tell.</summary>
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.71)]
    public async Task ReadAsync_TruncatedTransportStream_WhatCameBeforeThenOneLine(double part)
    {
        var whole = File.ReadAllBytes(TestVideo.Make(PathOf("w.ts"), "320x240", 4));
        var cut = PathOf("cut.ts");
        File.WriteAllBytes(cut, whole[..((int)(whole.Length * part) | 1)]);

        var (frames, error) = await ReadAsync(cut, new());

        Assert.InRange(frames.Count, 5, 39);
        Assert.Contains("truncated", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error!);
    }

    /// <summary>The second has 10 frames a second and says 25, as from a camera that lengthens its shutter in the dark.</summary>
    [Theory]
    [InlineData("-c:v", "libx264", "-preset", "ultrafast")]
    [InlineData("-c:v", "mpeg2video", "-r", "25", "-fps_mode", "vfr")]
    public async Task ReadAsync_WholeTransportStream_NoComplaint(params string[] codec)
    {
        var (frames, error) = await ReadAsync(TestVideo.Make(PathOf("w.ts"), "320x240", 4, 10, codec), new());

        Assert.Equal(40, frames.Count);
        Assert.Null(error);
    }

    /// <summary>As a camera's recording is that was set to another resolution while it ran.</summary>
    [Fact]
    public async Task ReadAsync_VideoThatChangesItsSize_AllFramesOfBothSizes()
    {
        byte[] both = [.. File.ReadAllBytes(TestVideo.Make(PathOf("1.ts"), "320x240")), .. File.ReadAllBytes(TestVideo.Make(PathOf("2.ts"), "480x272"))];
        File.WriteAllBytes(PathOf("both.ts"), both);

        var (first, second, changing) = (await PicturesAsync("1.ts"), await PicturesAsync("2.ts"), await PicturesAsync("both.ts"));

        AssertSame([.. first, .. second], changing);
    }

    /// <summary>As some cameras write: the same size, and colours at half the height from the second part on.</summary>
    [Fact]
    public async Task ReadAsync_VideoThatChangesItsColourLayout_AllFramesOfBothParts()
    {
        TestVideo.Make(PathOf("1.mjpeg"), "640x480", 1, 10, "-pix_fmt", "yuvj422p", "-c:v", "mjpeg");
        TestVideo.Make(PathOf("2.mjpeg"), "640x480", 1, 10, "-pix_fmt", "yuvj420p", "-c:v", "mjpeg");
        File.WriteAllBytes(PathOf("both.mjpeg"), [.. File.ReadAllBytes(PathOf("1.mjpeg")), .. File.ReadAllBytes(PathOf("2.mjpeg"))]);

        var (first, second, changing) = (await PicturesAsync("1.mjpeg"), await PicturesAsync("2.mjpeg"), await PicturesAsync("both.mjpeg"));

        AssertSame([.. first, .. second], changing);
    }

    /// <summary>The canvas of an animation, which FFmpeg takes whole: 1.8 GB for these few bytes.</summary>
    [Fact]
    public async Task ReadAsync_VideoOfTooManyPixels_RefusedInOneLine()
    {
        var bytes = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "two-frames.gif"));
        BitConverter.GetBytes(16_000 | (16_000 << 16)).CopyTo(bytes, 6);
        File.WriteAllBytes(PathOf("huge.avi"), bytes);

        var (frames, error) = await ReadAsync(PathOf("huge.avi"), new());

        Assert.Empty(frames);
        Assert.StartsWith(PathOf("huge.avi"), error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error!);
    }

    [Fact]
    public async Task ReadAsync_FolderWithABadPicture_TheOthersThenOneLine()
    {
        var folder = _folder.CreateSubdirectory("pictures").FullName;
        using var picture = new Mat(30, 40, MatType.CV_8UC3, Scalar.Red);
        foreach (var name in new[] { "10.png", "2.png", "1.jpg" })
        {
            Cv2.ImWrite(Path.Combine(folder, name), picture);
        }

        File.WriteAllText(Path.Combine(folder, "3.png"), "no picture");
        File.WriteAllText(Path.Combine(folder, "notes.txt"), "left out");

        var (frames, error) = await ReadAsync(folder, new());

        Assert.Equal(3, frames.Count);
        Assert.StartsWith(Path.Combine(folder, "3.png"), error, StringComparison.Ordinal);
        Assert.Equal(["1.jpg", "2.png", "3.png", "10.png"], FrameSource.FolderPictures(folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task ReadAsync_RealTime_BoxClockWithShiftWhenSimulated()
    {
        using var picture = new Mat(30, 40, MatType.CV_8UC3, Scalar.Red);
        Cv2.ImWrite(PathOf("p.png"), picture);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));

        var (frames, _) = await ReadAsync(PathOf("p.png"), new() { RealTime = true, Time = time, Simulated = true, ClockShift = TimeSpan.FromMinutes(-40) });

        Assert.Equal(time.GetUtcNow() - TimeSpan.FromMinutes(40), frames[0].Time);
        Assert.Equal(new TimeQuality(TimeSource.BoxClock, null, true, TimeSpan.FromMinutes(-40)), frames[0].Quality);
    }

    /// <summary>What a decoder takes to start is not the camera's: frames stamped before it come late and all at once, and some are dropped.</summary>
    [Fact]
    public async Task ReadAsync_RealTimeVideoReadSomeTimeAfterOpening_FirstFrameIsNow()
    {
        var path = TestVideo.Make(PathOf("r.mp4"), "64x48", 1);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero));
        await using var source = FrameSource.Open(path, new() { RealTime = true, Time = time });
        time.Advance(TimeSpan.FromSeconds(3));

        await using var frames = source.ReadAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await frames.MoveNextAsync());
        using var first = frames.Current;

        Assert.Equal(time.GetUtcNow(), first.Time);
    }

    [Theory]
    [InlineData("absent.jpg", "no such file")]
    [InlineData("http://127.0.0.1/x", "cannot be read")]
    [InlineData("udp://127.0.0.1", "port is missing")]
    [InlineData("/dev/video99", "no such device")]
    [InlineData("", "empty source")]
    public void Open_WrongAddress_OneLineWithTheCure(string address, string words)
    {
        var e = Assert.Throws<SourceException>(() => FrameSource.Open(address, new()));

        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void Open_EmptyFolder_OneLine() =>
        Assert.Contains("holds no pictures", Assert.Throws<SourceException>(() => FrameSource.Open(_folder.FullName, new())).Message, StringComparison.Ordinal);

    [Fact]
    public void Open_PasswordInAddress_NotShown()
    {
        var address = LiveAddress.Parse("rtsp://user:secret@camera:554/stream");

        Assert.Equal("rtsp://camera:554/stream", address.Shown);
    }

    [Fact]
    public async Task ReadAsync_DamagedVideo_FramesOrOneLine()
    {
        var originals = new[]
        {
            File.ReadAllBytes(TestVideo.Make(PathOf("a.mp4"), "64x48", 1)),
            File.ReadAllBytes(TestVideo.Make(PathOf("b.avi"), "64x48", 1, 10, "-c:v", "mjpeg")),
            File.ReadAllBytes(TestVideo.Make(PathOf("c.ts"), "64x48", 1)),
        };
        var damaged = PathOf("damaged.mp4");
        var random = new Random(7);
        for (var round = 0; round < 24; round++)
        {
            var bytes = originals[round % 3][..random.Next(1, originals[round % 3].Length + 1)];
            for (var hits = random.Next(40); hits > 0; hits--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(damaged, bytes);
            var (_, error) = await ReadAsync(damaged, new());
            Assert.DoesNotContain('\n', error ?? "");
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<List<Mat>> PicturesAsync(string name)
    {
        var pictures = new List<Mat>();
        await using var source = FrameSource.Open(PathOf(name), new());
        await foreach (var frame in source.ReadAsync(TestContext.Current.CancellationToken))
        {
            using (frame)
            {
                pictures.Add(frame.Picture.Bgr.Clone());
            }
        }

        return pictures;
    }

    private static void AssertSame(List<Mat> wanted, List<Mat> pictures)
    {
        Assert.Equal(wanted.Select(picture => picture.Size()), pictures.Select(picture => picture.Size()));
        for (var i = 0; i < wanted.Count; i++)
        {
            using var difference = new Mat();
            Cv2.Absdiff(wanted[i], pictures[i], difference);
            Assert.True(difference.Mean() is { Val0: < 2, Val1: < 2, Val2: < 2 }, $"frame {i}: {difference.Mean()}");
        }

        wanted.Concat(pictures).ToList().ForEach(static picture => picture.Dispose());
    }

    private static async Task<(List<(long Index, TimeSpan Offset, DateTimeOffset Time, TimeQuality Quality)> Frames, string? Error)> ReadAsync(string address, CaptureOptions options)
    {
        var frames = new List<(long, TimeSpan, DateTimeOffset, TimeQuality)>();
        try
        {
            await using var source = FrameSource.Open(address, options);
            await foreach (var frame in source.ReadAsync(TestContext.Current.CancellationToken))
            {
                using (frame)
                {
                    frames.Add((frame.Index, frame.Offset, frame.Time, frame.TimeQuality));
                }
            }

            return (frames, null);
        }
        catch (SourceException e)
        {
            return (frames, e.Message);
        }
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
