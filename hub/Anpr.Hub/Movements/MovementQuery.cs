using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Anpr.Hub.Ingest;
using Anpr.Hub.Ops;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Hub.Movements;

/// <summary>A question about movements. What is left empty or null counts for nothing.</summary>
/// <param name="Plate">Registration or pattern as typed (<c>?</c> one character, <c>*</c> any number); empty for any.</param>
/// <param name="From">Earliest capture, included.</param>
/// <param name="To">Latest capture, included.</param>
/// <param name="Ports">Ports to look at; empty for all.</param>
/// <param name="Limit">At most this many, 1..1000.</param>
public sealed record MovementQuery(string Plate, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string> Ports, int Limit = 200)
{
    /// <summary>Registrations that reads may show although they say otherwise, the most probable first. The plate is a whole registration then.</summary>
    public bool Fuzzy { get; init; }

    /// <summary>Id of a vehicle.</summary>
    public string Vehicle { get; init; } = "";

    /// <summary>Registration or pattern of another vehicle's plate in the same passage: a trailer of the tractor, or a tractor of the trailer.</summary>
    public string Pairing { get; init; } = "";

    /// <summary>Lanes by their names, or as port/lane; empty for all.</summary>
    public IReadOnlyList<string> Lanes { get; init; } = [];

    /// <summary>ISO 3166-1 alpha-2 of the plate, in capitals.</summary>
    public string Country { get; init; } = "";

    /// <summary>Least anomaly score of the passage, 0..1.</summary>
    public double? MinScore { get; init; }

    /// <summary>Greatest anomaly score of the passage, 0..1.</summary>
    public double? MaxScore { get; init; }

    /// <summary>What a search of the passage found.</summary>
    public Search.Types.Finding? Finding { get; init; }

    /// <summary>What became of the vehicle: what was decided last about the passage.</summary>
    public Disposition.Types.Outcome? Disposition { get; init; }

    /// <summary>The plate as it is compared.</summary>
    internal string Pattern => PlateText.FoldPattern(Plate);

    /// <summary>The question without its times and limit, in 16 hex digits: a cursor belongs to one question.</summary>
    internal string Fingerprint
    {
        get
        {
            string[] parts =
            [
                Pattern, Fuzzy ? "fuzzy" : "", Vehicle, PlateText.FoldPattern(Pairing), string.Join(',', Ports.Order(StringComparer.Ordinal)),
                string.Join(',', Lanes.Order(StringComparer.Ordinal)), Country, Number(MinScore), Number(MaxScore), Finding?.ToString() ?? "", Disposition?.ToString() ?? "",
            ];
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))).AsSpan(0, 8));
        }
    }

    /// <summary>The question in a line, as the audit log keeps it.</summary>
    public string Words()
    {
        (string Name, string Value)[] parts =
        [
            (Fuzzy ? "like" : "", Plate.Length > 0 ? Plate : "*"), ("", $"{From.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"), ("to", $"{To.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"), ("at", string.Join(',', Ports)), ("lane", string.Join(',', Lanes)),
            ("vehicle", Vehicle), ("with", Pairing), ("country", Country), ("score from", Number(MinScore)), ("score to", Number(MaxScore)),
            ("finding", Finding is { } f ? Names.Of(f) : ""), ("disposition", Disposition is { } d ? Names.Of(d) : ""),
        ];
        return string.Join(' ', parts.Where(p => p.Value.Length > 0).Select(p => p.Name.Length > 0 ? $"{p.Name} {p.Value}" : p.Value));
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}

/// <summary>A sighting that answers a question.</summary>
/// <param name="Sighting">The sighting.</param>
/// <param name="Probability">Of a fuzzy search: that its plate is the registration that was asked for, 0..1, by all that the hub has read. Else null.</param>
public sealed record FoundSighting(StoredSighting Sighting, double? Probability = null);

/// <summary>An answer, or a page of it.</summary>
/// <param name="Found">Newest first; of a fuzzy search the most probable first; by finding or disposition those that were searched or decided last first.</param>
/// <param name="Cursor">What to give for the next page; null when this is the last.</param>
/// <param name="SearchedTo">How far back it has looked, when it stopped before the page was full.</param>
public sealed record MovementAnswer(IReadOnlyList<FoundSighting> Found, string? Cursor, DateTimeOffset? SearchedTo)
{
    /// <summary>There may be others that were left out.</summary>
    public bool More => Cursor is not null;

    /// <summary>A fuzzy search left out older sightings, or those of less likely vehicles, and no page holds them: more came into question than are weighed.</summary>
    public bool Cut { get; init; }

    /// <summary>The sightings alone.</summary>
    public IEnumerable<StoredSighting> Sightings => Found.Select(f => f.Sighting);
}

/// <summary>A vehicle's sightings in order, across ports.</summary>
/// <param name="Vehicle">The vehicle.</param>
/// <param name="Sightings">Oldest first.</param>
public sealed record Journey(Link.Vehicle Vehicle, IReadOnlyList<StoredSighting> Sightings);
