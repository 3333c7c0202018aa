namespace Anpr.Models.Plates;

/// <summary>How a pattern of a watchlist is compared.</summary>
public enum ListedKind
{
    /// <summary>The whole registration; one glyph of O and 0, and of I and 1, counts as loose.</summary>
    Exact,

    /// <summary><c>?</c> stands for one character, <c>*</c> for any number.</summary>
    Wildcard,

    /// <summary>Whatever read may be the registration with at least <see cref="ListedPattern.Least"/>.</summary>
    Fuzzy,
}

/// <summary>What a watchlist's entry looks for.</summary>
/// <param name="Pattern">Folded registration or pattern.</param>
/// <param name="Kind">How it is compared.</param>
/// <param name="Least">Of a fuzzy one: the least probability that the plate is the listed one, 0..1; others do not ask.</param>
public readonly record struct ListedPattern(string Pattern, ListedKind Kind, double Least = ListedPattern.UsualLeast)
{
    /// <summary>
    /// The least probability of a fuzzy entry for which nothing else was asked: a look-alike of a sure read is a hit; a character that our reader seldom
    /// takes for the listed one is not, nor is one too many.
    /// </summary>
    public const double UsualLeast = 0.05;

    /// <summary>
    /// How a read fits, and with which probability the plate is the listed one (null for a wildcard, which names no one plate). Lane and hub both
    /// match by this.
    /// </summary>
    public (PatternFit Fit, double? Probability) Of(PlateReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        var fit = WatchlistPattern.Fit(Pattern, reading.Text);
        if (Pattern.AsSpan().ContainsAny('?', '*'))
        {
            return (fit, null);
        }

        var probability = fit != PatternFit.None || Kind == ListedKind.Fuzzy ? reading.ProbabilityOf(Pattern) : 0;
        return fit == PatternFit.None && Kind == ListedKind.Fuzzy && probability >= Least ? (PatternFit.Loose, probability) : (fit, probability);
    }

    /// <summary>
    /// The texts, read as a source without probabilities gives them, that a fuzzy entry takes for its registration though they are not,
    /// the likeliest first; none of another kind.
    /// </summary>
    public IReadOnlyList<(string Text, double Probability)> Misreads()
    {
        if (Kind != ListedKind.Fuzzy)
        {
            return [];
        }

        var (pattern, least) = (Pattern, Least);
        var positions = Enumerable.Range(0, pattern.Length + 1);
        var texts = positions.SelectMany(i => PlateText.Alphabet.Select(c => pattern.Insert(i, c.ToString())))
            .Concat(positions.SkipLast(1).Select(i => pattern.Remove(i, 1)))
            .Concat(positions.SkipLast(1).SelectMany(i => PlateText.Alphabet.Select(c => pattern.Remove(i, 1).Insert(i, c.ToString()))));
        return [.. texts.Distinct(StringComparer.Ordinal).Where(t => t != pattern)
            .Select(t => (t, PlateReading.Of(t).ProbabilityOf(pattern))).Where(m => m.Item2 >= least)
            .OrderByDescending(m => m.Item2).ThenBy(m => m.t, StringComparer.Ordinal)];
    }
}
