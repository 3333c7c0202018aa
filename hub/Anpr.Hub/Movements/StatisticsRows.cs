using System.Text.Json.Serialization;

namespace Anpr.Hub.Movements;

/// <summary>Searches of one kind, and what they found.</summary>
/// <param name="Key">What they have in common.</param>
/// <param name="Searches">How many.</param>
/// <param name="Finds">How many of them found people.</param>
/// <param name="People">How many people.</param>
/// <param name="Goods">How many searches found goods.</param>
/// <param name="Misreads">How many found that the plate was misread.</param>
/// <param name="Share">Finds of searches, 0..1.</param>
/// <param name="Low">The true share is this at least, with <paramref name="High"/> in 95 of 100 cases (Wilson).</param>
/// <param name="High">The true share is this at most.</param>
public sealed record SearchCountRow(string Key, int Searches, int Finds, int People, int Goods, int Misreads, double Share, double Low, double High)
{
    /// <summary>The row of a count.</summary>
    public static SearchCountRow Of(string key, SearchCount c) =>
        new(key, c.Searches, c.Finds, c.People, c.Goods, c.Misreads, Math.Round(c.Share, 6), Math.Round(c.Interval.Low, 6), Math.Round(c.Interval.High, 6));
}

/// <summary>Searches against what they found. Nobody's name is in it.</summary>
/// <param name="From">Earliest beginning, UTC.</param>
/// <param name="To">Latest beginning, UTC.</param>
/// <param name="Whole">False when there were more searches than are counted at once: give less time.</param>
/// <param name="All">All of them.</param>
/// <param name="ByReason">By why they were made.</param>
/// <param name="ByMethod">By method; a search by two counts under each.</param>
/// <param name="ByReasonAndMethod">By both.</param>
/// <param name="ByPort">By port.</param>
/// <param name="ByWeek">By week, ISO 8601.</param>
public sealed record StatisticsBody(
    DateTimeOffset From,
    DateTimeOffset To,
    bool Whole,
    SearchCountRow All,
    [property: JsonPropertyName("by_reason")] IReadOnlyList<SearchCountRow> ByReason,
    [property: JsonPropertyName("by_method")] IReadOnlyList<SearchCountRow> ByMethod,
    [property: JsonPropertyName("by_reason_and_method")] IReadOnlyList<SearchCountRow> ByReasonAndMethod,
    [property: JsonPropertyName("by_port")] IReadOnlyList<SearchCountRow> ByPort,
    [property: JsonPropertyName("by_week")] IReadOnlyList<SearchCountRow> ByWeek)
{
    /// <summary>The body of counts.</summary>
    public static StatisticsBody Of(SearchCounts c) => new(
        c.From, c.To, c.Whole, SearchCountRow.Of("all", c.All), Rows(c, "reason"), Rows(c, "method"), Rows(c, "reason_and_method"), Rows(c, "port"), Rows(c, "week"));

    private static IReadOnlyList<SearchCountRow> Rows(SearchCounts counts, string grouping) => [.. counts.Groups[grouping].Select(g => SearchCountRow.Of(g.Key, g.Value))];
}
