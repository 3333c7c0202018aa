using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Link;

/// <summary>All sightings that the hub believes to be one vehicle. Tractor and trailer are two.</summary>
/// <param name="Id">UUIDv7, made when its first sighting came in.</param>
/// <param name="Text">Registration of its most certain sighting.</param>
/// <param name="Confidence">Confidence of that sighting, 0..1.</param>
/// <param name="Characters">What may stand at each position of <paramref name="Text"/>, as all reads of that length say together.</param>
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

    /// <summary>On which sides its plate was read.</summary>
    public Sides Sides { get; init; }

    /// <summary>A vehicle that was seen once.</summary>
    internal static Vehicle Of(StoredSighting sighting, PlateEvidence evidence) => new(
        sighting.Vehicle, sighting.Text, sighting.Message.Confidence, evidence.Characters, evidence.Country, sighting.CapturedAt, sighting.CapturedAt, 1, [sighting.Port])
    {
        Sides = default(Sides).With(sighting.Message.Side),
    };

    /// <summary>The vehicle with one more sighting. It has the registration of its surest one.</summary>
    internal Vehicle With(StoredSighting sighting, PlateEvidence evidence) => Told(
        sighting,
        evidence,
        evidence.Characters.Count == Characters.Count ? Spread.Of(Characters, evidence.Letters).With(Spread.Of(evidence)).ToPositions()
            : sighting.Message.Confidence > Confidence ? evidence.Characters : Characters) with
    {
        Sightings = Sightings + 1,
        Sides = Sides.With(sighting.Message.Side),
        Ports = Ports.Contains(sighting.Port) ? Ports : [.. Ports.Append(sighting.Port).Order(StringComparer.Ordinal)],
    };

    /// <summary>The vehicle after one of its sightings, with the same text, was revised.</summary>
    internal Vehicle Revised(StoredSighting sighting, PlateEvidence evidence) => Told(
        sighting,
        evidence,
        Sightings == 1 || (sighting.Message.Confidence > Confidence && evidence.Characters.Count != Characters.Count) ? evidence.Characters : Characters);

    private Vehicle Told(StoredSighting sighting, PlateEvidence evidence, IReadOnlyList<Position> characters)
    {
        var surer = sighting.Message.Confidence > Confidence;
        return this with
        {
            Text = surer ? sighting.Text : Text,
            Confidence = surer ? sighting.Message.Confidence : Confidence,
            Characters = characters,
            Country = (surer && evidence.Country.Length > 0) || Country.Length == 0 ? evidence.Country : Country,
            FirstSeen = sighting.CapturedAt < FirstSeen ? sighting.CapturedAt : FirstSeen,
            LastSeen = sighting.CapturedAt > LastSeen ? sighting.CapturedAt : LastSeen,
        };
    }

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
