using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Link;

/// <summary>All sightings that the hub believes to be one vehicle. Tractor and trailer are two.</summary>
/// <param name="Id">UUIDv7, made when its first sighting came in.</param>
/// <param name="Text">Registration of its most certain sighting.</param>
/// <param name="Confidence">Confidence of that sighting, 0..1.</param>
/// <param name="Characters">What may stand at each position of <paramref name="Text"/>, from that sighting.</param>
/// <param name="Country">ISO 3166-1 alpha-2, empty when unknown.</param>
/// <param name="FirstSeen">Earliest capture.</param>
/// <param name="LastSeen">Latest capture.</param>
/// <param name="Sightings">How many.</param>
/// <param name="Ports">Where, in alphabetical order.</param>
public sealed record Vehicle(
    string Id,
    string Text,
    double Confidence,
    IReadOnlyList<Position> Characters,
    string Country,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    int Sightings,
    IReadOnlyList<string> Ports)
{
    /// <summary>All vehicles by id.</summary>
    public static Table<Vehicle> Table { get; } = new("vehicles", v => v.Id);

    /// <summary>By the registration's shape under confusion, then last capture: <c>SHAPE|time</c>.</summary>
    public static TableIndex<Vehicle> ByShape { get; } = Table.Index("shape", v => Keys.Join(Models.Plates.Confusables.Shape(v.Text), Keys.Time(v.LastSeen)));

    /// <summary>True when it was seen at two ports or more.</summary>
    public bool IsJourney => Ports.Count > 1;

    /// <summary>True when a sighting of it reads otherwise: say so wherever the link is shown.</summary>
    public bool IsLoose(StoredSighting sighting) => sighting.Text != Text;

    /// <summary>
    /// <see cref="IsLoose(StoredSighting)"/> against the sighting's vehicle as it is now. It is never kept with the sighting: a surer
    /// one may give the vehicle another text at any time.
    /// </summary>
    public static bool IsLoose(IStoreReader store, StoredSighting sighting) => store.Get(Table, sighting.Vehicle)?.IsLoose(sighting) ?? false;
}

/// <summary>One position of a registration: what may stand there, most probable first.</summary>
/// <param name="Options">Characters with their probabilities; what is left to 1 is shared by all others.</param>
public sealed record Position(IReadOnlyList<Option> Options);

/// <summary>One character with its probability, 0..1.</summary>
public sealed record Option(char C, double P);
