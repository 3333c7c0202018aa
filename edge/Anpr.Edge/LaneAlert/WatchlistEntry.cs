using System.Text.Json.Serialization;
using Anpr.Models.Plates;
using Anpr.Proto.V1;

namespace Anpr.Edge.LaneAlert;

/// <summary>What a lane may know of an entry.</summary>
/// <param name="Id">The hub's id.</param>
/// <param name="Pattern">Folded; <c>?</c> one character, <c>*</c> any number.</param>
/// <param name="Priority">1 highest .. 3 lowest.</param>
/// <param name="Display">At most 40 characters, for the lane's display.</param>
/// <param name="Expires">From then on it matches nothing; null: never.</param>
/// <param name="Kind">How the pattern is compared.</param>
/// <param name="Least">Of a fuzzy one: the least probability that a plate is the listed one, 0..1; 0: the usual.</param>
internal sealed record WatchlistEntry(string Id, string Pattern, int Priority, string Display, DateTimeOffset? Expires, PatternKind Kind, double Least = 0)
{
    /// <summary>What its pattern is compared by. From a hub that says no kind it is exact or a wildcard, whichever the pattern is.</summary>
    [JsonIgnore]
    public ListedPattern Listed => new(
        Pattern,
        Kind switch { PatternKind.Fuzzy => ListedKind.Fuzzy, PatternKind.Wildcard => ListedKind.Wildcard, _ => ListedKind.Exact },
        Least > 0 ? Least : ListedPattern.UsualLeast);
}

/// <summary>An entry that a text matched.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Loose">True when a wildcard or a look-alike stood for a part of the text: it must be shown as loose.</param>
/// <param name="Probability">That the plate is the listed one, 0..1; null for a wildcard.</param>
internal sealed record WatchlistMatch(WatchlistEntry Entry, bool Loose, double? Probability);
