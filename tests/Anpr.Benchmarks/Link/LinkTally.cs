using Anpr.Hub.Link;

namespace Anpr.Benchmarks.Link;

/// <summary>How well sightings were put together.</summary>
/// <param name="TruePairs">Pairs of consecutive sightings of one true vehicle.</param>
/// <param name="Linked">Of them, those whose sightings the hub takes for one vehicle.</param>
/// <param name="Links">Pairs of consecutive sightings of one vehicle of the hub.</param>
/// <param name="False">Of them, those of two true vehicles.</param>
internal sealed record LinkTally(int TruePairs, int Linked, int Links, int False)
{
    /// <summary>
    /// Counts. A clone that nobody can tell (the same plate at a time at which the vehicle can have been there) is left out of both.
    /// </summary>
    /// <param name="seen">In the order of time.</param>
    /// <param name="vehicles">The hub's vehicle of each.</param>
    public static LinkTally Of(IReadOnlyList<SeenPlate> seen, IReadOnlyList<string> vehicles)
    {
        var cloned = seen.GroupBy(s => s.Plate, StringComparer.Ordinal).Where(g => g.DistinctBy(s => s.Vehicle).Skip(1).Any()).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
        var (pairs, linked) = (0, 0);
        foreach (var vehicle in seen.Select((s, i) => (Seen: s, Hub: vehicles[i])).GroupBy(s => s.Seen.Vehicle, StringComparer.Ordinal))
        {
            var own = vehicle.ToList();
            for (var i = 1; i < own.Count && !cloned.Contains(own[0].Seen.Plate); i++)
            {
                pairs++;
                linked += own[i - 1].Hub == own[i].Hub ? 1 : 0;
            }
        }

        var (links, wrong) = (0, 0);
        foreach (var hub in seen.Select((s, i) => (Seen: s, Hub: vehicles[i])).GroupBy(s => s.Hub, StringComparer.Ordinal))
        {
            var own = hub.Select(h => h.Seen).ToList();
            for (var i = 1; i < own.Count; i++)
            {
                var (a, b) = (own[i - 1], own[i]);
                if (a.Vehicle == b.Vehicle)
                {
                    links++;
                }
                else if (a.Plate != b.Plate || !Travel.IsPossible(a.Row.Port, a.Row.Lane, a.Row.Time, b.Row.Port, b.Row.Lane, b.Row.Time))
                {
                    links++;
                    wrong++;
                }
            }
        }

        return new(pairs, linked, links, wrong);
    }

    /// <summary>Share of true pairs that are linked.</summary>
    public double Share => TruePairs == 0 ? 0 : (double)Linked / TruePairs;

    /// <summary>False links among 1,000.</summary>
    public double FalsePerThousand => Links == 0 ? 0 : 1000.0 * False / Links;
}
