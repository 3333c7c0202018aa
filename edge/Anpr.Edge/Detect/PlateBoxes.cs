namespace Anpr.Edge.Detect;

/// <summary>Turns the detector's raw rows into plates: threshold, suppression, back to frame pixels. Pure.</summary>
public static class PlateBoxes
{
    /// <summary>Numbers in a row: score, box, four corners.</summary>
    public const int RowLength = 13;

    /// <summary>Boxes that overlap the best one by this much (IoU) are looks at the same edges; .75 to .85 do equally well, .5 errs by a thirtieth more.</summary>
    private const float CloseOverlap = 0.75f;

    /// <summary>
    /// Plates of one frame, best first. <paramref name="rows"/> is N x 13 in view pixels: score 0..1, x1, y1, x2, y2, then four corners
    /// x, y clockwise from the plate's own top left. Rows with a score below <paramref name="minScore"/>, that are not finite or narrower
    /// than the options allow are left out.
    /// </summary>
    public static IReadOnlyList<Plate> Decode(ReadOnlySpan<float> rows, View view, int frameWidth, int frameHeight, float minScore, DetectOptions options)
    {
        var candidates = new List<Plate>();
        for (var at = 0; at + RowLength <= rows.Length; at += RowLength)
        {
            var row = rows.Slice(at, RowLength);
            if (row[0] >= minScore && AllFinite(row) && ToPlate(row, view, frameWidth, frameHeight) is { } plate && plate.Box.Width >= options.MinWidthPx)
            {
                candidates.Add(plate);
            }
        }

        return Suppress(candidates, options.MaxOverlap, options.MaxPlates);
    }

    /// <summary>
    /// Makes one plate of those that overlap: the best one's score, and corners that are the mean of all that overlap it closely, weighted
    /// by their scores, because neighbouring cells err to different sides. At most <paramref name="max"/>, best first. Ties keep their order.
    /// </summary>
    public static IReadOnlyList<Plate> Suppress(IEnumerable<Plate> plates, float maxOverlap, int max)
    {
        var sorted = plates.OrderByDescending(p => p.Detection).ToList();
        var kept = new List<(Plate Best, List<Plate> Close)>();
        foreach (var plate in sorted)
        {
            var over = kept.Find(k => k.Best.Box.IoU(plate.Box) > maxOverlap || Covers(k.Best.Box, plate.Box));
            if (over.Best is not null)
            {
                if (over.Best.Box.IoU(plate.Box) > CloseOverlap)
                {
                    over.Close.Add(plate);
                }
            }
            else if (kept.Count < max)
            {
                kept.Add((plate, [plate]));
            }
        }

        return kept.ConvertAll(k => Mean(k.Best, k.Close));
    }

    private static Plate Mean(Plate best, List<Plate> close)
    {
        if (close.Count == 1)
        {
            return best;
        }

        var total = close.Sum(p => p.Detection);
        float Of(Func<Plate, float> coordinate) => close.Sum(p => p.Detection * coordinate(p)) / total;
        OpenCvSharp.Point2f Corner(Func<Quad, OpenCvSharp.Point2f> corner) => new(Of(p => corner(p.Quad).X), Of(p => corner(p.Quad).Y));
        var quad = new Quad(Corner(q => q.TopLeft), Corner(q => q.TopRight), Corner(q => q.BottomRight), Corner(q => q.BottomLeft));
        var box = new Box(Of(p => p.Box.X1), Of(p => p.Box.Y1), Of(p => p.Box.X2), Of(p => p.Box.Y2));
        return new(quad.IsUsable() ? quad : best.Quad, box, best.Detection);
    }

    // Plates do not cover each other: where boxes share much of the smaller one they are two looks at one plate, although different
    // sizes keep their IoU low.
    private static bool Covers(Box a, Box b)
    {
        var shared = new Box(Math.Max(a.X1, b.X1), Math.Max(a.Y1, b.Y1), Math.Min(a.X2, b.X2), Math.Min(a.Y2, b.Y2)).Area;
        return shared > 0.4f * Math.Min(a.Area, b.Area);
    }

    private static Plate? ToPlate(ReadOnlySpan<float> row, View view, int frameWidth, int frameHeight)
    {
        var (a, b) = (view.ToFrame(new(row[1], row[2])), view.ToFrame(new(row[3], row[4])));
        var box = new Box(
            Math.Clamp(a.X, 0, frameWidth), Math.Clamp(a.Y, 0, frameHeight), Math.Clamp(b.X, 0, frameWidth), Math.Clamp(b.Y, 0, frameHeight));
        if (box.Area <= 0)
        {
            return null;
        }

        var quad = new Quad(
            view.ToFrame(new(row[5], row[6])), view.ToFrame(new(row[7], row[8])), view.ToFrame(new(row[9], row[10])), view.ToFrame(new(row[11], row[12])));
        var usable = quad.IsUsable() && quad.Bounds().IoU(new(a.X, a.Y, b.X, b.Y)) > 0.2f;
        return new(usable ? quad : Quad.Of(box), box, Math.Min(1, row[0]));
    }

    private static bool AllFinite(ReadOnlySpan<float> row)
    {
        foreach (var value in row)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }
}
