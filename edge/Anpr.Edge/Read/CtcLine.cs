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
        var states = (2 * text.Length) + 1;
        Span<double> now = stackalloc double[states];
        Span<double> next = stackalloc double[states];
        now.Fill(LogZero);
        now[0] = Log(0, 0);
        if (states > 1)
        {
            now[1] = Log(0, ClassOf(text[0]));
        }

        for (var t = 1; t < Steps; t++)
        {
            for (var s = 0; s < states; s++)
            {
                var sum = now[s];
                sum = s > 0 ? Add(sum, now[s - 1]) : sum;
                sum = MaySkip(text, s) ? Add(sum, now[s - 2]) : sum;
                next[s] = sum + Log(t, StateClass(text, s));
            }

            next.CopyTo(now);
        }

        return states > 1 ? Add(now[states - 1], now[states - 2]) : now[0];
    }

    /// <summary>The likeliest texts, best first, found by prefix beam search and then summed exactly. Never empty.</summary>
    public IReadOnlyList<(string Text, double LogP)> Best(int width)
    {
        var beams = new Dictionary<string, (double Blank, double Mark)>(StringComparer.Ordinal) { [""] = (0, LogZero) };
        for (var t = 0; t < Steps; t++)
        {
            beams = Narrow(Extend(beams, t), width);
        }

        var found = new List<(string Text, double LogP)>();
        foreach (var text in beams.Keys)
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
        var owner = Align(text);
        var result = new List<float[]>();
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
            result.Add(total > 0 ? Array.ConvertAll(sums, s => s / total) : Array.ConvertAll(sums, _ => 1f / sums.Length));
        }

        return result;
    }

    /// <summary>Class of a character: its place in the alphabet plus one. Throws when it is not in it.</summary>
    public static int ClassOf(char c)
    {
        var at = PlateText.Alphabet.IndexOf(c, StringComparison.Ordinal);
        return at >= 0 ? at + 1 : throw new ArgumentOutOfRangeException(nameof(c), c, "not in the alphabet");
    }

    private Dictionary<string, (double Blank, double Mark)> Extend(Dictionary<string, (double Blank, double Mark)> beams, int t)
    {
        var next = new Dictionary<string, (double Blank, double Mark)>(StringComparer.Ordinal);
        foreach (var (text, (blank, mark)) in beams)
        {
            var any = Add(blank, mark);
            Gather(next, text, any + Log(t, 0), LogZero);
            for (var c = 1; c < Classes; c++)
            {
                // A character this unlikely cannot be in one of the few texts that are kept.
                if (_p[(t * Classes) + c] < 1e-4f)
                {
                    continue;
                }

                var letter = PlateText.Alphabet[c - 1];
                var log = Log(t, c);
                if (text.Length > 0 && text[^1] == letter)
                {
                    Gather(next, text, LogZero, mark + log);
                    Gather(next, text + letter, LogZero, blank + log);
                }
                else
                {
                    Gather(next, text + letter, LogZero, any + log);
                }
            }
        }

        return next;
    }

    private static Dictionary<string, (double Blank, double Mark)> Narrow(Dictionary<string, (double Blank, double Mark)> beams, int width) =>
        beams.Count <= width
            ? beams
            : beams.OrderByDescending(b => Add(b.Value.Blank, b.Value.Mark)).ThenBy(b => b.Key, StringComparer.Ordinal).Take(width)
                .ToDictionary(b => b.Key, b => b.Value, StringComparer.Ordinal);

    private static void Gather(Dictionary<string, (double Blank, double Mark)> beams, string text, double blank, double mark)
    {
        var (b, m) = beams.GetValueOrDefault(text, (LogZero, LogZero));
        beams[text] = (Add(b, blank), Add(m, mark));
    }

    // Viterbi: the state (2k+1 = character k, even = blank) that owns each step on the best path.
    private int[] Align(ReadOnlySpan<char> text)
    {
        var states = (2 * text.Length) + 1;
        var best = new double[Steps, states];
        var from = new int[Steps, states];
        for (var t = 0; t < Steps; t++)
        {
            for (var s = 0; s < states; s++)
            {
                var (score, origin) = t == 0 ? (s <= 1 ? 0 : LogZero, s) : (best[t - 1, s], s);
                if (t > 0 && s > 0 && best[t - 1, s - 1] > score)
                {
                    (score, origin) = (best[t - 1, s - 1], s - 1);
                }

                if (t > 0 && MaySkip(text, s) && best[t - 1, s - 2] > score)
                {
                    (score, origin) = (best[t - 1, s - 2], s - 2);
                }

                best[t, s] = score + Log(t, StateClass(text, s));
                from[t, s] = origin;
            }
        }

        var owner = new int[Steps];
        var state = states > 1 && best[Steps - 1, states - 2] > best[Steps - 1, states - 1] ? states - 2 : states - 1;
        for (var t = Steps - 1; t >= 0; t--)
        {
            owner[t] = state;
            state = from[t, state];
        }

        return owner;
    }

    private static bool MaySkip(ReadOnlySpan<char> text, int s) => s >= 3 && s % 2 == 1 && text[s / 2] != text[(s / 2) - 1];

    private static int StateClass(ReadOnlySpan<char> text, int s) => s % 2 == 0 ? 0 : ClassOf(text[s / 2]);

    private double Log(int t, int c) => Math.Log(Math.Max(_p[(t * Classes) + c], 1e-12f));

    private static double Add(double a, double b)
    {
        var (high, low) = a > b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }
}
