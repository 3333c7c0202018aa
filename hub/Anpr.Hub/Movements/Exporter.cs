using System.Text.Json;
using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Movements;

/// <summary>Gives out what the hub knows, one JSON object a line. Its callers ask for a reason and log it first.</summary>
public sealed class Exporter(IStore store, MovementSearch movements, Linker linker)
{
    /// <summary>What can be exported.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["sightings", "vehicles", "links", "journeys", "alerts"];

    /// <summary>The lines of one kind, read as they are asked for.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    public IEnumerable<string> Lines(string kind) => kind switch
    {
        "sightings" => store.All(StoredSighting.Table).Select(s => Line(SightingRow.Of(s, Vehicle.IsLoose(store, s)))),
        "vehicles" => store.All(Vehicle.Table).Select(v => Line(VehicleRow.Of(v))),
        "links" => store.All(StoredSighting.Table).Select(s => Line(LinkRow.Of(s, Vehicle.IsLoose(store, s)))),
        "journeys" => store.All(Vehicle.Table).Where(v => v.IsJourney).Select(v => movements.JourneyOf(v.Id)).OfType<Journey>().Select(j => Line(JourneyRow.Of(j, linker.Usual))),
        // A covert entry is its owner's alone, so its alerts are in no export.
        "alerts" => store.All(Alert.Table).Where(a => !a.Covert).Select(a => Line(AlertRow.Of(a))),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown kind"),
    };

    private static string Line<T>(T row) => JsonSerializer.Serialize(row, RowJson.Options);
}
