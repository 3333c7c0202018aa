using System.Collections.Concurrent;
using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>Memory for the pixels of frames that are decoded, used again. Callable from any thread.</summary>
internal sealed class PixelPool : IDisposable
{
    // As many frames as wait for the stages, and some in their hands.
    private const int Kept = 8;

    private readonly ConcurrentBag<Mat> _free = [];
    private volatile bool _closed;

    /// <summary>8-bit, one channel; what it holds is left over.</summary>
    public Mat Take(int rows, int columns)
    {
        while (_free.TryTake(out var pixels))
        {
            if (pixels.Rows == rows && pixels.Cols == columns)
            {
                return pixels;
            }

            pixels.Dispose(); // the stream changed its size
        }

        return new Mat(rows, columns, MatType.CV_8UC1);
    }

    /// <summary>Takes pixels back that nobody looks at any more.</summary>
    public void Give(Mat pixels)
    {
        if (_closed || _free.Count >= Kept)
        {
            pixels.Dispose();
        }
        else
        {
            _free.Add(pixels);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _closed = true;
        while (_free.TryTake(out var pixels))
        {
            pixels.Dispose();
        }
    }
}
