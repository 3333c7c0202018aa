using Anpr.Proto.V1;

namespace Anpr.Edge.LaneAlert;

/// <summary>What a lane may know of an entry.</summary>
/// <param name="Id">The hub's id.</param>
/// <param name="Pattern">Folded; <c>?</c> one character, <c>*</c> any number.</param>
/// <param name="Priority">1 highest .. 3 lowest.</param>
/// <param name="Display">At most 40 characters, for the lane's display.</param>
/// <param name="Expires">From then on it matches nothing; null: never.</param>
/// <param name="Kind">How the pattern is compared.</param>
internal sealed record WatchlistEntry(string Id, string Pattern, int Priority, string Display, DateTimeOffset? Expires, PatternKind Kind);

/// <summary>An entry that a text matched.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Loose">True when a wildcard or a look-alike stood for a part of the text: it must be shown as loose.</param>
internal sealed record WatchlistMatch(WatchlistEntry Entry, bool Loose);
