using Anpr.Models.Plates;

namespace Anpr.Edge.Read;

/// <summary>Turns the reader's probabilities for one crop into a raw read. Pure.</summary>
/// <param name="options">How.</param>
/// <param name="temperature">The model's calibration: a text's probability is raised to this power, more than 0.</param>
public sealed class PlateDecoder(ReadOptions options, float temperature)
{
    /// <summary>Lines of the reader's output: top and bottom.</summary>
    public const int Lines = 2;

    /// <summary>Longest text of a plate; what reads longer is lettering, and no text.</summary>
    public const int MaxTextLength = 10;

    // Ways to divide a plate into characters: the read's own, and those with a character more or fewer in a line.
    private const int MostSpellings = 4;

    /// <summary>Divisions that are less likely than this are left out.</summary>
    internal const float LeastSpelling = 1e-4f;

    /// <summary>
    /// Reads one crop. <paramref name="characters"/> is 2 x T x 37: for each line T steps of probabilities, class 0 the blank.
    /// <paramref name="look"/> is the probability of each country of the table by the plate's looks, null when the model does not give it.
    /// </summary>
    public PlateRead Decode(ReadOnlySpan<float> characters, IReadOnlyList<float>? look = null)
    {
        var half = characters.Length / Lines;
        var top = new CtcLine(characters[..half]);
        var bottom = new CtcLine(characters[half..]);
        var texts = Combine(top.Best(options.BeamWidth), bottom.Best(options.BeamWidth));
        var (upper, lower, _) = texts[0];
        var merged = texts
            .GroupBy(t => t.Top + t.Bottom, StringComparer.Ordinal)
            .Select(g => new TextProbability(g.Key, (float)Math.Min(1, g.Sum(t => Math.Exp(t.LogP)))))
            .ToList();
        var text = upper + lower;
        var raw = merged.Find(m => m.Text == text)!.P;
        var spellings = Spellings(top, bottom, texts, raw);
        return new(text, Calibrate(raw), [.. spellings[0].Columns.Select((column, k) => Describe(column, text[k], options.MinAlternative))], lower.Length > 0 && upper.Length > 0 ? 2 : 1, spellings)
        {
            Alternatives = [.. merged.Where(m => m.Text != text).Select(m => m with { P = Calibrate(m.P) }).Where(m => m.P >= options.MinAlternative).OrderByDescending(m => m.P)],
            Look = look,
        };
    }

    // One a length of both lines, with the distributions of its likeliest text. The first has the text's calibrated probability, what
    // that leaves is shared by the others as the reader does.
    private List<Spelling> Spellings(CtcLine top, CtcLine bottom, List<(string Top, string Bottom, double LogP)> texts, float raw)
    {
        var found = new List<Spelling>();
        var own = Calibrate(raw);
        var left = 1 - own;
        foreach (var (upper, lower, logP) in texts.DistinctBy(t => (t.Top.Length, t.Bottom.Length)).Take(MostSpellings))
        {
            var columns = (float[][])[.. top.Distributions(upper), .. bottom.Distributions(lower)];
            var p = found.Count == 0 ? own : (1 - own) * Math.Min(1, Math.Exp(logP) / Math.Max(1e-9, 1 - raw));
            var all = (float)Math.Min(left + (found.Count == 0 ? own : 0), p / Product(columns, upper + lower));
            left = found.Count == 0 ? 1 - all : left - all;
            if (found.Count == 0 || all >= LeastSpelling)
            {
                found.Add(new(all, columns));
            }
        }

        return found;
    }

    private List<(string Top, string Bottom, double LogP)> Combine(
        IReadOnlyList<(string Text, double LogP)> top, IReadOnlyList<(string Text, double LogP)> bottom)
    {
        List<(string Top, string Bottom, double LogP)> best = [.. top.SelectMany(t => bottom.Select(b => (t.Text, b.Text, t.LogP + b.LogP))).OrderByDescending(x => x.Item3).Take(options.BeamWidth)];
        return best[0] is var (upper, lower, _) && upper.Length + lower.Length > MaxTextLength
            ? [("", "", double.NegativeInfinity)]
            : [.. best.Where(t => t.Top.Length + t.Bottom.Length <= MaxTextLength)];
    }

    private float Calibrate(double p) => (float)Math.Pow(Math.Clamp(p, 0, 1), temperature);

    /// <summary>Probability of a text given its division: the product of its characters', never 0.</summary>
    internal static double Product(IReadOnlyList<float[]> columns, string text)
    {
        var product = 1.0;
        for (var k = 0; k < columns.Count; k++)
        {
            product *= columns[k][PlateText.Alphabet.IndexOf(text[k], StringComparison.Ordinal)];
        }

        return Math.Max(1e-9, product);
    }

    /// <summary>One position out of its distribution over the alphabet.</summary>
    internal static CharacterRead Describe(float[] distribution, char best, float minAlternative) => new(
        best,
        Math.Min(1, distribution[PlateText.Alphabet.IndexOf(best, StringComparison.Ordinal)]),
        [.. distribution
            .Select((p, i) => new CharacterAlternative(PlateText.Alphabet[i], p))
            .Where(a => a.C != best && a.P >= minAlternative)
            .OrderByDescending(a => a.P)
            .Take(5)]);
}
