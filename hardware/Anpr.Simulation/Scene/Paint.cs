using System.Globalization;
using OpenCvSharp;

namespace Anpr.Simulation.Scene;

/// <summary>What several pictures of the scene are painted with. Colours are BGR.</summary>
internal static class Paint
{
    /// <summary>A colour of the form #RRGGBB.</summary>
    public static Scalar Hex(string colour)
    {
        var rgb = int.Parse(colour.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return new Scalar(rgb & 255, (rgb >> 8) & 255, (rgb >> 16) & 255);
    }

    /// <summary>A colour made lighter (above 1) or darker (below 1).</summary>
    public static Scalar Shade(Scalar colour, double factor) =>
        new(Math.Min(255, colour.Val0 * factor), Math.Min(255, colour.Val1 * factor), Math.Min(255, colour.Val2 * factor));

    /// <summary>A rectangle whose colour runs evenly from top to bottom.</summary>
    public static void Gradient(Mat onto, Rect area, Scalar top, Scalar bottom)
    {
        using var target = new Mat(onto, area & new Rect(0, 0, onto.Width, onto.Height));
        using var column = new Mat(2, 1, MatType.CV_8UC3);
        column.Set(0, 0, new Vec3b((byte)top.Val0, (byte)top.Val1, (byte)top.Val2));
        column.Set(1, 0, new Vec3b((byte)bottom.Val0, (byte)bottom.Val1, (byte)bottom.Val2));
        Cv2.Resize(column, target, target.Size(), 0, 0, InterpolationFlags.Linear);
    }

    /// <summary>A rectangle with round corners.</summary>
    public static void RoundRect(Mat onto, Rect area, int radius, Scalar colour)
    {
        Cv2.Rectangle(onto, new Rect(area.X + radius, area.Y, area.Width - (2 * radius), area.Height), colour, -1);
        Cv2.Rectangle(onto, new Rect(area.X, area.Y + radius, area.Width, area.Height - (2 * radius)), colour, -1);
        foreach (var x in (int[])[area.X + radius, area.Right - 1 - radius])
        {
            foreach (var y in (int[])[area.Y + radius, area.Bottom - 1 - radius])
            {
                Cv2.Circle(onto, x, y, radius, colour, -1, LineTypes.AntiAlias);
            }
        }
    }

    /// <summary>Makes every pixel brighter or darker by slow random blotches: clouds, worn asphalt, dirt.</summary>
    /// <param name="onto">8 bit, BGR.</param>
    /// <param name="cells">Blotches across.</param>
    /// <param name="strength">Standard deviation in grey levels.</param>
    /// <param name="random">Decides where they are.</param>
    public static void Blotch(Mat onto, int cells, double strength, Random random)
    {
        var rows = Math.Max(2, cells * onto.Height / onto.Width);
        using var small = new Mat(rows, cells, MatType.CV_32FC1);
        for (var y = 0; y < rows; y++)
        {
            for (var x = 0; x < cells; x++)
            {
                small.Set(y, x, (float)(Normal(random) * strength));
            }
        }

        using var large = new Mat();
        Cv2.Resize(small, large, onto.Size(), 0, 0, InterpolationFlags.Cubic);
        using var three = new Mat();
        Cv2.Merge([large, large, large], three);
        Cv2.Add(onto, three, onto, null, MatType.CV_8U);
    }

    /// <summary>A word in a plain outline font, its middle at a point.</summary>
    public static void Word(Mat onto, string word, Point middle, double heightPx, Scalar colour, int thickness)
    {
        // The font is 22 pixels high at scale 1.
        var scale = heightPx / 22;
        var size = Cv2.GetTextSize(word, HersheyFonts.HersheyDuplex, scale, thickness, out _);
        Cv2.PutText(onto, word, new Point(middle.X - (size.Width / 2), middle.Y + (size.Height / 2)), HersheyFonts.HersheyDuplex, scale, colour, thickness, LineTypes.AntiAlias);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
