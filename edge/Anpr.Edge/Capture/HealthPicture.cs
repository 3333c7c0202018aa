using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>
/// What <see cref="CameraHealth"/> keeps of a frame: a grey picture 640 pixels wide for how sharp edges are, one 160 wide for where they
/// are, and figures of each block. Its buffers are its own and are used again. Not thread-safe.
/// </summary>
internal sealed class HealthPicture : IDisposable
{
    /// <summary>Width of the small picture, pixels.</summary>
    public const int Width = 160;

    /// <summary>Side of a block in the small picture, pixels.</summary>
    public const int Block = 10;

    /// <summary>Blocks in a row.</summary>
    public const int Columns = Width / Block;

    private const int Scale = 4;
    private const int LargeBlock = Block * Scale;

    // What is larger than this many small pixels is light and shadow, not an edge.
    private const int Smooth = 11;

    private readonly PictureShrink _shrink = new();
    private readonly Mat _colour = new();
    private readonly Mat _smooth = new();
    private readonly Mat _fine = new();
    private Mat _large = new();
    private Mat _largeBefore = new();
    private Mat _small = new();
    private Mat _smallBefore = new();

    /// <summary>Rows of blocks.</summary>
    public int Rows { get; private set; }

    /// <summary>
    /// 32-bit float, one channel, <see cref="Width"/> wide: the small picture less its own surroundings, so that light, shadow and glare
    /// leave little in it and edges stay.
    /// </summary>
    public Mat Pattern { get; } = new();

    /// <summary>Figures of the blocks, row by row.</summary>
    public BlockFigures[] Blocks { get; private set; } = [];

    /// <summary>Takes a frame. False when it is the first one or of another shape: there is nothing to compare it with.</summary>
    public bool Take(Picture picture)
    {
        var rows = Math.Clamp((int)Math.Round((double)Columns * picture.Height / picture.Width), 2, 2 * Columns);
        var known = rows == Rows && !_large.Empty();
        (_large, _largeBefore) = (_largeBefore, _large);
        (_small, _smallBefore) = (_smallBefore, _small);
        if (!known)
        {
            Rows = rows;
            Blocks = new BlockFigures[rows * Columns];
        }

        Shrink(picture, rows);
        if (known)
        {
            Measure();
        }

        return known;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _shrink.Dispose();
        foreach (var mat in (Mat[])[_colour, _smooth, _fine, _large, _largeBefore, _small, _smallBefore, Pattern])
        {
            mat.Dispose();
        }
    }

    private void Shrink(Picture picture, int rows)
    {
        var size = new Size(Width * Scale, rows * LargeBlock);
        if (picture.Width >= size.Width && picture.Height >= size.Height)
        {
            _large.Create(size, MatType.CV_8UC1);
            _shrink.GreyInto(picture, _large);
        }
        else
        {
            Cv2.Resize(picture.Bgr, _colour, size, 0, 0, InterpolationFlags.Linear);
            Cv2.CvtColor(_colour, _large, ColorConversionCodes.BGR2GRAY);
        }

        Cv2.Resize(_large, _small, new Size(Width, rows * Block), 0, 0, InterpolationFlags.Area);
        _small.ConvertTo(_fine, MatType.CV_32FC1);
        Cv2.BoxFilter(_fine, _smooth, MatType.CV_32FC1, new Size(Smooth, Smooth));
        Cv2.Subtract(_fine, _smooth, Pattern);
    }

    private void Measure()
    {
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var (edges, noise) = Gradients(_large, _largeBefore, column * LargeBlock, row * LargeBlock, LargeBlock, 3);
                var (_, coarseNoise) = Gradients(_small, _smallBefore, column * Block, row * Block, Block, 1);
                Blocks[(row * Columns) + column] = new(edges, noise, coarseNoise);
            }
        }
    }

    /// <summary>Mean squared step to the next pixel, right and down, and half of that of the difference to the picture before: noise.</summary>
    private static unsafe (float Edges, float Noise) Gradients(Mat now, Mat before, int left, int top, int side, int step)
    {
        var stride = (int)now.Step();
        var first = (top * stride) + left;
        var (edges, noise, count) = (0, 0, 0);
        for (var y = 0; y < side - 1; y += step)
        {
            var p = (byte*)now.Data + first + (y * stride);
            var q = (byte*)before.Data + first + (y * stride);
            for (var x = 0; x < side - 1; x++)
            {
                var (across, down) = (p[x + 1] - p[x], p[x + stride] - p[x]);
                var (acrossChange, downChange) = (across - q[x + 1] + q[x], down - q[x + stride] + q[x]);
                edges += (across * across) + (down * down);
                noise += (acrossChange * acrossChange) + (downChange * downChange);
            }

            count += side - 1;
        }

        return ((float)edges / count, noise / (2f * count));
    }
}

/// <summary>Figures of one block of one look, in squared grey levels a pixel.</summary>
/// <param name="Edges">Mean squared gradient at 640 pixels a width, noise included.</param>
/// <param name="Noise">What of it changed since the look before: noise, or motion.</param>
/// <param name="CoarseNoise">What of the gradient at 160 pixels a width changed since the look before.</param>
internal readonly record struct BlockFigures(float Edges, float Noise, float CoarseNoise)
{
    /// <summary>Energy of the edges without noise; below 0 by chance where there are none.</summary>
    public float Detail => Edges - Noise;
}
