using System.Globalization;
using Anpr.Hub.Alerts;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;

namespace Anpr.Hub.Assess;

/// <summary>A vehicle of interest. Pure.</summary>
public static class WatchlistRule
{
    /// <summary>The hit of an entry that a registration matched.</summary>
    public static Hit Hit(ListedHit<ListEntry> hit, string text)
    {
        var (entry, sure) = (hit.Entry, hit.Probability is { } p ? $" ({Percent(p)})" : "");
        return new(AlertCause.Watchlist, entry.Id, entry.Priority, entry.Display, hit.Loose
            ? new($"{text} looks like {entry.Pattern}{sure}: {entry.Display}", $"{text} ressemble à {entry.Pattern}{sure} : {entry.Display}")
            : new($"matches {entry.Pattern}: {entry.Display}", $"correspond à {entry.Pattern} : {entry.Display}"))
        {
            Entry = entry,
            Loose = hit.Loose,
        };
    }

    /// <summary>A probability as officers read it: never 0 % or 100 %, because nothing is.</summary>
    public static string Percent(double probability) => probability switch
    {
        < 0.01 => "under 1 %",
        > 0.99 => "over 99 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{100 * probability:0} %"),
    };
}
