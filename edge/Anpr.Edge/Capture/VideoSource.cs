using System.Runtime.CompilerServices;
using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>A video file through OpenCV's own FFmpeg (no network). A truncated one gives what can be read, then throws.</summary>
internal sealed class VideoSource : IFrameSource
{
    private readonly string _path;
    private readonly CaptureOptions _options;
    private readonly FileClock _clock;
    private readonly DateTimeOffset? _start;

    /// <summary>Opens nothing yet but asks the file when it was taken.</summary>
    public VideoSource(string path, CaptureOptions options)
    {
        _path = path;
        _options = options;
        _start = options.RealTime ? null : RecordingStart.Of(path);
        _clock = new(options, _start);
    }

    public bool TimeKnown => _options.RealTime || _start is not null;

    public long Dropped => 0;

    public async IAsyncEnumerable<Frame> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var video = OpenFile();
        var claimed = (long)video.Get(VideoCaptureProperties.FrameCount);
        var rate = video.Get(VideoCaptureProperties.Fps);
        var step = new FrameStep(_options.FramesPerSecond);
        var last = TimeSpan.FromSeconds(-1);
        var index = 0L;
        _options.OnState?.Invoke(new(_options.Camera, CaptureStatus.Ready, ""));
        for (; ; index++)
        {
            cancel.ThrowIfCancellationRequested();
            var image = new Mat();
            if (!Grab(video, image))
            {
                image.Dispose();
                break;
            }

            var offset = Offset(video, index, rate, last);
            last = offset;
            if (!step.Take(offset))
            {
                image.Dispose();
                continue;
            }

            await _clock.WaitAsync(offset, cancel);
            yield return new(_options.Camera, index, _clock.At(offset), offset, _clock.Quality, image);
        }

        _options.OnState?.Invoke(new(_options.Camera, CaptureStatus.Ended, ""));
        CheckEnd(index, claimed);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private VideoCapture OpenFile()
    {
        try
        {
            if (new FileInfo(_path).Length == 0)
            {
                throw new SourceException($"{_path}: the file is empty. Copy it again.");
            }

            var video = new VideoCapture(_path, VideoCaptureAPIs.FFMPEG);
            if (video.IsOpened())
            {
                return video;
            }

            video.Dispose();
        }
        catch (Exception e) when (e is OpenCVException or IOException or UnauthorizedAccessException)
        {
            throw NotAVideo(e);
        }

        throw NotAVideo(null);
    }

    private SourceException NotAVideo(Exception? inner) =>
        new($"{_path}: this is no video or picture that can be read. Check that the file is whole, or convert it: ffmpeg -i FILE -c:v libx264 out.mp4", inner);

    private static bool Grab(VideoCapture video, Mat image)
    {
        try
        {
            return video.Read(image) && !image.Empty();
        }
        catch (OpenCVException)
        {
            return false; // a damaged tail: told by CheckEnd
        }
    }

    // Some containers give no position (0) or jump back at edits: time never stands still or runs back.
    private static TimeSpan Offset(VideoCapture video, long index, double rate, TimeSpan last)
    {
        var offset = TimeSpan.FromMilliseconds(video.Get(VideoCaptureProperties.PosMsec));
        if (index == 0)
        {
            return TimeSpan.Zero;
        }

        return offset > last ? offset : last + TimeSpan.FromSeconds(rate is > 0 and < 1000 ? 1 / rate : 0.04);
    }

    private void CheckEnd(long frames, long claimed)
    {
        if (frames == 0)
        {
            throw NotAVideo(null);
        }

        if (TransportStream.IsCut(_path))
        {
            throw new SourceException($"{_path}: the video ends inside a packet, after frame {frames}: it is truncated. What came before was read; copy the file again for the rest.");
        }

        // Containers miscount by a frame or two (edit lists, B-frames); a cut file lacks far more.
        if (claimed > 0 && frames < claimed - Math.Max(2, claimed / 50))
        {
            throw new SourceException($"{_path}: the video ends after frame {frames} of {claimed}: it is truncated or damaged. What came before was read; copy the file again for the rest.");
        }
    }
}

/// <summary>Thins frames to a wanted rate: takes the first frame at or after each due time.</summary>
internal sealed class FrameStep(double? framesPerSecond)
{
    private long _taken;

    /// <summary>True when the frame at this offset is to be used.</summary>
    public bool Take(TimeSpan offset)
    {
        if (framesPerSecond is not { } rate)
        {
            return true;
        }

        // A millisecond of grace: container times are rounded to it.
        if (offset.TotalSeconds + 0.001 < _taken / rate)
        {
            return false;
        }

        _taken = Math.Max(_taken + 1, (long)Math.Floor(offset.TotalSeconds * rate) + 1);
        return true;
    }
}
