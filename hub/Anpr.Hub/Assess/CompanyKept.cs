namespace Anpr.Hub.Assess;

/// <summary>One stay of a vehicle at a port, and the traffic around it.</summary>
/// <param name="Others">Vehicles that were seen at the port within a few minutes of it.</param>
/// <param name="Traffic">Share of all traffic of the time looked at that passed the port in those minutes, 0..1.</param>
public sealed record Stay(IReadOnlySet<string> Others, double Traffic);

/// <summary>A vehicle that is seen with another one more often than the traffic explains.</summary>
/// <param name="Vehicle">The other one.</param>
/// <param name="Together">In how many stays.</param>
/// <param name="Expected">In how many the traffic alone would have it there.</param>
/// <param name="Chance">Probability of so many or more by the traffic alone, over all vehicles that were looked at, 0..1.</param>
public sealed record Companion(string Vehicle, int Together, double Expected, double Chance);

/// <summary>
/// Who travels with whom. At a port everybody queues, so that company is not counted but compared with chance: a vehicle that comes M times
/// falls into a stay by itself M times the share of all traffic that passed there in those minutes, and so the stays that two share are
/// Poisson distributed. Pure.
/// </summary>
public static class CompanyKept
{
    /// <summary>Fewer stays together say nothing.</summary>
    public const int Least = 3;

    /// <summary>Less probable than this by chance, all candidates counted.</summary>
    public const double Rare = 0.001;

    /// <summary>Companions, the least explained by chance first.</summary>
    /// <param name="stays">The vehicle's stays.</param>
    /// <param name="staysOf">How often another vehicle came in the same time.</param>
    public static IReadOnlyList<Companion> Of(IReadOnlyList<Stay> stays, Func<string, int> staysOf)
    {
        var counts = stays.SelectMany(s => s.Others).CountBy(v => v, StringComparer.Ordinal).ToList();
        var traffic = stays.Sum(s => s.Traffic);
        return
        [
            .. counts.Where(c => c.Value >= Least)
                .Select(c => (c.Key, c.Value, Expected: staysOf(c.Key) * traffic))
                .Select(c => new Companion(c.Key, c.Value, c.Expected, Math.Min(1, counts.Count * Tail(c.Value, c.Expected))))
                .Where(c => c.Chance < Rare)
                .OrderBy(c => c.Chance),
        ];
    }

    // Poisson: P(X >= k) with so many expected, from the largest term on.
    private static double Tail(int k, double expected)
    {
        var term = Math.Exp(-expected);
        for (var i = 1; i <= k; i++)
        {
            term *= expected / i;
        }

        var sum = 0.0;
        for (var i = k + 1; term > sum * 1e-12 && i < k + 1000; i++)
        {
            sum += term;
            term *= expected / i;
        }

        return sum;
    }
}
