using Anpr.Models.Plates;

namespace Anpr.Edge.Read;

/// <summary>
/// Several looks at one plate in one picture as one read: the mean of their probabilities, as of witnesses that are equally good and may
/// all err in the same way. Where they differ it is less sure than the surest of them. Pure.
/// </summary>
internal static class LookMixture
{
    /// <summary>
    /// Of the looks' texts the one to which they give most together, the first of equal ones. At least one look; alternatives below
    /// <paramref name="minAlternative"/> are not listed.
    /// </summary>
    public static PlateRead Of(IReadOnlyList<PlateRead> looks, float minAlternative)
    {
        if (looks is [var only])
        {
            return only;
        }

        var texts = looks
            .SelectMany(look => look.Alternatives.Prepend(new(look.Text, look.Confidence)))
            .GroupBy(t => t.Text, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.Sum(t => t.P) / looks.Count, StringComparer.Ordinal);
        var text = looks.Select(look => look.Text).MaxBy(t => texts[t])!;
        var spellings = Spellings(looks, text, texts[text]);
        return new(text, texts[text], [.. spellings[0].Columns.Select((column, k) => PlateDecoder.Describe(column, text[k], minAlternative))], looks.First(look => look.Text == text).Lines, spellings)
        {
            Alternatives = [.. texts.Where(t => t.Key != text && t.Value >= minAlternative).OrderByDescending(t => t.Value).Select(t => new TextProbability(t.Key, t.Value))],
            Look = looks[0].Look is null ? null : Mean([.. looks.Select(look => (1.0, (float[])[.. look.Look!]))]),
        };
    }

    // One for each number of characters; the first has the text's probability, and the others share what that leaves as the looks do.
    private static List<Spelling> Spellings(IReadOnlyList<PlateRead> looks, string text, float confidence)
    {
        var all = looks.SelectMany(look => look.Spellings).GroupBy(s => s.Columns.Count)
            .Select(same => new Spelling(same.Sum(s => s.P) / looks.Count, Columns([.. same])))
            .OrderByDescending(s => s.P)
            .ToList();
        var own = all.Find(s => s.Columns.Count == text.Length)!.Columns;
        var p = Math.Min(1, confidence / PlateDecoder.Product(own, text));
        var others = all.Where(s => s.Columns.Count != text.Length).ToList();
        var share = Math.Min(1, (1 - p) / Math.Max(1e-9, others.Sum(s => s.P)));
        return [new(p, own), .. others.Select(s => s with { P = s.P * share }).Where(s => s.P >= PlateDecoder.LeastSpelling)];
    }

    private static float[][] Columns(IReadOnlyList<Spelling> same) =>
        [.. Enumerable.Range(0, same[0].Columns.Count).Select(k => Mean([.. same.Select(s => (Math.Max(s.P, 1e-9), s.Columns[k]))]))];

    private static float[] Mean(IReadOnlyList<(double Weight, float[] P)> distributions)
    {
        var all = distributions.Sum(d => d.Weight);
        return [.. Enumerable.Range(0, distributions[0].P.Length).Select(c => (float)distributions.Sum(d => d.Weight / all * d.P[c]))];
    }
}
