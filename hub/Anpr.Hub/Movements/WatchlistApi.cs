using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Csv;
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

    private static Ok<IReadOnlyList<EntryRow>> List(bool? all, HttpContext context, WatchlistBook book, AuditLog audit)
    {
        IReadOnlyList<EntryRow> rows = [.. book.Entries(context.User(), all ?? false).Select(EntryRow.Of)];
        audit.Append(context.User(), "watchlist.look", about: all ?? false ? "all" : "active", records: rows.Count);
        return TypedResults.Ok(rows);
    }

    private static async Task<Ok<EntryAddedBody>> AddAsync(EntryBody body, HttpContext context, WatchlistBook book, AuditLog audit)
    {
        var added = await book.AddAsync(body.ToEntry(context.User()));
        audit.Append(context.User(), "watchlist.add", about: added.Entry.Id, why: added.Entry.Reason, result: $"{added.Past.Count} in the past");
        return TypedResults.Ok(EntryAddedBody.Of(added, Viewer.Of(context.User)));
    }

    private static async Task<Results<Ok<EntryAddedBody>, NotFound>> ChangeAsync(string id, EntryBody body, HttpContext context, WatchlistBook book, AuditLog audit)
    {
        var owner = book.Find(id, context.User())?.Owner ?? context.User();
        var changed = await book.ChangeAsync(id, context.User(), body.ToEntry(owner));
        audit.Append(context.User(), "watchlist.change", about: id, why: changed?.Entry.Reason ?? "", result: changed is null ? "not found" : $"revision {changed.Entry.Revision}, {changed.Past.Count} in the past");
        return changed is null ? TypedResults.NotFound() : TypedResults.Ok(EntryAddedBody.Of(changed, Viewer.Of(context.User)));
    }

    private static Ok<EntryPreview> Preview(EntryBody body, [AsParameters] Why why, HttpContext context, WatchlistPreview preview, AuditLog audit)
    {
        var asked = body.ToEntry(context.User());
        return TypedResults.Ok(audit.Look(why.By(context), "watchlist.preview", $"{body.Kind} {body.Pattern}", () => preview.Of(asked), seen => seen.Sightings));
    }

    private static async Task<Ok<ImportBody>> ImportAsync(HttpContext context, WatchlistFile file, AuditLog audit)
    {
        var bytes = await FileAsync(context);
        var (report, past) = await file.ImportAsync(bytes, context.User());
        audit.Append(context.User(), "watchlist.import", about: ImportReport.Mark(bytes), result: $"{report.Summary}; {(past is null ? "the past was not compared: the store failed" : $"{past} in the past")}");
        return TypedResults.Ok(ImportBody.Of(report, past));
    }

    private static FileContentHttpResult Export([AsParameters] Why why, HttpContext context, WatchlistFile file, AuditLog audit)
    {
        var (bytes, _) = audit.Look(why.By(context), "watchlist.export", "", () => file.Export(context.User()), export => export.Entries);
        return TypedResults.File(bytes, Csv, "watchlist.csv");
    }

    private static async Task<Results<Ok<EntryRow>, NotFound>> EndAsync(string id, HttpContext context, WatchlistBook book, AuditLog audit)
    {
        var ended = await book.EndAsync(id, context.User());
        audit.Append(context.User(), "watchlist.end", about: id, result: ended is null ? "not found" : "ended");
        return ended is null ? TypedResults.NotFound() : TypedResults.Ok(EntryRow.Of(ended));
    }
}
