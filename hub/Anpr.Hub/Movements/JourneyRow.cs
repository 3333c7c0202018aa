using System.Text.Json.Serialization;
using Anpr.Hub.Link;

namespace Anpr.Hub.Movements;

/// <summary>One stop of a journey.</summary>
public sealed record StopRow(string Sighting, string Port, string Lane, DateTimeOffset Time, string Text, bool Loose, bool Simulated);

/// <summary>A vehicle's way from one port to another.</summary>
/// <param name="From">Port.</param>
/// <param name="To">Port.</param>
/// <param name="Left">When it was seen last at the one.</param>
/// <param name="Arrived">When it was seen first at the other.</param>
/// <param name="TookS">Seconds between them.</param>
/// <param name="Usual">What others take; missing while too few have gone that way.</param>
/// <param name="Pace">sooner or later than nineteen of twenty; missing when it is as usual, or not known.</param>
public sealed record LegRow(string From, string To, DateTimeOffset Left, DateTimeOffset Arrived, [property: JsonPropertyName("took_s")] double TookS, UsualRow? Usual, string? Pace)
{
    /// <summary>The legs of a journey, oldest first.</summary>
    /// <param name="journey">The journey.</param>
    /// <param name="usual">What is usual from one port to another.</param>
    public static IReadOnlyList<LegRow> Of(Journey journey, Func<string, string, UsualTime?> usual) =>
    [
        .. journey.Sightings.Zip(journey.Sightings.Skip(1)).Where(s => s.First.Port != s.Second.Port)
            .Select(s => Of(s.First.Port, s.Second.Port, s.First.CapturedAt, s.Second.CapturedAt, usual(s.First.Port, s.Second.Port))),
    ];

    private static LegRow Of(string from, string to, DateTimeOffset left, DateTimeOffset arrived, UsualTime? usual)
    {
        var took = arrived - left;
        var pace = usual is null ? null : took < usual.Shortest ? "sooner" : took > usual.Longest ? "later" : null;
        return new LegRow(from, to, left, arrived, Math.Round(took.TotalSeconds, 3), usual is null ? null : UsualRow.Of(usual), pace);
    }
}

/// <summary>What vehicles take from one port to another, in whole seconds.</summary>
/// <param name="ShortestS">One of twenty takes less.</param>
/// <param name="MedianS">Half of them take less.</param>
/// <param name="LongestS">One of twenty takes more.</param>
/// <param name="Counted">How many.</param>
public sealed record UsualRow([property: JsonPropertyName("shortest_s")] double ShortestS, [property: JsonPropertyName("median_s")] double MedianS, [property: JsonPropertyName("longest_s")] double LongestS, int Counted)
{
    internal static UsualRow Of(UsualTime usual) => new(Math.Round(usual.Shortest.TotalSeconds), Math.Round(usual.Median.TotalSeconds), Math.Round(usual.Longest.TotalSeconds), usual.Of);
}

/// <summary>A vehicle's way across lanes and ports.</summary>
/// <param name="Vehicle">Its id.</param>
/// <param name="Text">Its registration.</param>
/// <param name="Ports">Where it was seen.</param>
/// <param name="Stops">Oldest first.</param>
/// <param name="Legs">From port to port, oldest first.</param>
public sealed record JourneyRow(string Vehicle, string Text, IReadOnlyList<string> Ports, IReadOnlyList<StopRow> Stops, IReadOnlyList<LegRow> Legs)
{
    /// <summary>The row of a journey.</summary>
    public static JourneyRow Of(Journey journey, Func<string, string, UsualTime?> usual) => new(
        journey.Vehicle.Id,
        journey.Vehicle.Text,
        journey.Vehicle.Ports,
        [.. journey.Sightings.Select(s => new StopRow(s.Id, s.Port, s.Lane, s.CapturedAt, s.Text, journey.Vehicle.IsLoose(s), s.Simulated))],
        LegRow.Of(journey, usual));
}
