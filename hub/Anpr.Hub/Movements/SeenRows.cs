using System.Text.Json.Serialization;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Movements;

/// <summary>A vehicle that a lane saw.</summary>
/// <param name="Passage">Its id.</param>
/// <param name="Time">When it was seen first, UTC.</param>
/// <param name="ClosedAt">When it had gone; missing while it stands there, or when only its plates have come in.</param>
/// <param name="Score">Anomaly score, 0..1; missing when only its plates have come in.</param>
/// <param name="Sightings">Its plates; none when it was not read.</param>
public sealed record SeenRow(string Passage, DateTimeOffset Time, [property: JsonPropertyName("closed_at")] DateTimeOffset? ClosedAt, double? Score, IReadOnlyList<SightingRow> Sightings);

/// <summary>What a lane saw around a time.</summary>
/// <param name="From">Beginning, UTC.</param>
/// <param name="To">End, UTC.</param>
/// <param name="Passages">Oldest first.</param>
/// <param name="More">There were others, older than these: give less time.</param>
public sealed record SeenBody(DateTimeOffset From, DateTimeOffset To, IReadOnlyList<SeenRow> Passages, bool More)
{
    internal static SeenBody Of(SeenAtLane seen, IStoreReader store) => new(
        seen.From,
        seen.To,
        [
            .. seen.Passages.Select(p => new SeenRow(
                p.Id, p.Time, p.Passage?.ClosedAt, p.Passage is { } passage ? Math.Round(passage.Message.Score, 6) : null,
                [.. MovementsApi.Rows(store, p.Sightings.Select(s => new FoundSighting(s)))])),
        ],
        seen.More);
}
