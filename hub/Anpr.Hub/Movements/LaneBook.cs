using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Movements;

/// <summary>A vehicle that a lane saw.</summary>
/// <param name="Id">Of its passage.</param>
/// <param name="Passage">Null while only its sightings have come in.</param>
/// <param name="Sightings">Its plates, oldest first; none when it was not read.</param>
/// <param name="Time">When it was seen first.</param>
public sealed record SeenPassage(string Id, StoredPassage? Passage, IReadOnlyList<StoredSighting> Sightings, DateTimeOffset Time);

/// <summary>What a lane saw around a time.</summary>
/// <param name="From">Beginning, included.</param>
/// <param name="To">End, included.</param>
/// <param name="Passages">Oldest first.</param>
/// <param name="More">There were more than one answer holds: the newest are here.</param>
public sealed record SeenAtLane(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<SeenPassage> Passages, bool More);

/// <summary>What lanes saw, read or not. It asks for no reason and keeps no log: <see cref="MovementDesk"/> does.</summary>
public sealed class LaneBook(IStore store, MovementSearch movements)
{
    /// <summary>The longest time before and after.</summary>
    public static readonly TimeSpan Furthest = TimeSpan.FromHours(2);

    // Vehicles that came before and were still there.
    private static readonly TimeSpan Standing = TimeSpan.FromHours(1);

    /// <summary>Every vehicle that stood in a lane within a time before and after another.</summary>
    /// <param name="port">Port.</param>
    /// <param name="lane">Lane.</param>
    /// <param name="time">Around when.</param>
    /// <param name="around">How long before and after, at most <see cref="Furthest"/>.</param>
    public SeenAtLane Around(string port, string lane, DateTimeOffset time, TimeSpan around)
    {
        var (from, to) = (time - around, time + around);
        var read = movements.Find(new MovementQuery("", from, to, [port], MovementSearch.MostRows) { Lanes = [lane] });
        var plates = read.Sightings.GroupBy(s => s.Message.PassageId, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.OrderBy(s => s.CapturedAt).ToList(), StringComparer.Ordinal);
        var steps = 0;
        var stood = StoreReading.Pages((until, size) => store.Range(StoredPassage.ByTime, Keys.Time(from - Standing), until, size, newestFirst: true), p => Keys.Time(p.OpenedAt), p => p.Id, Keys.Time(to))
            .TakeWhile(_ => steps++ < movements.MostSteps)
            .Where(p => p.Port == port && p.Lane == lane && (p.OpenedAt >= from || p.ClosedAt >= from || plates.ContainsKey(p.Id)))
            .Take(MovementSearch.MostRows + 1).ToDictionary(p => p.Id, StringComparer.Ordinal);
        var seen = stood.Keys.Union(plates.Keys, StringComparer.Ordinal)
            .Select(id => Seen(id, stood.GetValueOrDefault(id), plates.GetValueOrDefault(id) ?? []))
            .OrderByDescending(p => p.Time).ThenBy(p => p.Id, StringComparer.Ordinal).ToList();
        return new SeenAtLane(from, to, [.. seen.Take(MovementSearch.MostRows).Reverse()], read.More || steps > movements.MostSteps || seen.Count > MovementSearch.MostRows);
    }

    private static SeenPassage Seen(string id, StoredPassage? passage, IReadOnlyList<StoredSighting> plates) =>
        new(id, passage, plates, plates.Count > 0 ? plates[0].CapturedAt : passage!.OpenedAt);
}
