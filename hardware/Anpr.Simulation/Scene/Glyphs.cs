using System.Globalization;
using OpenCvSharp;

namespace Anpr.Simulation.Scene;

/// <summary>
/// Characters drawn by us: the middle line of each stroke on a grid of 100 units height, x to the right, y down.
/// <c>M x y</c> lifts the pen, <c>L x y</c> draws a line, <c>E cx cy rx ry from to</c> an arc of an ellipse in degrees
/// (0 is to the right, 90 down); an arc begins with a line to its first point unless the pen was lifted before it.
/// </summary>
internal static class Glyphs
{
    /// <summary>Height of the grid in units; a stroke's own width comes on top.</summary>
    public const float Height = 100;

    private const double ArcStepDegrees = 12;

    private static readonly Dictionary<char, (float Width, string Strokes)> Drawn = new()
    {
        ['0'] = (50, "E 25 23 25 23 180 360 E 25 77 25 23 0 180 L 0 23"),
        ['1'] = (30, "M 0 22 L 26 0 L 26 100"),
        ['2'] = (50, "E 25 25 25 25 190 395 L 0 100 L 51 100"),
        ['3'] = (50, "E 25 24 23 24 200 450 E 25 74 25 26 270 520"),
        ['4'] = (52, "M 34 0 L 0 70 L 52 70 M 38 42 L 38 100"),
        ['5'] = (50, "M 47 0 L 6 0 L 3 46 E 24 68 26 32 225 500"),
        ['6'] = (50, "M 38 0 L 3 56 E 25 69 25 31 205 565"),
        ['7'] = (50, "M 0 0 L 50 0 L 18 100"),
        ['8'] = (50, "M 47 24 E 25 24 22 24 0 360 M 50 74 E 25 74 25 26 0 360"),
        ['9'] = (50, "M 12 100 L 47 44 E 25 31 25 31 25 385"),
        ['A'] = (56, "M 0 100 L 28 0 L 56 100 M 10 68 L 46 68"),
        ['B'] = (50, "M 0 49 L 27 49 E 27 24.5 20 24.5 90 -90 L 0 0 L 0 100 L 27 100 E 27 74.5 23 25.5 90 -90"),
        ['C'] = (50, "E 25 25 25 25 -15 -180 E 25 75 25 25 180 15"),
        ['D'] = (50, "M 0 0 L 22 0 E 22 28 28 28 -90 0 E 22 72 28 28 0 90 L 0 100 L 0 0"),
        ['E'] = (46, "M 46 0 L 0 0 L 0 100 L 47 100 M 0 48 L 40 48"),
        ['F'] = (45, "M 46 0 L 0 0 L 0 100 M 0 50 L 39 50"),
        ['G'] = (50, "E 25 25 25 25 -15 -180 E 25 75 25 25 180 0 L 50 55 L 29 55"),
        ['H'] = (50, "M 0 0 L 0 100 M 50 0 L 50 100 M 0 49 L 50 49"),
        ['I'] = (4, "M 2 0 L 2 100"),
        ['J'] = (38, "M 38 0 L 38 77 E 19 77 19 23 0 165"),
        ['K'] = (50, "M 0 0 L 0 100 M 48 0 L 2 60 M 17 42 L 51 100"),
        ['L'] = (44, "M 0 0 L 0 100 L 45 100"),
        ['M'] = (62, "M 0 100 L 0 0 L 31 62 L 62 0 L 62 100"),
        ['N'] = (52, "M 0 100 L 0 0 L 52 100 L 52 0"),
        ['O'] = (56, "E 28 28 28 28 180 360 E 28 72 28 28 0 180 L 0 28"),
        ['P'] = (50, "M 0 100 L 0 0 L 26 0 E 26 28 24 28 -90 90 L 0 56"),
        ['Q'] = (56, "E 28 28 28 28 180 360 E 28 72 28 28 0 180 L 0 28 M 32 74 L 57 104"),
        ['R'] = (50, "M 0 100 L 0 0 L 26 0 E 26 27 24 27 -90 90 L 0 54 M 26 54 L 51 100"),
        ['S'] = (50, "E 25 24.5 23 24.5 -22 -270 E 25 74.5 25 25.5 -90 158"),
        ['T'] = (50, "M 0 0 L 50 0 M 25 0 L 25 100"),
        ['U'] = (50, "M 0 0 L 0 75 E 25 75 25 25 180 0 L 50 0"),
        ['V'] = (54, "M 0 0 L 27 100 L 54 0"),
        ['W'] = (76, "M 0 0 L 19 100 L 38 14 L 57 100 L 76 0"),
        ['X'] = (52, "M 0 0 L 52 100 M 52 0 L 0 100"),
        ['Y'] = (54, "M 0 0 L 27 52 L 54 0 M 27 52 L 27 100"),
        ['Z'] = (50, "M 0 0 L 50 0 L 0 100 L 51 100"),
    };

    private static readonly Dictionary<char, IReadOnlyList<Point2d[]>> Strokes = Drawn.ToDictionary(glyph => glyph.Key, glyph => (IReadOnlyList<Point2d[]>)Parse(glyph.Value.Strokes));

    /// <summary>Width of a character in units, without the stroke's own width.</summary>
    public static float Width(char character) => Drawn[character].Width;

    /// <summary>Draws one character; (<paramref name="x"/>, <paramref name="y"/>) is the top left of its grid in pixels.</summary>
    public static void Draw(Mat onto, char character, double x, double y, double scaleX, double scaleY, int strokePx, Scalar colour)
    {
        // Four fractional bits: OpenCV takes fixed-point coordinates.
        var lines = Strokes[character]
            .Select(stroke => stroke.Select(p => new Point((x + (p.X * scaleX)) * 16, (y + (p.Y * scaleY)) * 16)).ToArray())
            .ToArray();
        Cv2.Polylines(onto, lines, false, colour, strokePx, LineTypes.AntiAlias, 4);
    }

    private static List<Point2d[]> Parse(string strokes)
    {
        var words = strokes.Split(' ');
        var lines = new List<Point2d[]>();
        var line = new List<Point2d>();
        double Number(int at) => double.Parse(words[at], CultureInfo.InvariantCulture);
        for (var i = 0; i < words.Length;)
        {
            if (words[i] == "E")
            {
                line.AddRange(Arc(Number(i + 1), Number(i + 2), Number(i + 3), Number(i + 4), Number(i + 5), Number(i + 6)));
                i += 7;
                continue;
            }

            if (words[i] == "M" && line.Count > 0)
            {
                lines.Add([.. line]);
                line.Clear();
            }

            line.Add(new Point2d(Number(i + 1), Number(i + 2)));
            i += 3;
        }

        lines.Add([.. line]);
        return lines;
    }

    private static IEnumerable<Point2d> Arc(double cx, double cy, double rx, double ry, double from, double to)
    {
        var steps = (int)Math.Ceiling(Math.Abs(to - from) / ArcStepDegrees);
        for (var i = 0; i <= steps; i++)
        {
            var angle = (from + ((to - from) * i / steps)) * Math.PI / 180;
            yield return new Point2d(cx + (rx * Math.Cos(angle)), cy + (ry * Math.Sin(angle)));
        }
    }
}
