using System.Numerics;

namespace Anpr.Models.Plates;

/// <summary>All formats of one length, compiled. Immutable, thread-safe.</summary>
internal sealed class SyntaxFormats
{
    private readonly ulong[] _sets;
    private readonly byte[] _setOf;
    private readonly double[] _lift;
    private readonly (int Country, double Share)[][] _issuers;

    /// <param name="length">Characters of a text.</param>
    /// <param name="formats">For each format of each country the sets of its characters and how much likelier its texts are than texts of no format.</param>
    /// <param name="trust">Exponent of what the formats say together, 0..1.</param>
    /// <param name="most">Largest value that is left of it, more than 0.</param>
    public SyntaxFormats(int length, IEnumerable<(int Country, ulong[] Sets, double Lift)> formats, double trust, double most)
    {
        Length = length;
        var different = formats
            .GroupBy(f => string.Join(',', f.Sets), StringComparer.Ordinal)
            .Select(g => (g.First().Sets, Lift: g.Sum(f => f.Lift), Issuers: g.GroupBy(f => f.Country).Select(c => (c.Key, c.Sum(f => f.Lift))).ToArray()))
            .ToList();
        _sets = [.. different.SelectMany(f => f.Sets).Distinct()];
        _setOf = [.. different.SelectMany(f => f.Sets).Select(s => (byte)Array.IndexOf(_sets, s))];
        _issuers = [.. different.Select(f => f.Issuers.Select(i => (i.Key, i.Item2 / f.Lift)).ToArray())];

        // What the formats say of a typical text of this one, all together, is what is trusted in part and bounded: many countries that
        // issue the same texts are to count like one.
        _lift = [.. different.Select(f =>
        {
            var together = 1 + different.Sum(g => g.Lift * Overlap(f.Sets, g.Sets));
            return f.Lift / together * Math.Min(Math.Pow(together, trust) - 1, most);
        })];
        Most = most;
    }

    /// <summary>Characters of a text.</summary>
    public int Length { get; }

    /// <summary>Number of formats, those that describe the same texts counted once.</summary>
    public int Count => _lift.Length;

    /// <summary>Largest weight of a format.</summary>
    public double Most { get; }

    /// <summary>The different sets of characters.</summary>
    public ReadOnlySpan<ulong> Sets => _sets;

    /// <summary>For each character of a format the place of its set in <see cref="Sets"/>.</summary>
    public ReadOnlySpan<byte> SetsOf(int format) => _setOf.AsSpan(format * Length, Length);

    /// <summary>Weight of each format, <see cref="Count"/> numbers; <paramref name="times"/> is each country's factor, null for 1.</summary>
    public void Weigh(double[]? times, Span<double> weights)
    {
        _lift.CopyTo(weights);
        if (times is null)
        {
            return;
        }

        for (var f = 0; f < weights.Length; f++)
        {
            var factor = 0.0;
            foreach (var (country, share) in _issuers[f])
            {
                factor += share * times[country];
            }

            weights[f] = Math.Min(weights[f] * factor, Most);
        }
    }

    /// <summary>Sum of the weights of the formats that describe the text.</summary>
    public double Sum(ReadOnlySpan<byte> text, ReadOnlySpan<double> weights)
    {
        var sum = 0.0;
        for (var f = 0; f < weights.Length; f++)
        {
            sum += Fits(f, text) ? weights[f] : 0;
        }

        return sum;
    }

    /// <summary>Adds to each country that issues a format its part of a weight.</summary>
    public void Share(int format, double weight, double[]? times, Span<double> byCountry)
    {
        var whole = 0.0;
        foreach (var (country, share) in _issuers[format])
        {
            whole += share * (times?[country] ?? 1);
        }

        foreach (var (country, share) in _issuers[format])
        {
            byCountry[country] += weight * share * (times?[country] ?? 1) / whole;
        }
    }

    // True when the format describes the text, given as places in the alphabet.
    private bool Fits(int format, ReadOnlySpan<byte> text)
    {
        var sets = SetsOf(format);
        for (var k = 0; k < sets.Length; k++)
        {
            if ((_sets[sets[k]] >> text[k] & 1) == 0)
            {
                return false;
            }
        }

        return true;
    }

    // Share of the texts of a format that another one describes too.
    private static double Overlap(ulong[] texts, ulong[] others)
    {
        var share = 1.0;
        for (var k = 0; k < texts.Length && share > 0; k++)
        {
            share *= (double)BitOperations.PopCount(texts[k] & others[k]) / BitOperations.PopCount(texts[k]);
        }

        return share;
    }
}
