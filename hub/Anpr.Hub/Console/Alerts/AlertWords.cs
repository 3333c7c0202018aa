using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;

namespace Anpr.Hub.Web.Alerts;

/// <summary>Alerts in words.</summary>
internal static class AlertWords
{
    /// <summary>Where it stands, and by whom.</summary>
    public static string State(Alert alert)
    {
        var by = alert.History.LastOrDefault(s => s.State == alert.State)?.By ?? "";
        return alert.State switch
        {
            AlertState.Raised => "waiting for an officer",
            AlertState.Acknowledged => $"taken by {by}",
            AlertState.Shelved => $"put aside by {by}",
            AlertState.Resolved => $"resolved by {by}",
            AlertState.Withdrawn => $"withdrawn: {Withdrawn(alert)}",
            _ => alert.State.ToString(),
        };
    }

    /// <summary>Why it was taken back: its plate reads otherwise, or what it rested on is not so.</summary>
    public static string Withdrawn(Alert alert) => alert.History.LastOrDefault(s => s.State == AlertState.Withdrawn)?.Words ?? "";

    /// <summary>True when it was taken back because its plate reads otherwise now.</summary>
    public static bool ReadsOtherwise(Alert alert) => Withdrawn(alert) == Assessor.NowReads(alert.Text);

    /// <summary>Why it was raised, in one sentence.</summary>
    public static string Cause(Alert alert) => alert.Cause switch
    {
        AlertCause.Watchlist when alert.Loose && alert.Pattern.AsSpan().ContainsAny('?', '*') => $"Fits {alert.Pattern} on the watchlist, as other vehicles do too.",
        AlertCause.Watchlist when alert.Loose => $"Looks like {alert.Pattern} on the watchlist{Sure(alert)}. It is not the same: characters that differ are boxed.",
        AlertCause.Watchlist => $"Matches {alert.Pattern} on the watchlist{Sure(alert)}.",
        AlertCause.NoPlate => "A vehicle went through and no plate could be read.",
        _ => alert.Why?.En ?? alert.Display,
    };

    private static string Sure(Alert alert) => alert.Probability is { } p ? $": {WatchlistRule.Percent(p)} that it is the listed plate" : "";
}
