using System.Numerics;

namespace Anpr.Models.Plates;

/// <summary>One character's distribution, made fast to ask: the few characters that matter, and one share for each of the others.</summary>
internal readonly struct SyntaxColumn
{
    /// <summary>Size of the alphabet.</summary>
    public const int Symbols = 36;

    // What is less likely than this is no reader's opinion: all of it is spread evenly.
    private const float Negligible = 1e-4f;

    private readonly float[] _p;
    private readonly double _scale;
    private readonly double _rest;

    /// <param name="p">36 numbers, none negative, not all 0.</param>
    public SyntaxColumn(float[] p)
    {
        _p = p;
        var (sum, listed) = (0.0, 0.0);
        for (var c = 0; c < Symbols; c++)
        {
            sum += p[c];
            if (p[c] >= Negligible)
            {
                Listed |= 1UL << c;
                listed += p[c];
            }
        }

        _scale = 1 / sum;
        var others = Symbols - BitOperations.PopCount(Listed);
        _rest = others == 0 ? 0 : Math.Max(0, sum - listed) * _scale / others;
    }

    /// <summary>The characters that matter, one bit each.</summary>
    public ulong Listed { get; }

    /// <summary>Probability of one character.</summary>
    public double this[int c] => (Listed >> c & 1) == 1 ? _p[c] * _scale : _rest;

    /// <summary>Probability that the character is one of a set.</summary>
    public double Mass(ulong set)
    {
        var mass = _rest * BitOperations.PopCount(set & ~Listed);
        for (var bits = set & Listed; bits != 0; bits &= bits - 1)
        {
            mass += _p[BitOperations.TrailingZeroCount(bits)] * _scale;
        }

        return mass;
    }

    /// <summary>The likeliest character of a set that is not empty.</summary>
    public int Best(ulong set)
    {
        var best = BitOperations.TrailingZeroCount(set);
        for (var bits = set & Listed; bits != 0; bits &= bits - 1)
        {
            var c = BitOperations.TrailingZeroCount(bits);
            best = this[c] > this[best] ? c : best;
        }

        return best;
    }
}
