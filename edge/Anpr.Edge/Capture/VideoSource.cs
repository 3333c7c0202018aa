using System.Runtime.CompilerServices;

namespace Anpr.Edge.Capture;

/// <summary>A video file through a child ffmpeg. A truncated one gives what can be read, then throws.</summary>
internal sealed class VideoSource : IFrameSource
{
    private readonly string _path;
    private readonly CaptureOptions _options;
    private readonly Recording _recording;
    private readonly FileClock _clock;

    /// <summary>Opens nothing yet but asks the file what it says of itself.</summary>
    public VideoSource(string path, CaptureOptions options)
    {
        (_path, _options) = (path, options);
        _recording = Recording.Of(path);
        _clock = new(options, _recording.Start);
    }

    /// <summary>What ffmpeg is told before a file: one that names others is not to reach out for them over the network.</summary>
    public static IReadOnlyList<string> FilesOnly { get; } = ["-protocol_whitelist", "file"];

    public bool TimeKnown => _options.RealTime || _recording.Start is not null;

    public long Dropped => 0;

    public async IAsyncEnumerable<Frame> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        CheckSize();
        await using var decoder = new VideoDecoder(_path, cancel);
        var step = new FrameStep(_options.FramesPerSecond);
        TimeSpan? first = null, before = null;
        var longestStep = TimeSpan.FromSeconds(_recording.FrameSeconds);
        var last = TimeSpan.Zero;
        var index = 0L;
        _options.OnState?.Invoke(new(_options.Camera, CaptureStatus.Ready, ""));
        await foreach (var (streamTime, picture) in decoder.Frames.ReadAllAsync(cancel))
        {
            first ??= streamTime;
            var offset = index == 0 ? TimeSpan.Zero : After(last, streamTime - first);
            last = offset;
            longestStep = streamTime - before is { } gap && gap > longestStep ? gap : longestStep;
            before = streamTime ?? before;
            if (!step.Take(offset))
            {
                picture.Dispose();
            }
            else
            {
                await _clock.WaitAsync(offset, cancel);
                yield return new(_options.Camera, index, _clock.At(offset), offset, _clock.Quality, picture);
            }

            index++;
        }

        _options.OnState?.Invoke(new(_options.Camera, CaptureStatus.Ended, ""));
        CheckEnd(index, before, longestStep);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void CheckSize()
    {
        try
        {
            if (new FileInfo(_path).Length == 0)
            {
                throw new SourceException($"{_path}: the file is empty. Copy it again.");
            }

            File.OpenRead(_path).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw NotAVideo(e);
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private SourceException NotAVideo(Exception? inner) =>
        new($"{_path}: this is no video or picture that can be read. Check that the file is whole, or convert it: ffmpeg -i FILE -c:v libx264 out.mp4", inner);

    // Some containers give no time or jump back at edits: time never stands still or runs back.
    private TimeSpan After(TimeSpan last, TimeSpan? offset) =>
        offset > last ? offset.Value : last + TimeSpan.FromSeconds(Math.Clamp(_recording.FrameSeconds, 0.001, 10));

    private void CheckEnd(long frames, TimeSpan? last, TimeSpan longestStep)
    {
        if (frames == 0)
        {
            throw NotAVideo(null);
        }

        var cutStream = TransportStream.IsCut(_path);
        if (cutStream == true)
        {
            throw new SourceException($"{_path}: the video ends inside a packet, after frame {frames}: it is truncated. What came before was read; copy the file again for the rest.");
        }

        // A transport stream does not claim when it ends. Others do: a camera may give frames as it likes and a cut may hide some, so that their
        // number tells nothing; but the last one lies where the pictures end, or a step or two before.
        if (cutStream is null && _recording.End is { } end && last is { } at && at + Longer(2 * longestStep, end / 50) < end)
        {
            throw new SourceException(FormattableString.Invariant($"{_path}: the video ends after frame {frames}, at {at.TotalSeconds:0.0} of {end.TotalSeconds:0.0} s: it is truncated or damaged. What came before was read; copy the file again for the rest."));
        }
    }
}
