using Anpr.Hub.Ops;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Anpr.Hub.Movements;

/// <summary>Searches against what they found, over REST.</summary>
internal static class StatisticsApi
{
    private static readonly TimeSpan DefaultRange = TimeSpan.FromDays(28);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/statistics/searches", Count).WithSummary("Searches against what they found, by reason, method, port and week, with 95 % intervals; no officer's name. The last 28 days when no time is given. Needs a reason.");
        api.MapGet("/statistics/searches/export", Export).Produces<string>(StatusCodes.Status200OK, "text/csv").WithSummary("The same as CSV or XLSX (format=csv, xlsx). Needs a reason.");
    }

    private static Ok<StatisticsBody> Count(string? from, string? to, string? port, [AsParameters] Why why, HttpContext context, MovementDesk desk, TimeProvider time)
    {
        var range = Range(from, to, time);
        return TypedResults.Ok(StatisticsBody.Of(desk.Count(why.By(context), range.From, range.To, MovementParameters.KnownPorts(port))));
    }

    private static ExportResult Export(string? format, string? from, string? to, string? port, [AsParameters] Why why, HttpContext context, MovementDesk desk, TimeProvider time)
    {
        var (range, form) = (Range(from, to, time), ExportForm.Read(format, geo: false));
        var counts = desk.Count(why.By(context), range.From, range.To, MovementParameters.KnownPorts(port), "statistics.export");
        return new ExportResult(form, "searches", ExportTables.Of(counts));
    }

    /// <summary>The time that is counted: the last 28 days when none is given.</summary>
    /// <exception cref="InputException">It cannot be used.</exception>
    public static (DateTimeOffset From, DateTimeOffset To) Range(string? from, string? to, TimeProvider time)
    {
        var end = TypedTime.Read("to", to) ?? time.GetUtcNow();
        var start = TypedTime.Read("from", from) ?? end - DefaultRange;
        return start <= end ? (start, end) : throw new InputException("from lies after to. Turn them round.");
    }
}
