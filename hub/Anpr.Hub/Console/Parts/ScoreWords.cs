using System.Globalization;

namespace Anpr.Hub.Web.Parts;

/// <summary>An anomaly score in words. It is a probability that somebody hides in the vehicle; about 1 in 1,000 is usual.</summary>
internal static class ScoreWords
{
    // Bands for the eye only, decided by nobody's rule: ten and a hundred times the usual.
    private const double Raised = 0.01, High = 0.1;

    /// <summary>usual, raised or high.</summary>
    public static string Level(double score) => score >= High ? "high" : score >= Raised ? "raised" : "usual";

    /// <summary>As "1 in N" while small, in per cent from 10 % on.</summary>
    public static string Odds(double score) => score switch
    {
        <= 0 => "none",
        >= High => score.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal),
        _ => $"1 in {Round(1 / score).ToString("N0", CultureInfo.InvariantCulture)}",
    };

    // Two digits are all that a probability of this kind can carry.
    private static double Round(double n)
    {
        var unit = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(n)) - 1));
        return Math.Round(n / unit) * unit;
    }
}
