using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;

namespace Anpr.Hub.Assess;

/// <summary>One entry that a registration matched.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Loose">Only through a wildcard or a look-alike character.</param>
public sealed record WatchlistHit(ListEntry Entry, bool Loose);

/// <summary>Compares registrations with one revision of the watchlist, by <see cref="WatchlistPattern"/>. Immutable, thread-safe.</summary>
public sealed class WatchlistMatcher
{
    // What fits without a wildcard has the pattern's shape, so that a long list costs one look-up.
    private readonly ILookup<string, ListEntry> whole;
    private readonly IReadOnlyList<ListEntry> wildcards;

    /// <summary>Prepares the entries; removed ones are left out, expired ones are sorted out at each match.</summary>
    public WatchlistMatcher(IEnumerable<ListEntry> entries)
    {
        var live = entries.Where(e => !e.Removed).ToList();
        whole = live.Where(e => e.Kind != MatchKind.Wildcard).ToLookup(e => Confusables.Shape(e.Pattern), StringComparer.Ordinal);
        wildcards = [.. live.Where(e => e.Kind == MatchKind.Wildcard)];
    }

    /// <summary>A list without entries.</summary>
    public static WatchlistMatcher Empty { get; } = new([]);

    /// <summary>Entries that the registration matches at this time, the most urgent first.</summary>
    public IReadOnlyList<WatchlistHit> Match(string text, DateTimeOffset now) =>
    [
        .. whole[Confusables.Shape(text)].Concat(wildcards)
            .Where(e => e.IsActive(now))
            .Select(e => (Entry: e, Fit: WatchlistPattern.Fit(e.Pattern, text, e.Kind == MatchKind.Fuzzy)))
            .Where(m => m.Fit != PatternFit.None)
            .Select(m => new WatchlistHit(m.Entry, m.Fit == PatternFit.Loose))
            .OrderBy(h => h.Entry.Priority),
    ];
}
