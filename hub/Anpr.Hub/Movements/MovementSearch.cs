using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;

namespace Anpr.Hub.Movements;

/// <summary>A question about movements.</summary>
/// <param name="Plate">Registration or pattern as typed (<c>?</c> one character, <c>*</c> any number); empty for any.</param>
/// <param name="From">Earliest capture, included.</param>
/// <param name="To">Latest capture, included.</param>
/// <param name="Ports">Ports to look at; empty for all.</param>
/// <param name="Limit">At most this many, 1..1000.</param>
public sealed record MovementQuery(string Plate, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string> Ports, int Limit = 200);

/// <summary>An answer.</summary>
/// <param name="Sightings">Newest first.</param>
/// <param name="More">There are older ones that were left out.</param>
public sealed record MovementAnswer(IReadOnlyList<StoredSighting> Sightings, bool More);

/// <summary>A vehicle's sightings in order, across ports.</summary>
/// <param name="Vehicle">The vehicle.</param>
/// <param name="Sightings">Oldest first.</param>
public sealed record Journey(Vehicle Vehicle, IReadOnlyList<StoredSighting> Sightings);

/// <summary>Answers questions about movements. It asks for no reason and keeps no log: its callers do, before they ask.</summary>
public sealed class MovementSearch(IStore store)
{
    /// <summary>Most sightings that one answer holds.</summary>
    public const int MostRows = 1000;

    private const int LongestJourney = 1000;

    private const int Row = 3;
    private const int End = 2;

    /// <summary>Sightings that answer the question, newest first.</summary>
    public MovementAnswer Find(MovementQuery query)
    {
        var pattern = PlateText.FoldPattern(query.Plate);
        var found = NewestFirst(pattern, query.From, query.To)
            .Where(s => (pattern.Length == 0 || WatchlistPattern.Matches(pattern, s.Text)) && (query.Ports.Count == 0 || query.Ports.Contains(s.Port, StringComparer.Ordinal)))
            .Take(query.Limit + 1).ToList();
        return new MovementAnswer([.. found.Take(query.Limit)], found.Count > query.Limit);
    }

    /// <summary>The journey of a vehicle; null when there is no such vehicle.</summary>
    public Journey? JourneyOf(string vehicle)
    {
        if (store.Get(Vehicle.Table, vehicle) is not { } found)
        {
            return null;
        }

        return new Journey(found, store.Prefix(StoredSighting.ByVehicle, Keys.Join(vehicle, ""), LongestJourney));
    }

    private IEnumerable<StoredSighting> NewestFirst(string pattern, DateTimeOffset from, DateTimeOffset to)
    {
        var (first, last) = (Keys.Time(from), Keys.Time(to));
        if (pattern.Length > 0 && pattern.AsSpan().IndexOfAny('?', '*') < 0)
        {
            return StoreReading.Pages((until, size) => store.Range(StoredSighting.ByText, Keys.Join(pattern, first), Keys.Join(pattern, until), size, newestFirst: true), TimeOf, IdOf, last);
        }

        return IsTelling(pattern)
            ? StoreReading.Pages((until, size) => store.Like(StoredSighting.ByText, pattern, first, until, size), TimeOf, IdOf, last)
            : StoreReading.Pages((until, size) => store.Range(StoredSighting.ByTime, first, until, size, newestFirst: true), TimeOf, IdOf, last);
    }

    // Enough known characters in a row, or at one end, that few registrations have them: then those are looked up. Else what fits is frequent,
    // and is met soon where the time range is walked through.
    private static bool IsTelling(string pattern)
    {
        var runs = pattern.Split('?', '*');
        return runs.Any(r => r.Length >= Row) || (runs.Length > 1 && (runs[0].Length >= End || runs[^1].Length >= End));
    }

    private static string TimeOf(StoredSighting sighting) => Keys.Time(sighting.CapturedAt);

    private static string IdOf(StoredSighting sighting) => sighting.Id;
}
