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

    // From this many known characters on, the index of registrations finds less than a scan of the time range.
    private const int UsefulPrefix = 2;

    /// <summary>Sightings that answer the question, newest first.</summary>
    public MovementAnswer Find(MovementQuery query)
    {
        var pattern = PlateText.FoldPattern(query.Plate);
        var newest = new PriorityQueue<StoredSighting, DateTimeOffset>();
        var more = false;
        foreach (var sighting in Candidates(pattern, query.From, query.To))
        {
            if (sighting.CapturedAt < query.From || sighting.CapturedAt > query.To
                || (pattern.Length > 0 && !WatchlistPattern.Matches(pattern, sighting.Text))
                || (query.Ports.Count > 0 && !query.Ports.Contains(sighting.Port, StringComparer.Ordinal)))
            {
                continue;
            }

            newest.Enqueue(sighting, sighting.CapturedAt);
            if (newest.Count > query.Limit)
            {
                newest.Dequeue();
                more = true;
            }
        }

        return new MovementAnswer([.. newest.UnorderedItems.Select(i => i.Element).OrderByDescending(s => s.CapturedAt)], more);
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

    private IEnumerable<StoredSighting> Candidates(string pattern, DateTimeOffset from, DateTimeOffset to)
    {
        var wild = pattern.AsSpan().IndexOfAny('?', '*');
        if (wild < 0 && pattern.Length > 0)
        {
            return store.Scan(StoredSighting.ByText, Keys.Join(pattern, Keys.Time(from)), Keys.Join(pattern, Keys.Time(to)));
        }

        return wild >= UsefulPrefix
            ? store.Scan(StoredSighting.ByText, pattern[..wild], pattern[..wild] + Keys.Last)
            : store.Scan(StoredSighting.ByTime, Keys.Time(from), Keys.Time(to));
    }
}
