using System.Numerics;
using System.Runtime.InteropServices;
using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>
/// Makes pictures smaller by averaging, to the same pixels as OpenCV's INTER_AREA. By whole factors of 3 and more, where OpenCV adds pixel
/// by pixel, it adds 16 at a time: 1080p to 640 pixels is 3, to 160 is 12. Its buffers are pooled: one thread at a time.
/// </summary>
internal sealed class AreaShrink
{
    // Sums of so many bytes fit 16 bits.
    private const int MaxArea = ushort.MaxValue / byte.MaxValue;

    private ushort[] _sums = [];
    private byte[] _means = [];
    private int _area;

    /// <summary>Fills <paramref name="small"/>, which has its size already, from a larger picture; both 8 bit with 1 or 3 channels.</summary>
    public unsafe void Into(Mat image, Mat small)
    {
        var (width, height, from) = (image.Width, image.Height, new Rows((byte*)image.Data, (int)image.Step()));
        var (smallWidth, smallHeight, to) = (small.Width, small.Height, new Rows((byte*)small.Data, (int)small.Step()));
        var (across, down) = (width / smallWidth, height / smallHeight);
        if (across < 3 || image.Channels() is not (1 or 3) || across * down > MaxArea || across * smallWidth != width || down * smallHeight != height)
        {
            Cv2.Resize(image, small, small.Size(), 0, 0, InterpolationFlags.Area);
            return;
        }

        var channels = image.Channels();
        Prepare(width * channels, across * channels, across * down);
        for (var y = 0; y < smallHeight; y++)
        {
            AddRows(from.From(y * down), down, width * channels);
            AddNeighbours(width * channels, across, channels);
            var pixels = to.From(y).First;
            if (channels == 1)
            {
                Pick(new Span<byte>(pixels, smallWidth), across);
            }
            else
            {
                Pick(new Span<Pixel>(pixels, smallWidth), across * channels);
            }
        }
    }

    private void Prepare(int length, int step, int area)
    {
        // Behind the last sum there is room for what is added past the end of the row and not used.
        var wanted = length + step + Vector<byte>.Count;
        if (_sums.Length != wanted)
        {
            _sums = new ushort[wanted];
        }

        if (_area != area)
        {
            _area = area;
            var share = 1f / _area; // as OpenCV rounds
            _means = [.. Enumerable.Range(0, (_area * byte.MaxValue) + 1).Select(sum => (byte)MathF.Round(sum * share))];
        }
    }

    private unsafe void AddRows(Rows rows, int count, int length)
    {
        var x = 0;
        for (; x <= length - Vector<byte>.Count; x += Vector<byte>.Count)
        {
            var (low, high) = (Vector<ushort>.Zero, Vector<ushort>.Zero);
            for (var y = 0; y < count; y++)
            {
                Vector.Widen(Vector.Load(rows.From(y).First + x), out var a, out var b);
                low += a;
                high += b;
            }

            low.CopyTo(_sums, x);
            high.CopyTo(_sums, x + Vector<ushort>.Count);
        }

        for (; x < length; x++)
        {
            var sum = 0;
            for (var y = 0; y < count; y++)
            {
                sum += rows.From(y).First[x];
            }

            _sums[x] = (ushort)sum;
        }
    }

    // Upwards in place: each sum needs only itself and those behind it.
    private void AddNeighbours(int length, int across, int channels)
    {
        for (var x = 0; x < length; x += Vector<ushort>.Count)
        {
            var sum = new Vector<ushort>(_sums, x);
            for (var k = 1; k < across; k++)
            {
                sum += new Vector<ushort>(_sums, x + (k * channels));
            }

            sum.CopyTo(_sums, x);
        }
    }

    private void Pick(Span<byte> pixels, int step)
    {
        for (var (x, at) = (0, 0); x < pixels.Length; x++, at += step)
        {
            pixels[x] = _means[_sums[at]];
        }
    }

    private void Pick(Span<Pixel> pixels, int step)
    {
        for (var (x, at) = (0, 0); x < pixels.Length; x++, at += step)
        {
            pixels[x] = new(_means[_sums[at]], _means[_sums[at + 1]], _means[_sums[at + 2]]);
        }
    }

    /// <summary>Rows of pixels that lie some bytes apart.</summary>
    private readonly unsafe struct Rows(byte* first, int stride)
    {
        public byte* First => first;

        public Rows From(int row) => new(first + ((long)row * stride), stride);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private readonly record struct Pixel(byte Blue, byte Green, byte Red);
}
