using OpenCvSharp;

namespace Anpr.Benchmarks.Reading;

/// <summary>Mud on a plate: patches with ragged edges that cover a given share of it.</summary>
internal static class Dirt
{
    // The field that decides where it lies: pixels, coarse and fine spots across.
    private static readonly Size Field = new(208, 48);
    private const int Coarse = 9;
    private const int Fine = 44;

    /// <summary>Covers <paramref name="share"/> (0..1) of an 8-bit BGR picture.</summary>
    public static void Cover(Mat plate, double share, Random random)
    {
        if (share <= 0)
        {
            return;
        }

        using var height = Spots(Coarse, 1, random);
        using var fine = Spots(Fine, 0.35, random);
        Cv2.Add(height, fine, height);
        height.GetArray(out float[] values);
        Array.Sort(values);
        var level = values[Math.Clamp((int)((1 - share) * values.Length), 0, values.Length - 1)];
        using var large = new Mat();
        Cv2.Resize(height, large, plate.Size(), 0, 0, InterpolationFlags.Cubic);
        using var cover = new Mat();
        // Thin at its edges: the field's height over the level is how thick it lies.
        var thickest = random.Between(0.8, 1);
        large.ConvertTo(cover, MatType.CV_32FC1, 8, -8 * level);
        Cv2.Max(cover, 0, cover);
        Cv2.Min(cover, thickest, cover);
        Lay(plate, cover, Mud(random));
    }

    private static Scalar Mud(Random random)
    {
        var grey = random.Between(45, 125);
        return new(grey * random.Between(0.65, 0.95), grey * random.Between(0.85, 1), grey);
    }

    private static Mat Spots(int across, double strength, Random random)
    {
        var down = Math.Max(3, across * Field.Height / Field.Width);
        var heights = Enumerable.Range(0, down * across).Select(_ => (float)random.Normal(strength)).ToArray();
        using var small = Mat.FromPixelData(down, across, MatType.CV_32FC1, heights);
        var spots = new Mat();
        Cv2.Resize(small, spots, Field, 0, 0, InterpolationFlags.Cubic);
        return spots;
    }

    private static void Lay(Mat plate, Mat cover, Scalar mud)
    {
        using var weight = new Mat();
        using var there = new Mat();
        using var laid = new Mat(plate.Size(), MatType.CV_32FC3, mud);
        Cv2.Merge([cover, cover, cover], weight);
        plate.ConvertTo(there, MatType.CV_32FC3);
        Cv2.Subtract(laid, there, laid);
        Cv2.Multiply(laid, weight, laid);
        Cv2.Add(there, laid, there);
        there.ConvertTo(plate, MatType.CV_8UC3);
    }
}
