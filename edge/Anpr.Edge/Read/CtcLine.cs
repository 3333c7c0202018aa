using Anpr.Models.Plates;

namespace Anpr.Edge.Read;

/// <summary>
/// One plate line as the reader gives it: T time steps of probabilities over blank and the alphabet, and what CTC (Graves et al. 2006,
/// "Connectionist temporal classification") makes of it. Pure.
/// </summary>
public readonly ref struct CtcLine
{
    /// <summary>Blank and 36 characters.</summary>
    public const int Classes = 37;

    private const double LogZero = double.NegativeInfinity;

    // Sums are scaled up from here on, far from where a double ends (1e-308): one step makes them smaller by 1e-12 at most.
    private const double Tiny = 1e-150;

    private readonly ReadOnlySpan<float> _p;

    /// <param name="probabilities">T x 37, each row sums to 1; class 0 is the blank.</param>
    public CtcLine(ReadOnlySpan<float> probabilities)
    {
        if (probabilities.IsEmpty || probabilities.Length % Classes != 0)
        {
            throw new ArgumentException($"length {probabilities.Length} is no multiple of {Classes}", nameof(probabilities));
        }

        _p = probabilities;
    }

    /// <summary>Time steps.</summary>
    public int Steps => _p.Length / Classes;

    /// <summary>Natural logarithm of the probability of exactly this text: the sum over all its alignments.</summary>
    public double LogProbability(ReadOnlySpan<char> text)
    {
        Span<int> classes = stackalloc int[(2 * text.Length) + 1];
        Spell(text, classes);
        Span<double> sums = stackalloc double[classes.Length];
        sums.Clear();
        sums[0] = 1;
        var scale = 0.0;
        for (var t = 0; t < Steps; t++)
        {
            // Downwards, so that the sums of the step before are still there where they are needed.
            var row = _p.Slice(t * Classes, Classes);
            var total = 0.0;
            for (var s = classes.Length - 1; s >= 0; s--)
            {
                var from = sums[s] + (s > 0 ? sums[s - 1] : 0) + (MaySkip(classes, s) ? sums[s - 2] : 0);
                sums[s] = from * Floored(row[classes[s]]);
                total += sums[s];
            }

            if (total is > 0 and < Tiny)
            {
                Scale(sums, 1 / total);
                scale += Math.Log(total);
            }
        }

        var last = sums[^1] + (sums.Length > 1 ? sums[^2] : 0);
        return Math.Log(last) + scale;
    }

    /// <summary>At most <paramref name="width"/> likeliest texts, best first, found by prefix beam search and then summed exactly. Never empty.</summary>
    public IReadOnlyList<(string Text, double LogP)> Best(int width)
    {
        var found = new List<(string Text, double LogP)>();
        foreach (var text in PrefixBeam.Search(_p, width))
        {
            found.Add((text, LogProbability(text)));
        }

        return [.. found.OrderByDescending(f => f.LogP).ThenBy(f => f.Text, StringComparer.Ordinal)];
    }

    /// <summary>
    /// For each character of the text its distribution over the alphabet (36 numbers that sum to 1), taken over the steps that the best
    /// alignment gives to it, the blank left out.
    /// </summary>
    public IReadOnlyList<float[]> Distributions(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return [];
        }

        Span<int> owner = stackalloc int[Steps];
        Align(text, owner);
        var result = new List<float[]>(text.Length);
        for (var k = 0; k < text.Length; k++)
        {
            var sums = new float[Classes - 1];
            for (var t = 0; t < Steps; t++)
            {
                if (owner[t] == (2 * k) + 1)
                {
                    for (var c = 1; c < Classes; c++)
                    {
                        sums[c - 1] += _p[(t * Classes) + c];
                    }
                }
            }

            var total = sums.Sum();
            for (var c = 0; c < sums.Length; c++)
            {
                sums[c] = total > 0 ? sums[c] / total : 1f / sums.Length;
            }

            result.Add(sums);
        }

        return result;
    }

    /// <summary>Class of a character: its place in the alphabet plus one. Throws when it is not in it.</summary>
    public static int ClassOf(char c)
    {
        var at = PlateText.Alphabet.IndexOf(c, StringComparison.Ordinal);
        return at >= 0 ? at + 1 : throw new ArgumentOutOfRangeException(nameof(c), c, "not in the alphabet");
    }

    /// <summary>A probability that is never 0: the reader is not that sure of anything.</summary>
    internal static double Floored(float p) => Math.Max(p, 1e-12f);

    // Viterbi: the state (2k+1 = character k, even = blank) that owns each step on the best path.
    private void Align(ReadOnlySpan<char> text, Span<int> owner)
    {
        Span<int> classes = stackalloc int[(2 * text.Length) + 1];
        Spell(text, classes);
        var states = classes.Length;
        Span<double> best = stackalloc double[states];
        Span<byte> back = stackalloc byte[Steps * states];
        best.Fill(LogZero);
        best[..2].Clear();
        for (var t = 0; t < Steps; t++)
        {
            // Downwards, so that the scores of the step before are still there where they are needed.
            var row = _p.Slice(t * Classes, Classes);
            for (var s = states - 1; s >= 0; s--)
            {
                var (score, from) = (best[s], 0);
                if (t > 0 && s > 0 && best[s - 1] > score)
                {
                    (score, from) = (best[s - 1], 1);
                }

                if (t > 0 && MaySkip(classes, s) && best[s - 2] > score)
                {
                    (score, from) = (best[s - 2], 2);
                }

                best[s] = score + Math.Log(Floored(row[classes[s]]));
                back[(t * states) + s] = (byte)from;
            }
        }

        var state = best[states - 2] > best[states - 1] ? states - 2 : states - 1;
        for (var t = Steps - 1; t >= 0; t--)
        {
            owner[t] = state;
            state -= back[(t * states) + state];
        }
    }

    // Classes of the states: a blank before, between and after the characters.
    private static void Spell(ReadOnlySpan<char> text, Span<int> classes)
    {
        for (var s = 0; s < classes.Length; s++)
        {
            classes[s] = s % 2 == 0 ? 0 : ClassOf(text[s / 2]);
        }
    }

    // The blank between two characters may be left out unless they are the same.
    private static bool MaySkip(ReadOnlySpan<int> classes, int s) => s >= 3 && s % 2 == 1 && classes[s] != classes[s - 2];

    private static void Scale(Span<double> sums, double by)
    {
        foreach (ref var sum in sums)
        {
            sum *= by;
        }
    }
}
