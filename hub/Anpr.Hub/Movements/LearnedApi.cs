using System.Text.Json.Serialization;
using Anpr.Hub.Link;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Anpr.Hub.Movements;

/// <summary>What was learned of lanes.</summary>
/// <param name="Versions">Newest first, at most 100.</param>
/// <param name="Pairs">Pairs of lanes, those that most vehicles take first.</param>
public sealed record LearnedBody(IReadOnlyList<VersionRow> Versions, IReadOnlyList<PairRow> Pairs);

/// <summary>One version (docs/api.md).</summary>
public sealed record VersionRow(ulong Number, DateTimeOffset At, string By, string? Why, double Sightings, double Matches, DateTimeOffset Until)
{
    /// <summary>The row of a version.</summary>
    public static VersionRow Of(LearnedVersion v) => new(v.Number, v.At, v.By, v.Why.Length > 0 ? v.Why : null, v.Sightings, v.Matches, v.Until);
}

/// <summary>One pair of lanes (docs/api.md).</summary>
/// <param name="From">port/lane; missing for vehicles never seen before.</param>
/// <param name="To">port/lane.</param>
/// <param name="Sightings">How many vehicles came this way, older ones counted less.</param>
/// <param name="Matches">Matches whose characters were compared.</param>
/// <param name="MedianMinutes">Within which half of them came; missing for vehicles never seen before.</param>
public sealed record PairRow(string? From, string To, double Sightings, double Matches, [property: JsonPropertyName("median_minutes")] double? MedianMinutes)
{
    /// <summary>The row of a pair.</summary>
    public static PairRow Of(LanePair p) => new(p.FromLane.Length > 0 ? $"{p.FromPort}/{p.FromLane}" : null, $"{p.ToPort}/{p.ToLane}", p.Sightings, p.Matches, Minutes(p.Within(0.5)));

    internal static double? Minutes(TimeSpan? time) => time is { } known ? Math.Round(known.TotalMinutes, 1) : null;
}

/// <summary>How long one way takes at one hour (docs/api.md).</summary>
/// <param name="Hour">UTC, at which vehicles left.</param>
/// <param name="Vehicles">How many, older ones counted less.</param>
/// <param name="Soon">Minutes within which a tenth came.</param>
/// <param name="Median">Minutes within which half came.</param>
/// <param name="Late">Minutes within which nine of ten came.</param>
public sealed record HourRow(int Hour, double Vehicles, double Soon, double Median, double Late);

/// <summary>What was learned of one pair of lanes (docs/api.md).</summary>
/// <param name="Pair">The pair.</param>
/// <param name="Letters">How often the first lane read one character where the second read the other: <c>8B</c> is 8 and B.</param>
/// <param name="Hours">Hours at which anybody came.</param>
public sealed record PairBody(PairRow Pair, IReadOnlyDictionary<string, double> Letters, IReadOnlyList<HourRow> Hours);

/// <summary>What hubs have learned of their lanes: versions, confusions, times. It holds no registration.</summary>
internal static class LearnedApi
{
    private const int MostVersions = 100;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/learned", All).WithSummary("What was learned of lanes: versions, and pairs of lanes.");
        api.MapGet("/learned/pair", Pair).WithSummary("What is taken for what between two lanes (from, to: port/lane), and how long the way takes at each hour.");
        api.MapPost("/learned/forget", ForgetAsync).WithSummary("Forgets all that was learned, or what was learned of one pair of lanes (from, to). Needs a reason.");
    }

    /// <summary>Times of each hour at which anybody came.</summary>
    internal static IReadOnlyList<HourRow> Hours(LanePair pair) =>
    [
        .. pair.Times.GroupBy(t => t.Hour).OrderBy(g => g.Key).Select(g => new HourRow(
            g.Key, Math.Round(g.Sum(t => t.Count), 1), PairRow.Minutes(pair.Within(0.1, g.Key))!.Value, PairRow.Minutes(pair.Within(0.5, g.Key))!.Value, PairRow.Minutes(pair.Within(0.9, g.Key))!.Value)),
    ];

    private static Ok<LearnedBody> All(LearningDesk desk) => TypedResults.Ok(new LearnedBody(
        [.. desk.Versions(MostVersions).Select(VersionRow.Of)], [.. desk.Pairs.OrderByDescending(p => p.Sightings).Select(PairRow.Of)]));

    private static Results<Ok<PairBody>, NotFound> Pair(string from, string to, LearningDesk desk) => desk.Pair(from, to) is { } pair
        ? TypedResults.Ok(new PairBody(PairRow.Of(pair), pair.Letters, Hours(pair)))
        : TypedResults.NotFound();

    private static async Task<Results<Ok<VersionRow>, NotFound>> ForgetAsync(string? from, string? to, [AsParameters] Why why, HttpContext context, LearningDesk desk)
    {
        if (from is null != to is null)
        {
            throw new Ops.InputException("from and to: give both lanes as port/lane, or none to forget all.");
        }

        return await desk.ForgetAsync(why.By(context), from is null ? null : (from, to!)) is { } version
            ? TypedResults.Ok(VersionRow.Of(version))
            : TypedResults.NotFound();
    }
}
