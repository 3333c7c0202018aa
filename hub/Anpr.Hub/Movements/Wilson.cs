namespace Anpr.Hub.Movements;

/// <summary>How far a share that was counted can be believed. Pure.</summary>
public static class Wilson
{
    // The normal distribution's quantile of .975.
    private const double Z = 1.959963984540054;

    /// <summary>Wilson's score interval of 95 % for so many of so many, within 0..1; all of it when there is nothing to count.</summary>
    /// <remarks>E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927): it holds for small numbers and for none found.</remarks>
    public static (double Low, double High) Interval(int found, int of)
    {
        if (of == 0)
        {
            return (0, 1);
        }

        var (share, square) = ((double)found / of, Z * Z / of);
        var middle = share + (square / 2);
        var half = Z * Math.Sqrt(((share * (1 - share)) + (square / 4)) / of);
        return (found == 0 ? 0 : (middle - half) / (1 + square), found == of ? 1 : (middle + half) / (1 + square));
    }
}
