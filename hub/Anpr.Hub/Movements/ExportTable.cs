namespace Anpr.Hub.Movements;

/// <summary>Rows as a spreadsheet has them, read as they are written.</summary>
/// <param name="Columns">Names of the columns.</param>
/// <param name="Rows">Values in the columns' order: text, number, true or false, a time in UTC, or null.</param>
/// <param name="Note">What must be known of the rows once all are written, such as that there were more; null when nothing must.</param>
public sealed record ExportTable(IReadOnlyList<string> Columns, IEnumerable<IReadOnlyList<object?>> Rows, Func<string?> Note);

/// <summary>The tables of what can be exported.</summary>
internal static class ExportTables
{
    private static readonly string[] OfSightings =
    [
        "time", "port", "lane", "text", "country", "confidence", "probability", "vehicle", "link_probability", "loose", "passage", "side", "direction",
        "camera", "offset_ms", "simulated", "late", "received_at", "raw_text", "id", "revision",
    ];

    private static readonly string[] OfStops = ["time", "port", "lane", "text", "loose", "simulated", "sighting", "from_port", "took_s", "usual_shortest_s", "usual_median_s", "usual_longest_s", "pace"];

    private static readonly string[] OfCounts = ["grouping", "key", "searches", "finds", "people", "goods", "misreads", "share", "low", "high"];

    /// <summary>What is said at the end of an export that holds not all.</summary>
    public static string Cut(int most) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The export ends here: {most:N0} records are the most that one holds. Narrow the question for the others.");

    /// <summary>What is said of an answer to a fuzzy question that left some out.</summary>
    public const string Unweighed = "More sightings came into question than are weighed: older ones, or those of less likely vehicles, may be missing. Give less time.";

    /// <summary>What is said at the end of rows that were taken; null when they are all.</summary>
    public static string? NoteOf<T>(Portion<T> portion) => portion.Cut ? Cut(portion.Most) : portion.Unweighed ? Unweighed : null;

    /// <summary>Sightings, one a row.</summary>
    public static ExportTable Of<T>(IEnumerable<SightingRow> rows, Portion<T> portion) => new(
        OfSightings,
        rows.Select(s => (IReadOnlyList<object?>)
        [
            s.Time, s.Port, s.Lane, s.Text, s.Country, s.Confidence, s.Probability, s.Vehicle, s.LinkProbability, s.Loose, s.Passage, s.Side, s.Direction,
            s.Camera, s.OffsetMs, s.Simulated, s.Late, s.ReceivedAt, s.RawText, s.Id, s.Revision,
        ]),
        () => NoteOf(portion));

    /// <summary>Stops of a journey, one a row; where one is the first at a port, with the time from the last port.</summary>
    public static ExportTable Of(JourneyRow journey)
    {
        var legs = journey.Legs.ToDictionary(l => l.Arrived);
        return new ExportTable(
            OfStops,
            journey.Stops.Select(s => (Stop: s, Leg: legs.GetValueOrDefault(s.Time) is { } leg && leg.To == s.Port ? leg : null)).Select(s => (IReadOnlyList<object?>)
            [
                s.Stop.Time, s.Stop.Port, s.Stop.Lane, s.Stop.Text, s.Stop.Loose, s.Stop.Simulated, s.Stop.Sighting,
                s.Leg?.From, s.Leg?.TookS, s.Leg?.Usual?.ShortestS, s.Leg?.Usual?.MedianS, s.Leg?.Usual?.LongestS, s.Leg?.Pace,
            ]),
            () => null);
    }

    /// <summary>Counts of searches, one group a row.</summary>
    public static ExportTable Of(SearchCounts counts) => new(
        OfCounts,
        SearchStatistics.Groupings.SelectMany(g => counts.Groups[g].Select(c => (Grouping: g, Row: SearchCountRow.Of(c.Key, c.Value)))).Prepend((Grouping: "all", Row: SearchCountRow.Of("all", counts.All)))
            .Select(c => (IReadOnlyList<object?>)[c.Grouping, c.Row.Key, c.Row.Searches, c.Row.Finds, c.Row.People, c.Row.Goods, c.Row.Misreads, c.Row.Share, c.Row.Low, c.Row.High]),
        () => counts.Whole ? null : "There were more searches than are counted at once. Give less time.");
}
