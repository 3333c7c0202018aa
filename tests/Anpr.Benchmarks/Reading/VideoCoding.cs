using OpenCvSharp;

namespace Anpr.Benchmarks.Reading;

/// <summary>
/// What H.264 loses of a picture, without the bits: colour at half the size, a 4 x 4 transform whose coefficients are rounded to the
/// quantiser's step with the dead zone of inter frames, and the filter over the blocks' edges (ITU-T H.264, 8.5 and 8.7; the filter's
/// limits by the formulas behind its tables: List et al. 2003, "Adaptive deblocking filter"). Prediction is left out.
/// </summary>
internal static class VideoCoding
{
    private const int Block = 4;
    private const double DeadZone = 1.0 / 6;

    // Orthonormal cosine transform of four numbers.
    private static readonly double[,] Cosines = Transform();

    /// <summary>Codes and decodes an 8-bit BGR picture in place; <paramref name="quantiser"/> is 0 (all but lossless) to 51.</summary>
    public static void Apply(Mat bgr, int quantiser)
    {
        using var colours = new Mat();
        Cv2.CvtColor(bgr, colours, ColorConversionCodes.BGR2YCrCb);
        var planes = colours.Split();
        Code(planes[0], quantiser);
        foreach (var plane in planes[1..])
        {
            using var half = new Mat();
            Cv2.Resize(plane, half, new Size((plane.Width + 1) / 2, (plane.Height + 1) / 2), 0, 0, InterpolationFlags.Area);
            Code(half, quantiser);
            Cv2.Resize(half, plane, plane.Size(), 0, 0, InterpolationFlags.Linear);
        }

        Cv2.Merge(planes, colours);
        Cv2.CvtColor(colours, bgr, ColorConversionCodes.YCrCb2BGR);
        Array.ForEach(planes, plane => plane.Dispose());
    }

    private static void Code(Mat plane, int quantiser)
    {
        // Blocks that stick out over the edge are not coded: nobody looks there.
        var step = 0.625 * Math.Pow(2, quantiser / 6.0);
        var (width, height) = (plane.Width, plane.Height);
        plane.GetArray(out byte[] pixels);
        Span<double> block = stackalloc double[Block * Block];
        for (var y = 0; y + Block <= height; y += Block)
        {
            for (var x = 0; x + Block <= width; x += Block)
            {
                Code(pixels.AsSpan((y * width) + x), width, block, step);
            }
        }

        Smooth(pixels, width, height, 1, width, quantiser);
        Smooth(pixels, height, width, width, 1, quantiser);
        plane.SetArray(pixels);
    }

    private static void Code(Span<byte> at, int stride, Span<double> block, double step)
    {
        for (var i = 0; i < block.Length; i++)
        {
            block[i] = at[(i / Block * stride) + (i % Block)];
        }

        Turn(block, inverse: false);
        for (var i = 0; i < block.Length; i++)
        {
            // The mean is predicted from the neighbours and hardly ever lost: it is rounded without a dead zone.
            var level = Math.Floor((Math.Abs(block[i]) / step) + (i == 0 ? 0.5 : DeadZone));
            block[i] = Math.Sign(block[i]) * level * step;
        }

        Turn(block, inverse: true);
        for (var i = 0; i < block.Length; i++)
        {
            at[(i / Block * stride) + (i % Block)] = (byte)Math.Clamp(Math.Round(block[i]), 0, 255);
        }
    }

    // Rows, then columns, or back.
    private static void Turn(Span<double> block, bool inverse)
    {
        Span<double> line = stackalloc double[Block];
        for (var pass = 0; pass < 2; pass++)
        {
            var (next, along) = pass == 0 ? (Block, 1) : (1, Block);
            for (var k = 0; k < Block; k++)
            {
                for (var i = 0; i < Block; i++)
                {
                    line[i] = 0;
                    for (var j = 0; j < Block; j++)
                    {
                        line[i] += (inverse ? Cosines[j, i] : Cosines[i, j]) * block[(k * next) + (j * along)];
                    }
                }

                for (var i = 0; i < Block; i++)
                {
                    block[(k * next) + (i * along)] = line[i];
                }
            }
        }
    }

    // Over the edges that lie across one direction: along it pixels are `step` apart, the lines `stride`.
    private static void Smooth(byte[] pixels, int length, int lines, int step, int stride, int quantiser)
    {
        var (alpha, beta) = (0.8 * (Math.Pow(2, quantiser / 6.0) - 1), (0.5 * quantiser) - 7);
        var most = Math.Max(0, alpha / 10);
        for (var line = 0; line < lines; line++)
        {
            for (var edge = Block; edge + 1 < length; edge += Block)
            {
                var q0 = (line * stride) + (edge * step);
                var (p0, p1, q1) = (q0 - step, q0 - (2 * step), q0 + step);
                if (Math.Abs(pixels[p0] - pixels[q0]) < alpha && Math.Abs(pixels[p1] - pixels[p0]) < beta && Math.Abs(pixels[q1] - pixels[q0]) < beta)
                {
                    var change = Math.Clamp(((4 * (pixels[q0] - pixels[p0])) + pixels[p1] - pixels[q1]) / 8.0, -most, most);
                    pixels[p0] = (byte)Math.Clamp(Math.Round(pixels[p0] + change), 0, 255);
                    pixels[q0] = (byte)Math.Clamp(Math.Round(pixels[q0] - change), 0, 255);
                }
            }
        }
    }

    private static double[,] Transform()
    {
        var table = new double[Block, Block];
        for (var i = 0; i < Block; i++)
        {
            for (var j = 0; j < Block; j++)
            {
                table[i, j] = Math.Sqrt((i == 0 ? 1.0 : 2.0) / Block) * Math.Cos(((2 * j) + 1) * i * Math.PI / (2 * Block));
            }
        }

        return table;
    }
}
