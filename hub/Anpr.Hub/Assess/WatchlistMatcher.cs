using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;

namespace Anpr.Hub.Assess;

/// <summary>One entry that a registration matched.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Loose">Only through a look-alike character.</param>
public sealed record WatchlistHit(ListEntry Entry, bool Loose);

/// <summary>Compares registrations with one revision of the watchlist. Immutable, thread-safe.</summary>
public sealed class WatchlistMatcher
{
    private readonly ILookup<string, ListEntry> exact;
    private readonly ILookup<string, ListEntry> fuzzy;
    private readonly IReadOnlyList<ListEntry> wildcards;

    /// <summary>Prepares the entries; removed ones are left out, expired ones are sorted out at each match.</summary>
    public WatchlistMatcher(IEnumerable<ListEntry> entries)
    {
        var live = entries.Where(e => !e.Removed).ToList();
        exact = live.Where(e => e.Kind != MatchKind.Wildcard).ToLookup(e => e.Pattern, StringComparer.Ordinal);
        fuzzy = live.Where(e => e.Kind == MatchKind.Fuzzy).ToLookup(e => Confusables.Shape(e.Pattern), StringComparer.Ordinal);
        wildcards = [.. live.Where(e => e.Kind == MatchKind.Wildcard)];
    }

    /// <summary>A list without entries.</summary>
    public static WatchlistMatcher Empty { get; } = new([]);

    /// <summary>Entries that the registration matches at this time, the most urgent first.</summary>
    public IReadOnlyList<WatchlistHit> Match(string text, DateTimeOffset now)
    {
        var hits = exact[text].Select(e => new WatchlistHit(e, false))
            .Concat(wildcards.Where(e => Fits(e.Pattern, text)).Select(e => new WatchlistHit(e, false)))
            .Concat(fuzzy[Confusables.Shape(text)].Where(e => Confusables.Differences(e.Pattern, text)!.Count == 1).Select(e => new WatchlistHit(e, true)));
        return [.. hits.Where(h => h.Entry.IsActive(now)).OrderBy(h => h.Entry.Priority)];
    }

    /// <summary>True when the whole text fits the pattern: <c>?</c> is one character, <c>*</c> any number. Takes pattern times text steps at most.</summary>
    public static bool Fits(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        int p = 0, t = 0, star = -1, mark = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                mark = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }
}
