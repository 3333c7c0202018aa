using OpenCvSharp;

namespace Anpr.Edge.Capture;

/// <summary>
/// Finds out whether a camera shows its known view from elsewhere: looks for pieces of the known pattern near where they were, and for one
/// shift, turn and zoom that explains most of those found. What hides a part of the view does not matter as long as the rest agrees.
/// </summary>
internal static class ViewShift
{
    private const int Pieces = 48;

    // Small pixels: border round a block that makes it a piece, and how far it is looked for (15 % of the width).
    private const int Border = 3;
    private const int Reach = 24;

    private const double FoundFrom = 0.8;
    private const double Tolerance = 1.6;
    private const int LeastAgreeing = 8;
    private const double LeastApart = 25;

    private readonly record struct Match(Point2d From, Point2d To);

    /// <summary>
    /// Mean shift of the pieces that agree, in shares of the picture's width; null when too few agree: not more than
    /// <paramref name="visible"/>, the share that is visible where it was. About 0 when the view is where it was.
    /// </summary>
    public static double? Of(KnownView known, HealthPicture now, float visible)
    {
        var (matches, pieces) = (new List<Match>(), 0);
        using var found = new Mat();
        foreach (var block in known.TexturedBlocks().OrderByDescending(b => KnownDeviation(known, b)).Take(Pieces))
        {
            pieces++;
            if (Find(known.Pattern, now.Pattern, block, found) is { } match)
            {
                matches.Add(match);
            }
        }

        var agreeing = LargestAgreement(matches);
        return agreeing.Count >= LeastAgreeing && agreeing.Count > visible * pieces
            ? agreeing.Average(m => m.From.DistanceTo(m.To)) / HealthPicture.Width
            : null;
    }

    private static double KnownDeviation(KnownView known, int block)
    {
        using var piece = new Mat(known.Pattern, Area(block, 0, known.Pattern.Size()));
        Cv2.MeanStdDev(piece, out _, out var deviation);
        return deviation.Val0;
    }

    private static Match? Find(Mat known, Mat now, int block, Mat found)
    {
        var area = Area(block, Border, known.Size());
        var around = Area(block, Border + Reach, known.Size());
        using var piece = new Mat(known, area);
        using var search = new Mat(now, around);
        Cv2.MatchTemplate(search, piece, found, TemplateMatchModes.CCoeffNormed);
        Cv2.MinMaxLoc(found, out _, out var best, out _, out var at);
        if (best < FoundFrom)
        {
            return null;
        }

        var from = new Point2d(area.X + (area.Width / 2.0), area.Y + (area.Height / 2.0));
        return new(from, new(from.X + at.X + around.X - area.X, from.Y + at.Y + around.Y - area.Y));
    }

    private static Rect Area(int block, int border, Size picture)
    {
        var (x, y) = (block % HealthPicture.Columns * HealthPicture.Block, block / HealthPicture.Columns * HealthPicture.Block);
        return new Rect(x - border, y - border, HealthPicture.Block + (2 * border), HealthPicture.Block + (2 * border)) & new Rect(0, 0, picture.Width, picture.Height);
    }

    /// <summary>The most matches that one similarity (shift, turn, zoom), given by two of them, explains.</summary>
    private static List<Match> LargestAgreement(List<Match> matches)
    {
        List<Match> best = [];
        for (var i = 0; i < matches.Count; i++)
        {
            for (var j = i + 1; j < matches.Count; j++)
            {
                if (Similarity(matches[i], matches[j]) is { } move)
                {
                    var agreeing = matches.FindAll(m => move(m.From).DistanceTo(m.To) <= Tolerance);
                    best = agreeing.Count > best.Count ? agreeing : best;
                }
            }
        }

        return best;
    }

    private static Func<Point2d, Point2d>? Similarity(Match a, Match b)
    {
        var (from, to) = (b.From - a.From, b.To - a.To);
        var squared = (from.X * from.X) + (from.Y * from.Y);
        if (squared < LeastApart * LeastApart)
        {
            return null;
        }

        // Division of complex numbers: to / from.
        var (re, im) = (((to.X * from.X) + (to.Y * from.Y)) / squared, ((to.Y * from.X) - (to.X * from.Y)) / squared);
        return Math.Sqrt((re * re) + (im * im)) is < 0.6 or > 1.7
            ? null
            : p => new(a.To.X + (re * (p.X - a.From.X)) - (im * (p.Y - a.From.Y)), a.To.Y + (im * (p.X - a.From.X)) + (re * (p.Y - a.From.Y)));
    }
}
