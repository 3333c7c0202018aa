using Anpr.Hub.Link;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Hub.Assess;

/// <summary>Compares registrations with one revision of the watchlist, as lanes do (<see cref="WatchlistIndex{T}"/>). Immutable, thread-safe.</summary>
public sealed class WatchlistMatcher
{
    // So many changes are kept beside the index of all before it is made anew.
    private const int Beside = 500;

    private readonly WatchlistIndex<ListEntry> stock;
    private readonly WatchlistIndex<ListEntry> fresh;
    private readonly Dictionary<string, ListEntry> changed;

    /// <summary>Prepares the entries; removed ones are left out, expired ones are sorted out at each match.</summary>
    public WatchlistMatcher(IEnumerable<ListEntry> entries)
        : this(Index(entries), [])
    {
    }

    private WatchlistMatcher(WatchlistIndex<ListEntry> stock, Dictionary<string, ListEntry> changed)
    {
        (this.stock, this.changed) = (stock, changed);
        fresh = Index(changed.Values);
    }

    /// <summary>A list without entries.</summary>
    public static WatchlistMatcher Empty { get; } = new([]);

    /// <summary>What a sighting says of its registration.</summary>
    public static PlateReading Reading(Sighting sighting) => PlateReading.Of(
        sighting.Text,
        [.. PlateEvidence.Of(sighting).Characters.Select(p => (IReadOnlyList<CharacterChance>)[.. p.Options.Select(o => new CharacterChance(o.C, o.P))])]);

    /// <summary>The list after some of its entries were added, changed or ended.</summary>
    public WatchlistMatcher With(IReadOnlyList<ListEntry> changes)
    {
        var all = new Dictionary<string, ListEntry>(changed, StringComparer.Ordinal);
        foreach (var entry in changes)
        {
            all[entry.Id] = entry;
        }

        return all.Count <= Beside ? new(stock, all) : new(stock.Entries.Where(e => !all.ContainsKey(e.Id)).Concat(all.Values));
    }

    /// <summary>Entries that a read at this port matches at this time, the most urgent first.</summary>
    public IReadOnlyList<ListedHit<ListEntry>> Match(PlateReading reading, string port, DateTimeOffset now) =>
    [
        .. stock.Match(reading).Where(h => !changed.ContainsKey(h.Entry.Id)).Concat(fresh.Match(reading))
            .Where(h => h.Entry.IsActive(now) && h.Entry.IsFor(port))
            .Select(h => new ListedHit<ListEntry>(h.Entry, h.Loose, h.Probability))
            .OrderBy(h => h.Entry.Priority).ThenBy(h => h.Entry.Id, StringComparer.Ordinal),
    ];

    private static WatchlistIndex<ListEntry> Index(IEnumerable<ListEntry> entries) => new(entries.Where(e => !e.Removed), e => e.Listed);
}
