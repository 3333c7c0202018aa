using System.Numerics;

namespace Anpr.Models.Plates;

/// <summary>
/// Weighs what a reader saw by how often countries issue such texts: a prior, no filter. P(text | picture, formats) is proportional to
/// P(text | picture) x lift(text), where lift is the prior over what the reader itself takes every text of that length for, in part
/// (Plates/README.md). The prior is a mixture: a share for texts of no known format, spread evenly over 8 lengths and the alphabet, and
/// for each format of each country its weight over the number of texts that it describes. A text that the reader is sure of (0.999 a character) stays whatever
/// its format. Countries serve reading only: nothing that is decided about a vehicle or its people may come out of them
/// (Equality Act 2010). Immutable, thread-safe.
/// </summary>
public sealed class PlateSyntax
{
    // One plate in 20 fits no line of the table: diplomatic, military and chosen ones, other continents, new series. Of the held-out crops
    // (docs/reading.md) the rendered ones have the same log loss at 0.02, 0.05 and 0.1 within 0.002, the few real ones 0.172 to 0.164.
    private const double NoFormat = 0.05;
    private const int LengthsOfNoFormat = 8; // 1 to 8; the few longer ones are counted like those

    // The reader was taught with texts of these formats, so its probabilities hold a part of the prior already: it is counted to this
    // power. Log loss at 0.2, 0.3, 0.4, 0.5, 0.6 and 0.8: 0.197, 0.198, 0.199, 0.201, 0.203, 0.209 on 4,000 held-out rendered crops (0.249
    // without syntax), 0.154, 0.159, 0.162, 0.169, 0.170, 0.175 on 134 real ones (0.175), 0.130, 0.131, 0.134, 0.137, 0.140, 0.142 over
    // several frames of 799 plates (0.234); from 0.4 on the texts right are as many as they get.
    private const double Trust = 0.4;

    // No format makes a text more than this likelier than one of no format: a character of 0.999 against 0.001 outweighs it.
    private const double MostLift = 300;

    // The picture's country is never believed beyond this: looks are learnt from rendered plates. On held-out ones the log loss is the same
    // within 0.002 at 0.02 to 0.4, over several frames 0.139 at 0.02, 0.137 at 0.1, 0.132 at 0.4.
    private const double LookDoubt = 0.1;

    // A country is told when it is at least this likely.
    private const double SureOfCountry = 0.8;

    private const double LeastListed = 0.001;

    private readonly SyntaxFormats?[] _byLength;
    private readonly double[] _countryWeights;

    /// <summary>Compiles a table.</summary>
    public PlateSyntax(CountryTable countries)
    {
        ArgumentNullException.ThrowIfNull(countries);
        Countries = countries;
        var all = countries.Countries.Sum(c => c.Weight);
        _countryWeights = [.. countries.Countries.Select(c => c.Weight / all)];
        var formats = countries.Countries.SelectMany((c, i) => Lifts(c, i)).ToLookup(f => f.Sets.Length);
        _byLength = new SyntaxFormats?[formats.Max(g => g.Key) + 1];
        foreach (var length in formats)
        {
            _byLength[length.Key] = new(length.Key, length, Trust, MostLift);
        }
    }

    /// <summary>The table.</summary>
    public CountryTable Countries { get; }

    /// <summary>
    /// What the plate says. <paramref name="look"/> is the probability of each country of the table, in its order, by the plate's looks;
    /// what is missing to 1 is "unknown" and leaves the prior as it is. Throws <see cref="ArgumentException"/> when there is no spelling.
    /// </summary>
    public PlatePosterior Apply(IReadOnlyList<Spelling> spellings, IReadOnlyList<float>? look = null)
    {
        ArgumentNullException.ThrowIfNull(spellings);
        if (spellings.Count == 0)
        {
            throw new ArgumentException("a plate has one spelling at least", nameof(spellings));
        }

        var times = look is null ? null : Times(look);
        var total = Math.Max(0, 1 - spellings.Sum(s => s.P));
        var found = new SyntaxCandidates();
        Span<double> byCountry = stackalloc double[_countryWeights.Length];
        for (var i = 0; i < spellings.Count; i++)
        {
            total += new SyntaxSpelling(spellings[i], this, times).Gather(found, i, byCountry);
        }

        var best = found.Best();
        var chosen = new SyntaxSpelling(spellings[best.Spelling], this, times);
        chosen.GatherNeighbours(best.Text, found, best.Spelling, LeastListed * total);
        return new(best.Text, found.WeightOf(best.Text) / total, chosen.Marginals(), found.Others(best.Text, total, LeastListed), Sure(byCountry, total));
    }

