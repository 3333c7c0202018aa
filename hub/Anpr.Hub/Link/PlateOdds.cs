using System.Numerics;

namespace Anpr.Hub.Link;

/// <summary>How much more probable two reads are if both show one registration than if they show two unrelated ones. Pure.</summary>
/// <remarks>
/// For each position that is aligned with one of the other read the ratio is the sum over c of P1(c) P2(c) / background(c); a character that
/// one of them has alone costs <see cref="Gap"/>. All alignments are summed, as a hidden Markov model's forward pass does.
/// </remarks>
internal static class PlateOdds
{
    // A character lost, or one too many, in one of 250 reads: of the reads of rendered passages that our reader gets wrong a sixth are such.
    private const double Gap = 0.004;

    // Where two registrations of one series differ: in the last character, or in the last digit where letters follow it, and after a carry
    // in the one before too. Hardly elsewhere.
    private const double LastDiffers = 0.6;
    private const double LastDigitDiffers = 0.2;
    private const double ElsewhereDiffers = 0.1;
    private const double BothDiffer = 0.1;

    /// <summary>The ratio for one registration.</summary>
    public static double Same(Spread a, Spread b)
    {
        if (Math.Abs(a.Length - b.Length) > 2)
        {
            return 0;
        }

        var before = new double[b.Length + 1];
        var now = new double[b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                var sum = i == 0 && j == 0 ? 1.0 : 0.0;
                if (i > 0 && j > 0)
                {
                    sum += before[j - 1] * Agreement(a[i - 1], b[j - 1]);
                }

                sum += (i > 0 ? before[j] * Gap : 0) + (j > 0 ? now[j - 1] * Gap : 0);
                now[j] = sum;
            }

            (before, now) = (now, before);
        }

        return before[b.Length];
    }

    /// <summary>
    /// The ratio for two registrations of one series, such as AB12 CDE and AB12 CDF, AB123CD and AB124CD, or AB12 CDZ and AB12 CEA. Where a
    /// character was lost, or is too many, it may be the one in which they differ.
    /// </summary>
    public static double Sibling(Spread a, Spread b, int lastDigit)
    {
        if (a.Length != b.Length)
        {
            return Same(a, b) * LastDiffers;
        }

        var (agreement, differs) = (new double[a.Length], new double[a.Length]);
        var all = 1.0;
        for (var i = 0; i < a.Length; i++)
        {
            // A series goes from digit to digit and from letter to letter; O and I are written 0 and 1, which may be either.
            var (digits, both) = (b[i].Take(MergedAlphabet.Digits).Sum(), b[i][0] + b[i][1]);
            for (var c = 0; c < MergedAlphabet.Count; c++)
            {
                differs[i] += a[i][c] * ((c < 2 ? 1 : c < MergedAlphabet.Digits ? digits : 1 - digits + both) - b[i][c]);
            }

            agreement[i] = Agreement(a[i], b[i]);
            all *= agreement[i];
        }

        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var share = i == a.Length - 1 ? LastDiffers : i == lastDigit ? LastDigitDiffers : ElsewhereDiffers / a.Length;
            sum += all / agreement[i] * differs[i] * share;
        }

        foreach (var last in a.Length < 2 ? [] : lastDigit > 0 && lastDigit < a.Length - 1 ? (int[])[a.Length - 1, lastDigit] : [a.Length - 1])
        {
            sum += all / (agreement[last] * agreement[last - 1]) * differs[last] * differs[last - 1] * BothDiffer;
        }

        return sum;
    }

    /// <summary>The ratio of one position.</summary>
    public static double Agreement(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var weight = MergedAlphabet.Weight;
        var (sums, sum, c) = (Vector<double>.Zero, 0.0, 0);
        for (; c <= a.Length - Vector<double>.Count; c += Vector<double>.Count)
        {
            sums += new Vector<double>(a[c..]) * new Vector<double>(b[c..]) * new Vector<double>(weight[c..]);
        }

        for (; c < a.Length; c++)
        {
            sum += a[c] * b[c] * weight[c];
        }

        return sum + Vector.Sum(sums);
    }
}
