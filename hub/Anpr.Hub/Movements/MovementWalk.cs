using Anpr.Hub.Ingest;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Movements;

/// <summary>A step of a walk.</summary>
/// <param name="At">Its place in the order of the answer.</param>
/// <param name="Sighting">What was met; null for a passage that does not answer, which is a step too.</param>
internal readonly record struct Step(MovementPlace At, StoredSighting? Sighting);

/// <summary>
/// Ways through the store that meet everything that may answer a question, newest first, each by an index. Of records under one key that with the
/// greatest id comes first, so that every walk has one order and can be taken up again at any place in it.
/// </summary>
internal sealed class MovementWalk(IStoreReader store)
{
    private const int MostPlates = 100;
    private const int Row = 3;
    private const int End = 2;

    // A passage is open while the vehicle stands in the lane, and may be searched before its plate is read best.
    private static readonly TimeSpan LongestPassage = TimeSpan.FromHours(12);

    // Else a search or a decision comes after the sighting; a simulated clock may stand days behind.
    private static readonly TimeSpan LatestSearch = TimeSpan.FromDays(30);

    /// <summary>The shortest way for a question, from a place on (left out) or from its beginning.</summary>
    public IEnumerable<Step> Through(MovementQuery query, string pattern, MovementPlace? after)
    {
        var steps = Way(query, pattern, new Span(Keys.Time(query.From), Least(Keys.Time(query.To), after)), after);
        return after is { } place ? steps.Where(s => s.At.IsAfter(place)) : steps;
    }

    private IEnumerable<Step> Way(MovementQuery query, string pattern, Span span, MovementPlace? after)
    {
        if (query.Vehicle.Length > 0)
        {
            return Sightings(span.Until, (until, size) => store.Range(StoredSighting.ByVehicle, Keys.Join(query.Vehicle, span.From), Keys.Join(query.Vehicle, until), size, newestFirst: true));
        }

        if (pattern.Length > 0 && pattern.AsSpan().IndexOfAny('?', '*') < 0)
        {
            return Sightings(span.Until, (until, size) => store.Range(StoredSighting.ByText, Keys.Join(pattern, span.From), Keys.Join(pattern, until), size, newestFirst: true));
        }

        if (IsTelling(pattern))
        {
            return Sightings(span.Until, (until, size) => store.Like(StoredSighting.ByText, pattern, span.From, until, size));
        }

        var opened = Keys.Time(query.From - LongestPassage);
        var judged = new Span(opened, Least(Keys.Time(query.To + LatestSearch), after));
        if (query.Disposition is { } outcome)
        {
            return Disposed(Names.Of(outcome), judged);
        }

        if (query.Finding is { } finding)
        {
            return Searched(Names.Of(finding), judged);
        }

        return query.MinScore > 0
            ? Scored(query, new Span(opened, span.Until))
            : Sightings(span.Until, (until, size) => store.Range(StoredSighting.ByTime, span.From, until, size, newestFirst: true));
    }

    // Enough known characters in a row, or at one end, that few registrations have them: then those are looked up. Else what fits is frequent,
    // and is met soon where the time range is walked through.
    private static bool IsTelling(string pattern)
    {
        var runs = pattern.Split('?', '*');
        return runs.Any(r => r.Length >= Row) || (runs.Length > 1 && (runs[0].Length >= End || runs[^1].Length >= End));
    }

    private static IEnumerable<Step> Sightings(string until, Func<string, int, IReadOnlyList<StoredSighting>> read) =>
        Settled(StoreReading.Pages(read, TimeOf, s => s.Id, until), TimeOf, s => s.Id).Select(s => new Step(new(TimeOf(s), s.Id, ""), s));

    // Only the last of a passage's decisions counts, and it is met once.
    private IEnumerable<Step> Disposed(string outcome, Span span) =>
        Settled(Backwards(StoredDisposition.ByOutcome, outcome, span, d => d.TimeKey, d => d.Message.Id), d => d.TimeKey, d => d.Message.Id)
            .SelectMany(d => Passage(d.TimeKey, d.Message.Id, d.Message.PassageId, StoredDisposition.Last(store, d.Message.PassageId)?.Message.Id == d.Message.Id));

    // A passage that was searched twice with one finding is met at the later search.
    private IEnumerable<Step> Searched(string finding, Span span) =>
        Settled(Backwards(StoredSearch.ByFinding, finding, span, s => s.TimeKey, s => s.Message.Id), s => s.TimeKey, s => s.Message.Id)
            .SelectMany(s => Passage(s.TimeKey, s.Message.Id, s.Message.PassageId, IsLastOfItsFinding(s)));

    private bool IsLastOfItsFinding(StoredSearch search) => PassageFacts.Searches(store, search.Message.PassageId)
        .Where(s => s.Message.Finding == search.Message.Finding)
        .All(s => string.CompareOrdinal(Keys.Join(s.TimeKey, s.Message.Id), Keys.Join(search.TimeKey, search.Message.Id)) <= 0);

    private IEnumerable<Step> Scored(MovementQuery query, Span span)
    {
        static string Opened(StoredPassage passage) => Keys.Time(passage.OpenedAt);
        return Settled(
            StoreReading.Pages((until, size) => store.Range(StoredPassage.ByTime, span.From, until, size, newestFirst: true), Opened, p => p.Id, span.Until), Opened, p => p.Id)
            .SelectMany(p => Passage(Opened(p), p.Id, p.Id, PassageFacts.IsScored(p, query)));
    }

    // The sightings of a passage, or one step without any.
    private IEnumerable<Step> Passage(string key, string record, string passage, bool counts)
    {
        var steps = !counts ? [] : store.Range(StoredSighting.ByPassage, passage, passage, MostPlates)
            .Select(s => new Step(new(key, record, Keys.Join(TimeOf(s), s.Id)), s)).OrderByDescending(s => s.At.Part, StringComparer.Ordinal).ToList();
        return steps.Count > 0 ? steps : [new Step(new(key, record, ""), null)];
    }

    private IEnumerable<T> Backwards<T>(TableIndex<T> index, string prefix, Span span, Func<T, string> time, Func<T, string> id)
        where T : class
        => StoreReading.Pages((until, size) => store.Range(index, Keys.Join(prefix, span.From), Keys.Join(prefix, until), size, newestFirst: true), time, id, span.Until);

    // Stores do not say in which order records under one key come.
    private static IEnumerable<T> Settled<T>(IEnumerable<T> walk, Func<T, string> key, Func<T, string> id)
    {
        var same = new List<T>();
        foreach (var record in walk)
        {
            if (same.Count > 0 && key(same[0]) != key(record))
            {
                foreach (var settled in same.OrderByDescending(id, StringComparer.Ordinal))
                {
                    yield return settled;
                }

                same.Clear();
            }

            same.Add(record);
        }

        foreach (var settled in same.OrderByDescending(id, StringComparer.Ordinal))
        {
            yield return settled;
        }
    }

    private static string Least(string until, MovementPlace? after) => after is { } place && string.CompareOrdinal(place.Key, until) < 0 ? place.Key : until;

    private static string TimeOf(StoredSighting sighting) => Keys.Time(sighting.CapturedAt);

    /// <summary>Keys of times, both included.</summary>
    private readonly record struct Span(string From, string Until);
}
