using System.Globalization;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Movements;

/// <summary>
/// Sightings whose plates may be a registration although they were read otherwise, with the probability that they are. Vehicles are found by what
/// they share with it (<see cref="PlateKey"/>: up to two other characters, look-alikes not counted, or one lost or too many).
/// </summary>
/// <remarks>
/// The probability of the registration given a read is the product over its characters of what the read has for each, over all alignments
/// (<see cref="PlateOdds"/>). A sighting is its vehicle's with the probability of its link, and then all of that vehicle's reads speak; else its own read alone does.
/// </remarks>
internal static class RankedSearch
{
    private const int PerVehicle = 300;
    private const int Exact = 1000;
    private const int MostSightings = 5000;
    private const double Parts = 1e12;

    /// <summary>The sightings in order: the most probable first, of equal ones the newest.</summary>
    /// <param name="store">Where they are.</param>
    /// <param name="query">The question.</param>
    /// <param name="text">The registration.</param>
    /// <param name="after">Where the page before ended.</param>
    /// <param name="cut">Told when older ones, or those of less likely vehicles, were not weighed: too many came into question.</param>
    public static IEnumerable<(Step Step, double Probability)> Through(IStoreReader store, MovementQuery query, string text, MovementPlace? after, Action cut)
    {
        var asked = Spread.Of([.. text.Select(c => new Position([new Option(c, 1)]))], Confusions.Shipped);
        var share = text.Aggregate(1.0, (p, c) => p * MergedAlphabet.Background[MergedAlphabet.IndexOf(c)]);
        double Shows(IReadOnlyList<Position> read) => Math.Min(1, PlateOdds.Same(asked, Spread.Of(read, Confusions.Shipped)) * share);
        var vehicles = VehicleBook.Candidates(store, text).ToDictionary(v => v.Id, v => (double?)Shows(v.Characters), StringComparer.Ordinal);
        return Sightings(store, query, text, vehicles.OrderByDescending(v => v.Value).Select(v => v.Key).ToList(), cut)
            .Select(s =>
            {
                var its = ProbabilityOf(s.Vehicle);
                var alone = Shows(PlateEvidence.Of(s.Message).Characters);
                return (Sighting: s, Probability: Math.Round(its is { } p ? (s.LinkProbability * p) + ((1 - s.LinkProbability) * alone) : alone, 12));
            })
            .Select(f => (Step: new Step(new(((long)(f.Probability * Parts)).ToString("D13", CultureInfo.InvariantCulture), Keys.Join(Keys.Time(f.Sighting.CapturedAt), f.Sighting.Id), ""), f.Sighting), f.Probability))
            .Where(f => after is not { } place || f.Step.At.IsAfter(place))
            .OrderByDescending(f => f.Step.At.Key, StringComparer.Ordinal).ThenByDescending(f => f.Step.At.Record, StringComparer.Ordinal);

        double? ProbabilityOf(string vehicle)
        {
            if (!vehicles.TryGetValue(vehicle, out var probability))
            {
                vehicles[vehicle] = probability = store.Get(Vehicle.Table, vehicle) is { } found ? Shows(found.Characters) : null;
            }

            return probability;
        }
    }

    // Those of the vehicles, and those that read as asked whatever their vehicle is called.
    private static IEnumerable<StoredSighting> Sightings(IStoreReader store, MovementQuery query, string text, IEnumerable<string> vehicles, Action cut)
    {
        var (from, to) = (Keys.Time(query.From), Keys.Time(query.To));
        var all = Newest(StoredSighting.ByText, text, Exact).Concat(vehicles.SelectMany(v => Newest(StoredSighting.ByVehicle, v, PerVehicle))).DistinctBy(s => s.Id, StringComparer.Ordinal);
        return First(all, MostSightings);

        IEnumerable<StoredSighting> Newest(TableIndex<StoredSighting> index, string key, int most) =>
            First(store.Range(index, Keys.Join(key, from), Keys.Join(key, to), most + 1, newestFirst: true), most);

        IEnumerable<StoredSighting> First(IEnumerable<StoredSighting> sightings, int most)
        {
            var count = 0;
            foreach (var sighting in sightings)
            {
                if (count++ == most)
                {
                    cut();
                    yield break;
                }

                yield return sighting;
            }
        }
    }
}
