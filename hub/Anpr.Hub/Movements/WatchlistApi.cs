using System.Text.Json.Serialization;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Watchlists;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Anpr.Hub.Movements;

/// <summary>A new entry of the watchlist.</summary>
/// <param name="Pattern">Registration or pattern (? one character, * any number).</param>
/// <param name="Kind">exact, wildcard or fuzzy.</param>
/// <param name="Priority">1 highest .. 3 lowest.</param>
/// <param name="Display">What officers and lanes show, at most 40 characters.</param>
/// <param name="Reason">Why it is listed, CODE:REF.</param>
/// <param name="ExpiresAt">UTC, within the next year.</param>
/// <param name="Covert">Shown to its owner only, never sent to lanes.</param>
public sealed record EntryBody(
    string Pattern,
    string Kind,
    int Priority,
    string Display,
    string Reason,
    [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt,
    bool Covert = false);

/// <summary>An entry as supervisors see it.</summary>
public sealed record EntryRow(
    string Id,
    string Pattern,
    string Kind,
    int Priority,
    string Display,
    string Reason,
    string Owner,
    bool Covert,
    [property: JsonPropertyName("added_at")] DateTimeOffset AddedAt,
    [property: JsonPropertyName("expires_at")] DateTimeOffset ExpiresAt,
    bool Ended,
    ulong Revision)
{
    /// <summary>The row of an entry.</summary>
    public static EntryRow Of(ListEntry e) => new(
        e.Id, e.Pattern, e.Kind.ToString().ToLowerInvariant(), e.Priority, e.Display, e.Reason, e.Owner, e.Covert, e.AddedAt, e.ExpiresAt, e.Removed, e.Revision);
}

/// <summary>What came of a new entry.</summary>
/// <param name="Entry">As kept.</param>
/// <param name="Past">Alerts for sightings of the last 7 days.</param>
public sealed record EntryAddedBody(EntryRow Entry, IReadOnlyList<AlertRow> Past);

/// <summary>The watchlist over REST. The owner of an entry is who adds it.</summary>
internal static class WatchlistApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/watchlist", List).WithSummary("Active entries; with all=true also ended ones.");
        api.MapPost("/watchlist", AddAsync).WithSummary("Adds an entry and compares it with the last 7 days.");
        api.MapDelete("/watchlist/{id}", EndAsync).WithSummary("Ends an entry now.");
    }

    private static Ok<IReadOnlyList<EntryRow>> List(bool? all, HttpContext context, WatchlistBook book, AuditLog audit)
    {
        audit.Append(context.User(), "watchlist.look");
        IReadOnlyList<EntryRow> rows = [.. book.Entries(context.User(), all ?? false).Select(EntryRow.Of)];
        return TypedResults.Ok(rows);
    }

    private static async Task<Ok<EntryAddedBody>> AddAsync(EntryBody body, HttpContext context, WatchlistBook book, AuditLog audit)
    {
        if (!Enum.TryParse<MatchKind>(body.Kind, ignoreCase: true, out var kind) || !Enum.IsDefined(kind))
        {
            throw new InputException($"kind '{body.Kind}': exact, wildcard or fuzzy.");
        }

        var added = await book.AddAsync(new NewEntry(
            body.Pattern ?? "", kind, body.Priority, body.Display ?? "", body.Reason ?? "", context.User(), body.ExpiresAt, body.Covert));
        audit.Append(context.User(), "watchlist.add", about: added.Entry.Id, result: $"{added.Past.Count} in the past");
        return TypedResults.Ok(new EntryAddedBody(EntryRow.Of(added.Entry), [.. added.Past.Select(AlertRow.Of)]));
    }

    private static async Task<Results<Ok<EntryRow>, NotFound>> EndAsync(string id, HttpContext context, WatchlistBook book, AuditLog audit)
    {
        var ended = await book.EndAsync(id, context.User());
        audit.Append(context.User(), "watchlist.end", about: id, result: ended is null ? "not found" : "ended");
        return ended is null ? TypedResults.NotFound() : TypedResults.Ok(EntryRow.Of(ended));
    }
}
