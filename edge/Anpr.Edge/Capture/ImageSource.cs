using System.Runtime.CompilerServices;

namespace Anpr.Edge.Capture;

/// <summary>One picture, or the pictures of a folder as one stream. A picture that cannot be read is told at the end; the others are delivered.</summary>
internal sealed class ImageSource(IReadOnlyList<string> paths, CaptureOptions options) : IFrameSource
{
    public bool TimeKnown => options.RealTime;

    public long Dropped => 0;

    public async IAsyncEnumerable<Frame> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var clock = new FileClock(options, start: null);
        var failures = new List<string>();
        var index = 0;
        options.OnState?.Invoke(new(options.Camera, CaptureStatus.Ready, ""));
        foreach (var path in paths)
        {
            cancel.ThrowIfCancellationRequested();
            var offset = TimeSpan.FromSeconds(index / options.FolderFramesPerSecond);
            await clock.WaitAsync(offset, cancel);
            OpenCvSharp.Mat image;
            try
            {
                image = ImageFile.Read(path);
            }
            catch (SourceException e)
            {
                failures.Add(e.Message);
                continue;
            }

            yield return new(options.Camera, index++, clock.At(offset), offset, clock.Quality, Picture.Of(image));
        }

        options.OnState?.Invoke(new(options.Camera, CaptureStatus.Ended, ""));
        if (failures.Count > 0)
        {
            throw new SourceException(string.Join('\n', failures));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
