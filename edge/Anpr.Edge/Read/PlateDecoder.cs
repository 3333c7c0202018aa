using Anpr.Models.Plates;

namespace Anpr.Edge.Read;

/// <summary>Turns the reader's probabilities for one crop into a read. Pure.</summary>
/// <param name="options">How.</param>
/// <param name="temperature">The model's calibration: a text's probability is raised to this power, more than 0.</param>
/// <param name="countries">For the country of a text.</param>
public sealed class PlateDecoder(ReadOptions options, float temperature, CountryTable countries)
{
    /// <summary>Lines of the reader's output: top and bottom.</summary>
    public const int Lines = 2;

    /// <summary>
    /// Reads one crop. <paramref name="characters"/> is 2 x T x 37: for each line T steps of probabilities, class 0 the blank.
    /// <paramref name="look"/> is the probability of each country by the plate's looks, null when the model does not give it.
    /// </summary>
    public PlateRead Decode(ReadOnlySpan<float> characters, IReadOnlyDictionary<string, float>? look = null)
    {
        var half = characters.Length / Lines;
        var top = new CtcLine(characters[..half]);
        var bottom = new CtcLine(characters[half..]);
        var texts = Combine(top.Best(options.BeamWidth), bottom.Best(options.BeamWidth));
        var (upper, lower, _) = texts[0];
        var read = new List<CharacterRead>();
        read.AddRange(Describe(top.Distributions(upper), upper));
        read.AddRange(Describe(bottom.Distributions(lower), lower));
        var merged = texts
            .GroupBy(t => t.Top + t.Bottom, StringComparer.Ordinal)
            .Select(g => new TextProbability(g.Key, Calibrate(g.Sum(t => Math.Exp(t.LogP)))))
            .OrderByDescending(t => t.P)
            .ToList();
        var text = upper + lower;
        return new(text, merged.Find(m => m.Text == text)!.P, read, CountryOf(text, look), lower.Length > 0 && upper.Length > 0 ? 2 : 1)
        {
            Alternatives = [.. merged.Where(m => m.Text != text && m.P >= options.MinAlternative)],
        };
    }

    private List<(string Top, string Bottom, double LogP)> Combine(
        IReadOnlyList<(string Text, double LogP)> top, IReadOnlyList<(string Text, double LogP)> bottom) =>
        [.. top.SelectMany(t => bottom.Select(b => (t.Text, b.Text, t.LogP + b.LogP))).OrderByDescending(x => x.Item3).Take(options.BeamWidth)];

    private float Calibrate(double p) => (float)Math.Pow(Math.Clamp(p, 0, 1), temperature);

    private IEnumerable<CharacterRead> Describe(IReadOnlyList<float[]> distributions, string text) =>
        distributions.Select((d, i) => Describe(d, text[i], options.MinAlternative));

    /// <summary>One position out of its distribution over the alphabet.</summary>
    internal static CharacterRead Describe(float[] distribution, char best, float minAlternative) => new(
        best,
        Math.Min(1, distribution[PlateText.Alphabet.IndexOf(best, StringComparison.Ordinal)]),
        [.. distribution
            .Select((p, i) => new CharacterAlternative(PlateText.Alphabet[i], p))
            .Where(a => a.C != best && a.P >= minAlternative)
            .OrderByDescending(a => a.P)
            .Take(5)]);

    // By syntax alone only when one country issues such texts; the looks decide among those that do, or alone when they are sure.
    private string? CountryOf(string text, IReadOnlyDictionary<string, float>? look)
    {
        var fits = countries.Match(text);
        if (look is null)
        {
            return fits is [var one] ? one : null;
        }

        var among = fits.Where(look.ContainsKey).OrderByDescending(c => look[c]).ToList();
        var total = among.Sum(c => look[c]);
        if (among.Count > 0 && total > 0.1f)
        {
            return look[among[0]] / total > 0.7f ? among[0] : null;
        }

        var seen = look.Where(l => l.Key != "??").OrderByDescending(l => l.Value).FirstOrDefault();
        return seen.Value > 0.9f ? seen.Key : null;
    }
}
