using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;
using Microsoft.Extensions.Options;

namespace Anpr.Hub.Link;

/// <summary>What was found for one sighting.</summary>
/// <param name="Vehicle">The vehicle as it is now.</param>
/// <param name="Sighting">The sighting with its link.</param>
public sealed record Linked(Vehicle Vehicle, StoredSighting Sighting);

/// <summary>
/// Finds the vehicle of a sighting, or founds one. Runs inside the transaction that stores the sighting, so that a sighting
/// is never stored without its link.
/// </summary>
public sealed class Linker(IOptions<LinkOptions> options, TimeProvider time)
{
    private const int Candidates = 50;
    private const int FullJourney = 1000;
    private readonly LinkOptions options = options.Value;

    /// <summary>Links the sighting, stores it and its vehicle, and lets go of the vehicle that an earlier revision was linked to.</summary>
    public Linked Link(IStoreWriter store, StoredSighting sighting)
    {
        var before = store.Get(StoredSighting.Table, sighting.Id);
        if (before is not null && before.Text == sighting.Text && store.Get(Vehicle.Table, before.Vehicle) is { } same)
        {
            return Keep(store, sighting, before, same, PlateEvidence.Of(sighting.Message));
        }

        if (before is not null)
        {
            store.Delete(StoredSighting.Table, before.Id);
            Recount(store, before.Vehicle);
        }

        var evidence = PlateEvidence.Of(sighting.Message);
        var (best, probability, reasons) = Best(store, sighting, evidence);
        if (best is null)
        {
            return Found(store, sighting, evidence, reasons);
        }

        var linked = sighting with
        {
            Vehicle = best.Id,
            LinkProbability = probability,
            LinkReasons = reasons,
        };
        store.Put(StoredSighting.Table, linked);
        var vehicle = Add(best, linked, evidence);
        store.Put(Vehicle.Table, vehicle);
        return new Linked(vehicle, linked);
    }

    private static Linked Keep(IStoreWriter store, StoredSighting sighting, StoredSighting before, Vehicle vehicle, PlateEvidence evidence)
    {
        var kept = sighting with
        {
            Vehicle = before.Vehicle,
            LinkProbability = before.LinkProbability,
            LinkReasons = before.LinkReasons,
        };
        store.Put(StoredSighting.Table, kept);
        var updated = Surer(Seen(vehicle, kept), kept, evidence);
        if (updated != vehicle)
        {
            store.Put(Vehicle.Table, updated);
        }

        return new Linked(updated, kept);
    }

    private Linked Found(IStoreWriter store, StoredSighting sighting, PlateEvidence evidence, IReadOnlyList<string> reasons)
    {
        var id = Guid.CreateVersion7(time.GetUtcNow()).ToString();
        var linked = sighting with { Vehicle = id, LinkProbability = 1, LinkReasons = reasons };
        var vehicle = new Vehicle(
            id, sighting.Text, sighting.Message.Confidence, evidence.Characters, evidence.Country, sighting.CapturedAt, sighting.CapturedAt, 1, [sighting.Port]);
        store.Put(StoredSighting.Table, linked);
        store.Put(Vehicle.Table, vehicle);
        return new Linked(vehicle, linked);
    }

    private (Vehicle? Best, double Probability, IReadOnlyList<string> Reasons) Best(IStoreWriter store, StoredSighting sighting, PlateEvidence evidence)
    {
        Vehicle? best = null;
        var probability = 0.0;
        var against = new List<string>();
        var from = Keys.Time(sighting.CapturedAt - options.Window);
        var shape = Confusables.Shape(sighting.Text);
        foreach (var vehicle in store.Range(Vehicle.ByShape, Keys.Join(shape, from), Keys.Join(shape, Keys.Last.ToString()), Candidates, newestFirst: true))
        {
            if (vehicle.FirstSeen > sighting.CapturedAt + options.Window)
            {
                continue;
            }

            var p = LinkScore.Probability(evidence, new PlateEvidence(vehicle.Text, vehicle.Characters, vehicle.Country), options.Crowd);
            if (p < options.Threshold)
            {
                against.Add($"not linked to {vehicle.Text}: probability {p:0.00}, and {options.Threshold:0.00} is asked for");
            }
            else if (Conflict(store, vehicle, sighting) is { } conflict)
            {
                against.Add(conflict);
            }
            else if (p > probability)
            {
                (best, probability) = (vehicle, p);
            }
        }

        return (best, probability, best is null ? [$"first sighting of {sighting.Text}", .. against] : [LinkWords.Why(sighting, best), .. against]);
    }

    // One vehicle is never in two places: another lane or port, sooner than it could have come.
    private static string? Conflict(IStoreWriter store, Vehicle vehicle, StoredSighting sighting)
    {
        var near = store.Range(
            StoredSighting.ByVehicle,
            Keys.Join(vehicle.Id, Keys.Time(sighting.CapturedAt - Travel.Longest)),
            Keys.Join(vehicle.Id, Keys.Time(sighting.CapturedAt + Travel.Longest)),
            FullJourney);
        return near
            .Where(other => other.Id != sighting.Id && !Travel.IsPossible(other.Port, other.Lane, other.CapturedAt, sighting.Port, sighting.Lane, sighting.CapturedAt))
            .Select(other => LinkWords.Impossible(vehicle, other, sighting))
            .FirstOrDefault();
    }

    private static Vehicle Add(Vehicle vehicle, StoredSighting sighting, PlateEvidence evidence) =>
        Surer(Seen(vehicle, sighting) with { Sightings = vehicle.Sightings + 1 }, sighting, evidence);

    // A vehicle has the registration of its surest sighting.
    private static Vehicle Surer(Vehicle vehicle, StoredSighting sighting, PlateEvidence evidence) =>
        sighting.Message.Confidence <= vehicle.Confidence ? vehicle : vehicle with
        {
            Text = sighting.Text,
            Confidence = sighting.Message.Confidence,
            Characters = evidence.Characters,
            Country = evidence.Country.Length > 0 ? evidence.Country : vehicle.Country,
        };

    private static Vehicle Seen(Vehicle vehicle, StoredSighting sighting) => vehicle with
    {
        FirstSeen = sighting.CapturedAt < vehicle.FirstSeen ? sighting.CapturedAt : vehicle.FirstSeen,
        LastSeen = sighting.CapturedAt > vehicle.LastSeen ? sighting.CapturedAt : vehicle.LastSeen,
        Ports = vehicle.Ports.Contains(sighting.Port) ? vehicle.Ports : [.. vehicle.Ports.Append(sighting.Port).Order(StringComparer.Ordinal)],
    };

    // A vehicle without its lost sighting: made anew from those that are left, gone when there are none.
    private static void Recount(IStoreWriter store, string id)
    {
        var left = store.Prefix(StoredSighting.ByVehicle, Keys.Join(id, ""), FullJourney);
        if (left.Count == 0)
        {
            store.Delete(Vehicle.Table, id);
            return;
        }

        var surest = left.MaxBy(s => s.Message.Confidence)!;
        var evidence = PlateEvidence.Of(surest.Message);
        store.Put(Vehicle.Table, new Vehicle(
            id, surest.Text, surest.Message.Confidence, evidence.Characters, evidence.Country,
            left.Min(s => s.CapturedAt), left.Max(s => s.CapturedAt), left.Count,
            [.. left.Select(s => s.Port).Distinct().Order(StringComparer.Ordinal)]));
    }
}
