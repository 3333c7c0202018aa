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
        var entry = hit.Entry;
        var (sure, french) = hit.Probability is { } p ? ($" ({Percent(p)})", $" ({PercentInFrench(p)})") : ("", "");
        return new(AlertCause.Watchlist, entry.Id, entry.Priority, entry.Display, hit.Loose
            ? new($"{text} looks like {entry.Pattern}{sure}: {entry.Display}", $"{text} ressemble à {entry.Pattern}{french} : {entry.Display}")
            : new($"matches {entry.Pattern}: {entry.Display}", $"correspond à {entry.Pattern} : {entry.Display}"))
        {
            Entry = entry,
            Loose = hit.Loose,
        };
    }

    /// <summary>A probability as officers read it: never 0 % or 100 %, because nothing is.</summary>
    public static string Percent(double probability) => Percent(probability, "under", "over");

    /// <summary>The same in French.</summary>
    public static string PercentInFrench(double probability) => Percent(probability, "moins de", "plus de");

    private static string Percent(double probability, string under, string over) => probability switch
    {
        < 0.01 => $"{under} 1 %",
        > 0.99 => $"{over} 99 %",
        _ => string.Create(CultureInfo.InvariantCulture, $"{100 * probability:0} %"),
    };
}
