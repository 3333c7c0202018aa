using OpenCvSharp;

namespace Anpr.Benchmarks.Reading;

/// <summary>
/// What a camera makes of what is before it, in linear light: a lens out of focus (a disc), movement during the exposure (a line), glare,
/// photons that are counted one by one, an amplifier, a sensor that is full at white, and coding.
/// </summary>
internal static class PlateCamera
{
    // Electrons of a pixel that is full at noon, and those that reading it adds: a small sensor with a short exposure.
    private const double FullWell = 4000;
    private const double ReadNoise = 4;

    // The amplifier reaches no further: below 1/8 of noon's light the picture gets dark.
    private const double MostGain = 8;

    private const double Gamma = 2.2;

    /// <summary>Takes a picture of an 8-bit BGR scene, which becomes it. The same randomness gives the same picture.</summary>
    public static void Take(Mat scene, Conditions conditions, Random random)
    {
        using var light = new Mat();
        scene.ConvertTo(light, MatType.CV_32FC3, 1 / 255.0);
        Cv2.Pow(light, Gamma, light);
        Blur(light, conditions, random.Between(0.5, 1.3));
        var gain = Math.Min(1 / conditions.Light, MostGain);
        light.ConvertTo(light, -1, conditions.Light * gain);
        AddGlare(light, conditions.Glare, random);
        AddNoise(light, gain, random);
        Cv2.Min(light, 1, light);
        Cv2.Max(light, 0, light);
        Cv2.Pow(light, 1 / Gamma, light);
        light.ConvertTo(scene, MatType.CV_8UC3, 255);
        if (conditions.Grey)
        {
            Cv2.CvtColor(scene, scene, ColorConversionCodes.BGR2GRAY);
            Cv2.CvtColor(scene, scene, ColorConversionCodes.GRAY2BGR);
        }

        Code(scene, conditions);
    }

    private static void Code(Mat picture, Conditions conditions)
    {
        if (conditions.JpegQuality is not { } quality)
        {
            VideoCoding.Apply(picture, conditions.Quantiser);
            return;
        }

        Cv2.ImEncode(".jpg", picture, out var jpeg, new ImageEncodingParam(ImwriteFlags.JpegQuality, quality));
        using var coded = Cv2.ImDecode(jpeg, ImreadModes.Color);
        coded.CopyTo(picture);
    }

    private static void Blur(Mat light, Conditions conditions, double speed)
    {
        using var disc = Kernel(Enumerable.Range(0, 400).Select(i => (Radius: conditions.DefocusPx * Math.Sqrt((i + 0.5) / 400), Angle: i * 2.399963))
            .Select(p => new Point2d(p.Radius * Math.Cos(p.Angle), p.Radius * Math.Sin(p.Angle))));
        Cv2.Filter2D(light, light, -1, disc, null, 0, BorderTypes.Replicate);
        var (sin, cos) = Math.SinCos(conditions.MotionDegrees * Math.PI / 180);
        var way = conditions.MotionPx * speed;
        using var line = Kernel(Enumerable.Range(0, 60).Select(i => way * (((i + 0.5) / 60) - 0.5)).Select(s => new Point2d(s * cos, s * sin)));
        Cv2.Filter2D(light, light, -1, line, null, 0, BorderTypes.Replicate);
    }

    // Points of light, each shared by the four pixels round it.
    private static Mat Kernel(IEnumerable<Point2d> points)
    {
        var spots = points.ToArray();
        var half = (int)Math.Ceiling(spots.Max(p => Math.Max(Math.Abs(p.X), Math.Abs(p.Y)))) + 1;
        var kernel = new Mat((2 * half) + 1, (2 * half) + 1, MatType.CV_32FC1, Scalar.All(0));
        foreach (var spot in spots)
        {
            var (x, y) = (spot.X + half, spot.Y + half);
            var (column, row) = ((int)x, (int)y);
            var (right, down) = (x - column, y - row);
            foreach (var (dx, dy, weight) in ((int, int, double)[])[(0, 0, (1 - right) * (1 - down)), (1, 0, right * (1 - down)), (0, 1, (1 - right) * down), (1, 1, right * down)])
            {
                kernel.At<float>(Math.Min(row + dy, 2 * half), Math.Min(column + dx, 2 * half)) += (float)(weight / spots.Length);
            }
        }

        return kernel;
    }

    // A lamp's or the sun's mirror image near the plate with its halo and a streak across.
    private static void AddGlare(Mat light, double level, Random random)
    {
        var (x, y) = (random.Between(0.2, 0.8) * light.Width, random.Between(0.25, 0.75) * light.Height);
        var reach = random.Between(0.06, 0.3) * light.Width;
        if (level <= 0)
        {
            return;
        }

        double Bell(double distance, double spread) => Math.Exp(-0.5 * Math.Pow(distance / spread, 2));
        double[] across = [.. Enumerable.Range(0, light.Width).Select(i => Bell(i - x, reach))];
        double[] wide = [.. Enumerable.Range(0, light.Width).Select(i => 0.3 / (1 + Math.Pow((i - x) / (2.5 * reach), 2)))];
        var glare = Enumerable.Range(0, light.Height).Select(i => (Halo: Bell(i - y, reach), Streak: Bell(i - y, 0.08 * reach)))
            .SelectMany(row => across.Zip(wide, (halo, streak) => (float)((row.Halo * halo) + (row.Streak * streak)))).ToArray();
        using var one = Mat.FromPixelData(light.Height, light.Width, MatType.CV_32FC1, glare);
        using var three = new Mat();
        Cv2.Merge([one, one, one], three);
        Cv2.ScaleAdd(three, level, light, light);
    }

    // A pixel of e electrons has a variance of e, and reading adds its own.
    private static void AddNoise(Mat light, double gain, Random random)
    {
        using var deviation = new Mat();
        using var noise = new Mat(light.Size(), MatType.CV_32FC3);
        light.ConvertTo(deviation, -1, FullWell / gain, ReadNoise * ReadNoise);
        Cv2.Sqrt(deviation, deviation);
        Cv2.SetTheRNG((ulong)random.Next() + 1);
        Cv2.Randn(noise, Scalar.All(0), Scalar.All(gain / FullWell));
        Cv2.Multiply(noise, deviation, noise);
        Cv2.Add(light, noise, light);
    }
}
