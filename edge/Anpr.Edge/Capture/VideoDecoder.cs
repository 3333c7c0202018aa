using System.Threading.Channels;

namespace Anpr.Edge.Capture;

/// <summary>Decodes one video file on a thread of its own, which its child needs (see <see cref="FfmpegChild"/>), a few frames ahead of who takes them.</summary>
internal sealed class VideoDecoder : IAsyncDisposable
{
    private const int Ahead = 3;

    private readonly Channel<(TimeSpan? StreamTime, Picture Picture)> _frames = Channel.CreateBounded<(TimeSpan?, Picture)>(Ahead);
    private readonly PixelPool _pool = new();
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public VideoDecoder(string path, CancellationToken cancel)
    {
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        new Thread(() => Run(path)) { IsBackground = true, Name = "decode" }.Start();
    }

    public ChannelReader<(TimeSpan? StreamTime, Picture Picture)> Frames => _frames.Reader;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _ended.Task;
        while (_frames.Reader.TryRead(out var left))
        {
            left.Picture.Dispose();
        }

        _pool.Dispose();
        _stop.Dispose();
    }

    private void Run(string path)
    {
        Exception? failure = null;
        try
        {
            using var child = FfmpegChild.Start([.. VideoSource.FilesOnly, "-i", "file:" + path], path, _pool);
            using var registration = _stop.Token.Register(child.Kill);
            while (child.TryRead(out var info, out var picture))
            {
                Hand(info.StreamTime, picture);
            }
        }
        catch (Exception e)
        {
            failure = e;
        }
        finally
        {
            _frames.Writer.TryComplete(failure);
            _ended.TrySetResult();
        }
    }

    private void Hand(TimeSpan? streamTime, Picture picture)
    {
        try
        {
            _frames.Writer.WriteAsync((streamTime, picture), _stop.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            picture.Dispose();
            throw;
        }
    }
}
