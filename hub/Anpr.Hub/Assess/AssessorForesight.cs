using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Assess;

/// <summary>What is read: for a store behind a network to know before.</summary>
public sealed partial class Assessor
{
    /// <summary>What assessing a passage is going to read.</summary>
    public static void Foresee(IStoreLookup store, string passage)
    {
        store.Range(Alert.ByPassage, passage, passage, PerPassage);
        store.Range(StoredSighting.ByPassage, passage, passage, PerPassage);
    }

    /// <summary>What assessing a sighting is going to read, once it is linked to one of the vehicles.</summary>
    public void Foresee(IStoreLookup store, StoredSighting sighting, IReadOnlyList<Vehicle> likely)
    {
        foreach (var alert in store.Range(Alert.ByRest, sighting.Id, sighting.Id, PerPassage).Concat(store.Range(Alert.ByPassage, sighting.Message.PassageId, sighting.Message.PassageId, PerPassage)))
        {
            foreach (var id in alert.Sightings.Append(alert.Rests).Where(id => id.Length > 0))
            {
                store.Get(StoredSighting.Table, id);
            }
        }

        if (Coupled.In(store, sighting).Front is { } front)
        {
            Coupled.Before(store, front, Visit);
        }

        foreach (var here in likely.Select(v => sighting with { Vehicle = v.Id }))
        {
            AlertsWhileStanding(store, here);
            if (here.Message.Side == Proto.V1.Side.Front)
            {
                Coupled.Before(store, here, Visit);
            }

            if (StationOf(here) == "control")
            {
                OfVisit(store, here);
            }
        }
    }

    private static IReadOnlyList<StoredSighting> OfVisit(IStoreLookup store, StoredSighting here) =>
        store.Range(StoredSighting.ByVehicle, Keys.Join(here.Vehicle, ""), Keys.Join(here.Vehicle, Keys.Time(here.CapturedAt)), PerVisit, newestFirst: true);

    private static IReadOnlyList<Alert> AlertsWhileStanding(IStoreLookup store, StoredSighting sighting) =>
        store.Range(Alert.ByVehicle, Keys.Join(sighting.Vehicle, Keys.Time(sighting.CapturedAt - Stands)), Keys.Join(sighting.Vehicle, Keys.Time(sighting.CapturedAt)), PerVisit, newestFirst: true);
}
