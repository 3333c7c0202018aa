using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Anpr.Hub.Watchlists;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Anpr.Hub.Movements;

/// <summary>The watchlist over REST. The owner of an entry is who adds it, or whom its row names.</summary>
internal static class WatchlistApi
{
    private const string Csv = "text/csv";

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/watchlist", List).WithSummary("Active entries; with all=true also ended ones.");
        api.MapPost("/watchlist", AddAsync).WithSummary("Adds an entry and compares it with the last 7 days.");
        api.MapPost("/watchlist/preview", Preview).WithSummary("Which misreads an entry would accept, and what it would have hit in the last 30 days. Needs a reason.");
        api.MapPost("/watchlist/import", ImportAsync).Accepts<string>(Csv).WithSummary("Takes in a CSV file: good rows are kept, each other row is named with field and cure.");
        api.MapGet("/watchlist/export", Export).Produces<string>(StatusCodes.Status200OK, Csv).WithSummary("Active entries as CSV. Needs a reason.");
        api.MapPut("/watchlist/{id}", ChangeAsync).WithSummary("Changes an entry and compares it with the last 7 days again.");
        api.MapDelete("/watchlist/{id}", EndAsync).WithSummary("Ends an entry now.");
    }

    /// <summary>The whole body of a request that sends a file.</summary>
    /// <exception cref="InputException">It is longer than the hub takes.</exception>
    internal static async Task<byte[]> FileAsync(HttpContext context)
    {
        using var bytes = new MemoryStream();
        try
        {
            await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        }
        catch (BadHttpRequestException tooLong) when (tooLong.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw new InputException("the file is longer than 30 MB. Divide it.", tooLong);
        }

        return bytes.ToArray();
    }

    private static Ok<IReadOnlyList<EntryRow>> List(bool? all, HttpContext context, WatchlistDesk desk) =>
        TypedResults.Ok<IReadOnlyList<EntryRow>>([.. desk.LookAt(context.User(), all ?? false).Select(EntryRow.Of)]);

    private static async Task<Ok<EntryAddedBody>> AddAsync(EntryBody body, HttpContext context, WatchlistDesk desk) =>
        TypedResults.Ok(EntryAddedBody.Of(await desk.AddAsync(body.ToEntry(context.User())), Viewer.Of(context.User)));

    private static async Task<Results<Ok<EntryAddedBody>, NotFound>> ChangeAsync(string id, EntryBody body, HttpContext context, WatchlistDesk desk) =>
        await desk.ChangeAsync(id, context.User(), body.ToEntry(context.User())) is { } changed
            ? TypedResults.Ok(EntryAddedBody.Of(changed, Viewer.Of(context.User)))
            : TypedResults.NotFound();

    private static Ok<EntryPreview> Preview(EntryBody body, [AsParameters] Why why, HttpContext context, WatchlistDesk desk) =>
        TypedResults.Ok(desk.Preview(why.By(context), body.ToEntry(context.User())));

    private static async Task<Ok<ImportBody>> ImportAsync(HttpContext context, WatchlistDesk desk)
    {
        var (report, past) = await desk.ImportAsync(await FileAsync(context), context.User());
        return TypedResults.Ok(ImportBody.Of(report, past));
    }

    private static FileContentHttpResult Export([AsParameters] Why why, HttpContext context, WatchlistDesk desk) =>
        TypedResults.File(desk.Export(why.By(context)), Csv, "watchlist.csv");

    private static async Task<Results<Ok<EntryRow>, NotFound>> EndAsync(string id, HttpContext context, WatchlistDesk desk) =>
        await desk.EndAsync(id, context.User()) is { } ended ? TypedResults.Ok(EntryRow.Of(ended)) : TypedResults.NotFound();
}
