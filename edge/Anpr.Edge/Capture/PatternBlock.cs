using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>Sums over one block of <see cref="HealthPicture.Pattern"/> and of what is remembered of it; pictures are of one size, blocks counted row by row.</summary>
internal static unsafe class PatternBlock
{
    private const int Side = HealthPicture.Block;
    private const float Pixels = Side * Side;

    /// <summary>How a block compares with the known one.</summary>
    /// <returns>Correlation, -1..1, 0 where one of them is plain; contrast over the known one's; contrast in squared grey levels.</returns>
    public static (float Alike, float Gain, float Contrast) Compare(Mat now, Mat known, int block)
    {
        var a = Corner(now, block, out var strideA);
        var b = Corner(known, block, out var strideB);
        float sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
        for (var y = 0; y < Side; y++, a += strideA, b += strideB)
        {
            for (var x = 0; x < Side; x++)
            {
                sa += a[x];
                sb += b[x];
                saa += a[x] * a[x];
                sbb += b[x] * b[x];
                sab += a[x] * b[x];
            }
        }

        var (va, vb) = (saa - (sa * sa / Pixels), sbb - (sb * sb / Pixels));
        var common = sab - (sa * sb / Pixels);
        return va > 1e-3f && vb > 1e-3f ? (common / MathF.Sqrt(va * vb), common / vb, va / Pixels) : (0, 0, va / Pixels);
    }

    /// <summary>How far the pattern stands out, grey levels.</summary>
    public static float Deviation(Mat pattern, int block)
    {
        var row = Corner(pattern, block, out var stride);
        float sum = 0, squares = 0;
        for (var y = 0; y < Side; y++, row += stride)
        {
            for (var x = 0; x < Side; x++)
            {
                sum += row[x];
                squares += row[x] * row[x];
            }
        }

        return MathF.Sqrt(Math.Max(0, (squares / Pixels) - (sum / Pixels * sum / Pixels)));
    }

    /// <summary>Moves the known block towards the new one by this share of their difference, 0..1.</summary>
    public static void Blend(Mat now, Mat known, int block, float share)
    {
        var from = Corner(now, block, out var strideFrom);
        var to = Corner(known, block, out var strideTo);
        for (var y = 0; y < Side; y++, from += strideFrom, to += strideTo)
        {
            for (var x = 0; x < Side; x++)
            {
                to[x] += share * (from[x] - to[x]);
            }
        }
    }

    /// <summary>The block's first pixel and the pixels from one row to the next.</summary>
    private static float* Corner(Mat pattern, int block, out int stride)
    {
        stride = (int)pattern.Step() / sizeof(float);
        return (float*)pattern.Data + (block / HealthPicture.Columns * Side * stride) + (block % HealthPicture.Columns * Side);
    }
}
