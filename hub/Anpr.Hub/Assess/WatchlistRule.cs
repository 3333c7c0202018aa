using Anpr.Hub.Alerts;
using Anpr.Hub.Watchlists;

namespace Anpr.Hub.Assess;

/// <summary>A vehicle of interest. Pure.</summary>
public static class WatchlistRule
{
    /// <summary>The hit of an entry that a registration matched.</summary>
    public static Hit Hit(ListEntry entry, string text, bool loose) => new(AlertCause.Watchlist, entry.Id, entry.Priority, entry.Display, loose
        ? new($"{text} looks like {entry.Pattern}: {entry.Display}", $"{text} ressemble à {entry.Pattern} : {entry.Display}")
        : new($"matches {entry.Pattern}: {entry.Display}", $"correspond à {entry.Pattern} : {entry.Display}"))
    {
        Entry = entry,
        Loose = loose,
    };
}
