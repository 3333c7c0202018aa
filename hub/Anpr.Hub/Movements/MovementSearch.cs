using System.Globalization;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;

namespace Anpr.Hub.Movements;

/// <summary>Answers questions about movements. It asks for no reason and keeps no log: <see cref="MovementDesk"/> does.</summary>
public sealed class MovementSearch(IStore store)
{
    /// <summary>Most sightings that one answer holds.</summary>
    public const int MostRows = 1000;

    // To look a passage up costs as much as many steps along an index.
    private const int StepsOfALookUp = 10;

    private const int LongestJourney = 1000;

    /// <summary>After so many steps a page ends where it is, full or not: some tenths of a second.</summary>
    internal int MostSteps { get; init; } = 20_000;

    /// <summary>A page of sightings that answer the question.</summary>
    /// <param name="query">The question.</param>
    /// <param name="cursor">Where the page before ended; null for the first.</param>
    /// <exception cref="InputException">The cursor is none, or of another question.</exception>
    public MovementAnswer Find(MovementQuery query, string? cursor = null)
    {
        var read = cursor is null ? null : Read(query, cursor);
        query = read is null ? query : Timed(query, read);
        var after = read?.At;
        var pattern = query.Pattern;
        var facts = new PassageFacts(store, query);
        var found = new List<FoundSighting>();
        var last = after;
        var (steps, cut) = (0, false);
        foreach (var (step, probability) in Steps(query, pattern, after, () => cut = true))
        {
            if (steps + (facts.LookUps * StepsOfALookUp) >= MostSteps)
            {
                return new MovementAnswer(found, Cursor(query, last), query.Fuzzy ? null : TimeOf(last)) { Cut = cut };
            }

            steps++;
            if (step.Sighting is { } sighting && Fits(query, pattern, sighting) && facts.Fit(sighting))
            {
                if (found.Count == query.Limit)
                {
                    return new MovementAnswer(found, Cursor(query, last), null) { Cut = cut };
                }

                found.Add(new FoundSighting(sighting, probability));
            }

            last = step.At;
        }

        return new MovementAnswer(found, null, null) { Cut = cut };
    }

    /// <summary>A question with the times of its first page, which the cursor keeps.</summary>
    /// <exception cref="InputException">The cursor is none, or of another question.</exception>
    public static MovementQuery AsFirstAsked(MovementQuery query, string cursor) => Timed(query, Read(query, cursor));

    /// <summary>All sightings that answer the question, page by page, in the order of the pages.</summary>
    /// <param name="query">The question.</param>
    /// <param name="cut">Told when a page left some out for good (<see cref="MovementAnswer.Cut"/>).</param>
    public IEnumerable<FoundSighting> All(MovementQuery query, Action? cut = null)
    {
        string? cursor = null;
        do
        {
            var page = Find(query with { Limit = MostRows }, cursor);
            if (page.Cut)
            {
                cut?.Invoke();
            }

            foreach (var found in page.Found)
            {
                yield return found;
            }

            cursor = page.Cursor;
        }
        while (cursor is not null);
    }

    /// <summary>The journey of a vehicle, its last 1,000 sightings; null when there is no such vehicle.</summary>
    public Journey? JourneyOf(string vehicle) => store.Get(Vehicle.Table, vehicle) is { } found
        ? new Journey(found, [.. store.Prefix(StoredSighting.ByVehicle, Keys.Join(vehicle, ""), LongestJourney, newestFirst: true).Reverse()])
        : null;

    private IEnumerable<(Step Step, double? Probability)> Steps(MovementQuery query, string pattern, MovementPlace? after, Action cut) => query.Fuzzy
        ? RankedSearch.Through(store, query, pattern, after, cut).Select(s => (s.Step, (double?)s.Probability))
        : new MovementWalk(store).Through(query, pattern, after).Select(s => (s, (double?)null));

    // Records are in the order of their milliseconds, and so is the question.
    private static bool Fits(MovementQuery query, string pattern, StoredSighting s)
    {
        var at = Keys.Time(s.CapturedAt);
        return string.CompareOrdinal(at, Keys.Time(query.From)) >= 0 && string.CompareOrdinal(at, Keys.Time(query.To)) <= 0
            && (query.Fuzzy || pattern.Length == 0 || WatchlistPattern.Matches(pattern, s.Text))
            && (query.Vehicle.Length == 0 || s.Vehicle == query.Vehicle)
            && (query.Ports.Count == 0 || query.Ports.Contains(s.Port, StringComparer.Ordinal))
            && (query.Lanes.Count == 0 || query.Lanes.Contains(s.Lane, StringComparer.Ordinal) || query.Lanes.Contains(s.LaneKey, StringComparer.Ordinal))
            && (query.Country.Length == 0 || s.Message.Country == query.Country);
    }

    private static MovementCursor Read(MovementQuery query, string text)
    {
        if (!MovementCursor.TryParse(text, out var cursor))
        {
            throw new InputException("cursor: this is none that the hub gave. Ask without one for the first page.");
        }

        return cursor.Asked == query.Fingerprint
            ? cursor
            : throw new InputException("cursor: it belongs to another question. Ask with the filters of the first page, or without a cursor.");
    }

    private static MovementQuery Timed(MovementQuery query, MovementCursor cursor) => query with { From = cursor.From, To = cursor.To };

    private static string Cursor(MovementQuery query, MovementPlace? last) => new MovementCursor(query.From, query.To, query.Fingerprint, last ?? default).ToString();

    private static DateTimeOffset? TimeOf(MovementPlace? last) =>
        last is { } place ? DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(place.Key, CultureInfo.InvariantCulture)) : null;
}
