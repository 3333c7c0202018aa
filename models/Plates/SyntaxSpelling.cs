using System.Numerics;

namespace Anpr.Models.Plates;

/// <summary>
/// One spelling under all formats of its length: a text of no format has lift 1, each format that describes it adds its weight. Its
/// characters are independent, so the sum over all texts of a format is a product of sums over its sets: nothing has to be searched.
/// </summary>
internal readonly ref struct SyntaxSpelling
{
    // A format that takes a smaller part of its spelling than this names no text of its own.
    private const double Negligible = 1e-3;

    private readonly SyntaxColumn[] _columns;
    private readonly SyntaxFormats? _formats;
    private readonly double[] _weights;
    private readonly double[]? _times;
    private readonly double _p;

    /// <param name="spelling">What the reader saw.</param>
    /// <param name="syntax">The formats.</param>
    /// <param name="times">Factor of each country, null for 1.</param>
    public SyntaxSpelling(Spelling spelling, PlateSyntax syntax, double[]? times)
    {
        _p = spelling.P;
        _times = times;
        _columns = new SyntaxColumn[spelling.Columns.Count];
        for (var k = 0; k < _columns.Length; k++)
        {
            _columns[k] = new(spelling.Columns[k]);
        }

        _formats = syntax.Formats(_columns.Length);
        _weights = new double[_formats?.Count ?? 0];
        _formats?.Weigh(times, _weights);
    }

    private int Length => _columns.Length;

    /// <summary>
    /// Adds the likeliest text and the likeliest of each format that matters, and to <paramref name="byCountry"/> the weight of each
    /// country's texts. Returns the weight of all texts together.
    /// </summary>
    public double Gather(SyntaxCandidates found, int number, Span<double> byCountry)
    {
        Span<byte> text = stackalloc byte[Length];
        for (var k = 0; k < Length; k++)
        {
            text[k] = (byte)_columns[k].Best(ulong.MaxValue >> (64 - SyntaxColumn.Symbols));
        }

        Add(text, found, number, 0);
        Span<double> sums = stackalloc double[_weights.Length];
        var all = 1 + SumUp(sums, Masses(stackalloc double[Length * SetCount]));
        for (var f = 0; f < sums.Length; f++)
        {
            if (sums[f] >= Negligible * all)
            {
                var sets = _formats!.SetsOf(f);
                for (var k = 0; k < Length; k++)
                {
                    text[k] = (byte)_columns[k].Best(_formats.Sets[sets[k]]);
                }

                Add(text, found, number, 0);
                _formats.Share(f, _p * sums[f], _times, byCountry);
            }
        }

        return _p * all;
    }

    /// <summary>Adds the texts that differ from one in a single character and weigh as much as <paramref name="least"/>.</summary>
    public void GatherNeighbours(string text, SyntaxCandidates found, int number, double least)
    {
        Span<byte> places = stackalloc byte[Length];
        PlateSyntax.Spell(text, places);
        for (var k = 0; k < Length; k++)
        {
            var own = places[k];
            for (var bits = _columns[k].Listed & ~(1UL << own); bits != 0; bits &= bits - 1)
            {
                places[k] = (byte)BitOperations.TrailingZeroCount(bits);
                Add(places, found, number, least);
            }

            places[k] = own;
        }
    }

    /// <summary>For each character its distribution over the alphabet under all formats.</summary>
    public IReadOnlyList<float[]> Marginals()
    {
        Span<double> sums = stackalloc double[_weights.Length];
        Span<double> masses = stackalloc double[Length * SetCount];
        Span<double> lifts = stackalloc double[SyntaxColumn.Symbols];
        Span<double> bySet = stackalloc double[SetCount];
        var all = 1 + SumUp(sums, Masses(masses));
        var result = new float[Length][];
        for (var k = 0; k < Length; k++)
        {
            bySet.Clear();
            for (var f = 0; f < sums.Length; f++)
            {
                bySet[_formats!.SetsOf(f)[k]] += sums[f];
            }

            lifts.Fill(1);
            for (var s = 0; s < SetCount; s++)
            {
                var lift = bySet[s] > 0 ? bySet[s] / masses[(k * SetCount) + s] : 0;
                for (var bits = lift > 0 ? _formats!.Sets[s] : 0; bits != 0; bits &= bits - 1)
                {
                    lifts[BitOperations.TrailingZeroCount(bits)] += lift;
                }
            }

            result[k] = new float[SyntaxColumn.Symbols];
            for (var c = 0; c < SyntaxColumn.Symbols; c++)
            {
                result[k][c] = (float)(_columns[k][c] * lifts[c] / all);
            }
        }

        return result;
    }

    private int SetCount => _formats?.Sets.Length ?? 0;

    // For each character the probability of each set.
    private Span<double> Masses(Span<double> masses)
    {
        for (var k = 0; k < Length; k++)
        {
            for (var s = 0; s < SetCount; s++)
            {
                masses[(k * SetCount) + s] = _columns[k].Mass(_formats!.Sets[s]);
            }
        }

        return masses;
    }

    // The weight of all texts of each format, and of all formats.
    private double SumUp(Span<double> sums, ReadOnlySpan<double> masses)
    {
        var all = 0.0;
        for (var f = 0; f < sums.Length; f++)
        {
            var sum = _weights[f];
            var sets = _formats!.SetsOf(f);
            for (var k = 0; k < sets.Length && sum > 0; k++)
            {
                sum *= masses[(k * SetCount) + sets[k]];
            }

            sums[f] = sum;
            all += sum;
        }

        return all;
    }

    private void Add(ReadOnlySpan<byte> places, SyntaxCandidates found, int number, double least)
    {
        Span<char> text = stackalloc char[places.Length];
        for (var k = 0; k < text.Length; k++)
        {
            text[k] = PlateText.Alphabet[places[k]];
        }

        if (found.Has(text, number))
        {
            return;
        }

        var weight = _p * (1 + (_formats?.Sum(places, _weights) ?? 0));
        for (var k = 0; k < places.Length; k++)
        {
            weight *= _columns[k][places[k]];
        }

        if (weight >= least)
        {
            found.Add(text, weight, number);
        }
    }
}