    /// <summary>What several looks at one plate say of its country together, in the form of <see cref="Apply"/>; null when there is none.</summary>
    /// <param name="looks">Each look with its weight.</param>
    /// <param name="scale">By which the weighted sum of their log-likelihoods is multiplied.</param>
    public IReadOnlyList<float>? Together(IEnumerable<(IReadOnlyList<float>? Look, float Weight)> looks, double scale)
    {
        double[]? logs = null;
        foreach (var (look, weight) in looks)
        {
            if (look is null)
            {
                continue;
            }

            logs ??= new double[_countryWeights.Length];
            var times = Times(look);
            for (var c = 0; c < logs.Length; c++)
            {
                logs[c] += weight * scale * Math.Log(times[c]);
            }
        }

        if (logs is null)
        {
            return null;
        }

        var most = logs.Max();
        var p = logs.Select((l, c) => _countryWeights[c] * Math.Exp(l - most)).ToArray();
        var sum = p.Sum();
        return Array.ConvertAll(p, x => (float)(x / sum));
    }

    /// <summary>The formats of a length; null when there is none.</summary>
    internal SyntaxFormats? Formats(int length) => length < _byLength.Length ? _byLength[length] : null;

    /// <summary>The text as places in the alphabet.</summary>
    internal static void Spell(ReadOnlySpan<char> text, Span<byte> places)
    {
        for (var k = 0; k < text.Length; k++)
        {
            places[k] = (byte)PlateText.Alphabet.AsSpan().IndexOf(text[k]);
        }
    }

    // How many times likelier than a text of no format a text of each format is, before the reader's own share is taken out.
    private IEnumerable<(int Country, ulong[] Sets, double Lift)> Lifts(Country country, int index)
    {
        var all = country.Formats.Sum(f => f.Weight);
        foreach (var format in country.Formats)
        {
            ulong[] sets = [.. PlatePattern.Parse(format.Pattern, country.Letters).Positions.Select(SetOf)];
            var prior = (1 - NoFormat) * _countryWeights[index] * format.Weight / all;
            foreach (var set in sets)
            {
                prior *= (double)SyntaxColumn.Symbols / BitOperations.PopCount(set);
            }

            yield return (index, sets, prior / (NoFormat / LengthsOfNoFormat));
        }
    }

    private static ulong SetOf(string characters)
    {
        var set = 0UL;
        foreach (var c in characters)
        {
            set |= 1UL << PlateText.Alphabet.IndexOf(c, StringComparison.Ordinal);
        }

        return set;
    }

    // By Bayes: a country's share with the looks over its share without.
    private double[] Times(IReadOnlyList<float> look)
    {
        var unknown = Math.Max(0, 1 - look.Sum());
        var times = new double[_countryWeights.Length];
        for (var c = 0; c < times.Length; c++)
        {
            times[c] = LookDoubt + ((1 - LookDoubt) * ((look[c] / _countryWeights[c]) + unknown));
        }

        return times;
    }

    private string? Sure(ReadOnlySpan<double> byCountry, double total)
    {
        var best = 0;
        for (var c = 0; c < byCountry.Length; c++)
        {
            best = byCountry[c] > byCountry[best] ? c : best;
        }

        return byCountry[best] / total >= SureOfCountry ? Countries.Countries[best].Code : null;
    }
}
