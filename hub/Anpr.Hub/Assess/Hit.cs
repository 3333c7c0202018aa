using Anpr.Hub.Alerts;
using Anpr.Hub.Watchlists;

namespace Anpr.Hub.Assess;

/// <summary>One sentence for officers, in both languages of the ports.</summary>
/// <param name="En">English.</param>
/// <param name="Fr">French.</param>
public sealed record Words(string En, string Fr);

/// <summary>What a rule found in a sighting or passage.</summary>
/// <param name="Cause">The rule.</param>
/// <param name="About">What tells two hits of one rule apart: an entry, a vehicle; empty where there can be one only.</param>
/// <param name="Priority">0 danger to life, 1 highest .. 3 lowest.</param>
/// <param name="Display">A few words for a list.</param>
/// <param name="Why">The reason, with its figures.</param>
public sealed record Hit(AlertCause Cause, string About, int Priority, string Display, Words Why)
{
    /// <summary>The watchlist's entry; null for a rule without one.</summary>
    public ListEntry? Entry { get; init; }

    /// <summary>Only through a wildcard or a look-alike character.</summary>
    public bool Loose { get; init; }

    /// <summary>The earlier sighting of the same vehicle that it rests on; empty for one that rests on none.</summary>
    public string Rests { get; init; } = "";
}
