using OpenCvSharp;

namespace Anpr.Edge.Passage;

/// <summary>Whether two small grey pictures show the same, up to their grain. Its buffer is pooled: one thread at a time.</summary>
internal sealed class Sameness
{
    // Pixels across and down over which the change is averaged, and the grey levels of 255 from which it is one.
    private const int Window = 3;
    private const int Changed = 5;

    private int[] _columns = [];

    /// <summary>True for pictures (8-bit grey, without gaps between their rows) of one size in which no window differs.</summary>
    public unsafe bool Of(Mat now, Mat before)
    {
        // By hand: OpenCV's three calls cost more in managed objects than a frame without a plate may.
        if (before.Size() != now.Size())
        {
            return false;
        }

        if (_columns.Length != now.Width)
        {
            _columns = new int[now.Width];
        }

        var (width, height) = (now.Width, now.Height);
        var a = (byte*)now.Data;
        var b = (byte*)before.Data;
        for (var y = 0; y <= height - Window; y++)
        {
            var largest = 0;
            for (var x = 0; x < width; x++)
            {
                var at = (y * width) + x;
                _columns[x] = a[at] - b[at] + a[at + width] - b[at + width] + a[at + (2 * width)] - b[at + (2 * width)];
                if (x >= Window - 1)
                {
                    largest = Math.Max(largest, Math.Abs(_columns[x - 2] + _columns[x - 1] + _columns[x]));
                }
            }

            if (largest > Changed * Window * Window)
            {
                return false;
            }
        }

        return true;
    }
}
