using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;

namespace Anpr.Hub.Link;

/// <summary>Vehicles as they are stored: found by what a read may show, with their sightings beside a time, and kept with their keys.</summary>
internal static class VehicleBook
{
    private const int PerKey = 60;
    private const int FullJourney = 1000;

    /// <summary>A vehicle's sightings before and after one, itself left out.</summary>
    public static (StoredSighting? Before, StoredSighting? After) Neighbours(IStoreReader store, Vehicle vehicle, StoredSighting sighting)
    {
        var (until, from) = Around(store, vehicle, sighting.CapturedAt);
        var before = until.FirstOrDefault(s => s.Id != sighting.Id);
        return (before, from.FirstOrDefault(s => s.Id != sighting.Id && s.Id != before?.Id));
    }

    /// <summary>Its last sightings until then, newest first, and its first ones from then on; the one that is asked for may be among them.</summary>
    /// <param name="store">Records.</param>
    /// <param name="vehicle">The vehicle.</param>
    /// <param name="time">That time.</param>
    /// <param name="besides">So many more than it takes to find the one before and the one after.</param>
    public static (IReadOnlyList<StoredSighting> Until, IReadOnlyList<StoredSighting> From) Around(IStoreLookup store, Vehicle vehicle, DateTimeOffset time, int besides = 0)
    {
        var at = Keys.Join(vehicle.Id, Keys.Time(time));
        return (
            store.Range(StoredSighting.ByVehicle, Keys.Join(vehicle.Id, ""), at, 2 + besides, newestFirst: true),
            store.Range(StoredSighting.ByVehicle, at, Keys.Join(vehicle.Id, Keys.Last.ToString()), 3 + besides));
    }

    /// <summary>Vehicles that a text may show: those that share a key with it and differ in few characters, last seen in the week of <paramref name="since"/> or later (null: ever).</summary>
    public static List<Vehicle> Candidates(IStoreLookup store, string text, DateTimeOffset? since = null)
    {
        var shape = Confusables.Shape(text);
        return Candidates(store, shape, PlateKey.Ranges(shape, since));
    }

    /// <summary>The same, with what follows from the text alone reckoned before.</summary>
    public static List<Vehicle> Candidates(IStoreLookup store, string shape, IReadOnlyList<(string From, string To)> ranges)
    {
        var met = new HashSet<string>(StringComparer.Ordinal);
        var vehicles = new List<Vehicle>();
        foreach (var (from, to) in ranges)
        {
            foreach (var key in store.Range(PlateKey.Table.ById, from, to, PerKey, newestFirst: true))
            {
                if (met.Add(key.Vehicle) && PlateText.Distance(key.Shape, shape) <= PlateKey.MaxChanges && store.Get(Vehicle.Table, key.Vehicle) is { } vehicle)
                {
                    vehicles.Add(vehicle);
                }
            }
        }

        return vehicles;
    }

    /// <summary>Stores the vehicle, and its keys when its text or the week in which it was last seen is another than before.</summary>
    public static Vehicle Put(IStoreWriter store, Vehicle vehicle, Vehicle? before)
    {
        store.Put(Vehicle.Table, vehicle);
        if (before is null || !PlateKey.AreOf(before, vehicle))
        {
            Unkey(store, before);
            foreach (var key in PlateKey.Of(vehicle))
            {
                store.Put(PlateKey.Table, key);
            }
        }

        return vehicle;
    }

    /// <summary>Removes the vehicle and its keys.</summary>
    public static void Forget(IStoreWriter store, Vehicle vehicle)
    {
        store.Delete(Vehicle.Table, vehicle.Id);
        Unkey(store, vehicle);
    }

    private static void Unkey(IStoreWriter store, Vehicle? vehicle)
    {
        foreach (var key in vehicle is null ? [] : PlateKey.Of(vehicle))
        {
            store.Delete(PlateKey.Table, PlateKey.Table.Id(key));
        }
    }

    /// <summary>What <see cref="Recount"/> reads beside the vehicle: its newest sightings.</summary>
    public static IReadOnlyList<StoredSighting> ForeseeRecount(IStoreLookup store, string id) =>
        store.Range(StoredSighting.ByVehicle, Keys.Join(id, ""), Keys.Join(id, Keys.Last.ToString()), FullJourney, newestFirst: true);

    /// <summary>A vehicle without its lost sightings: made anew from those that are left, the newest where there are very many; gone when there are none.</summary>
    public static void Recount(IStoreWriter store, ReadBook reads, string id, int lost)
    {
        var vehicle = store.Get(Vehicle.Table, id)!;
        var left = ForeseeRecount(store, id);
        if (left.Count == 0)
        {
            Forget(store, vehicle);
            return;
        }

        var anew = Vehicle.Of(left[^1], reads.EvidenceOf(left[^1]));
        foreach (var sighting in left.Reverse().Skip(1))
        {
            anew = anew.With(sighting, reads.EvidenceOf(sighting));
        }

        Put(store, left.Count < FullJourney ? anew : anew with { FirstSeen = vehicle.FirstSeen, Sightings = vehicle.Sightings - lost, Ports = vehicle.Ports }, vehicle);
    }
}
