using System.Text.Json.Serialization;
using Anpr.Hub.Link;

namespace Anpr.Hub.Movements;

/// <summary>Two vehicles that were found to be one (docs/json.md).</summary>
/// <param name="Id">To undo it by.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Vehicle">The one that stays.</param>
/// <param name="Joined">The one that was joined to it.</param>
/// <param name="Text">What that one was thought to read.</param>
/// <param name="Sightings">Those that went with it.</param>
/// <param name="Probability">That they are one, 0..1.</param>
/// <param name="Why">In words.</param>
/// <param name="UndoneBy">Who took them apart; missing while it stands.</param>
public sealed record MergeRow(
    string Id,
    DateTimeOffset At,
    string Vehicle,
    string Joined,
    string Text,
    IReadOnlyList<string> Sightings,
    double Probability,
    string Why,
    [property: JsonPropertyName("undone_by")] string? UndoneBy)
{
    /// <summary>The row of a merge.</summary>
    public static MergeRow Of(Merge m) => new(m.Id, m.At, m.Into, m.Gone.Id, m.Gone.Text, m.Sightings, m.Probability, m.Why, m.UndoneBy.Length > 0 ? m.UndoneBy : null);
}
