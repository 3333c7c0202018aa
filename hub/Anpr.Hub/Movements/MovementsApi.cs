using System.Text.Json.Serialization;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Anpr.Hub.Movements;

/// <summary>An answer about movements, or a page of it.</summary>
/// <param name="Sightings">Newest first; of a fuzzy search the most probable first; by finding or disposition those that were searched or decided last first.</param>
/// <param name="More">There may be others: ask again with the cursor.</param>
/// <param name="Cursor">For the next page, with the same filters; the times of the first page count. Missing on the last page.</param>
/// <param name="SearchedTo">How far back the hub has looked, when it stopped before the page was full.</param>
/// <param name="Cut">Of a fuzzy search: more came into question than are weighed, and no page holds the others: give less time.</param>
public sealed record MovementsBody(
    IReadOnlyList<SightingRow> Sightings, bool More, string? Cursor, [property: JsonPropertyName("searched_to")] DateTimeOffset? SearchedTo, bool Cut);

/// <summary>A code that reasons begin with.</summary>
public sealed record ReasonCodeRow(string Code, string Words);

/// <summary>Movements, journeys, company and pictures over REST.</summary>
internal static class MovementsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/movements", Find).WithSummary("Sightings by registration (exact, partial, fuzzy), vehicle, pairing, port, lane, time, country, score, finding and disposition, in pages. Needs a reason.");
        api.MapGet("/vehicles/{id}/journey", Journey).WithSummary("A vehicle's sightings in order, across ports, with its times from port to port. Needs a reason.");
        api.MapGet("/vehicles/{id}/merges", Merges).WithSummary("Vehicles that were found to be this one, newest first. Needs a reason.");
        api.MapGet("/vehicles/{id}/company", Company).WithSummary("Vehicles that come with it more often than the traffic explains, and its tractors and trailers, over 60 days. Needs a reason.");
        api.MapGet("/lanes/{port}/{lane}/seen", Seen).WithSummary("What a lane saw around a time, unread vehicles too, oldest first. Needs a reason.");
        api.MapPost("/merges/{id}/undo", UndoAsync).RequireAuthorization(Policies.Supervisor).WithSummary("Takes two vehicles apart again; the hub never joins them again. Needs a reason.");
        api.MapPost("/merges/{id}/redo", RedoAsync).RequireAuthorization(Policies.Supervisor).WithSummary("Joins again what was taken apart by mistake: a new merge, which can be undone. Needs a reason.");
        api.MapGet("/sightings/{id}/patch", (string id, [AsParameters] Why why, HttpContext context, AuditLog audit, SightingPictures pictures) =>
            Picture(() => pictures.Patch(id), "picture.patch", id, why.By(context), audit)).Produces<byte[]>(StatusCodes.Status200OK, "image/jpeg").WithSummary("The plate's crop. Needs a reason.");
        api.MapGet("/sightings/{id}/overview", (string id, [AsParameters] Why why, HttpContext context, AuditLog audit, SightingPictures pictures) =>
            Picture(() => pictures.Overview(id), "picture.overview", id, why.By(context), audit)).Produces<byte[]>(StatusCodes.Status200OK, "image/jpeg").WithSummary("The frame that was read; 404 until it has arrived. Needs a reason.");
    }

    public static void MapReasons(RouteGroupBuilder api) =>
        api.MapGet("/reasons", () => TypedResults.Ok<IReadOnlyList<ReasonCodeRow>>([.. ReasonCode.Offered.Select(c => new ReasonCodeRow(c.Code, c.Words))]))
            .WithSummary("The codes that reasons begin with.");

    /// <summary>The rows of an answer.</summary>
    public static IEnumerable<SightingRow> Rows(IStoreReader store, IEnumerable<FoundSighting> found)
    {
        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (sighting, probability) in found)
        {
            if (!texts.TryGetValue(sighting.Vehicle, out var text))
            {
                texts[sighting.Vehicle] = text = store.Get(Vehicle.Table, sighting.Vehicle)?.Text;
            }

            yield return SightingRow.Of(sighting, text is not null && text != sighting.Text) with { Probability = probability is { } p ? Math.Round(p, 6) : null };
        }
    }

    private static Ok<MovementsBody> Find([AsParameters] MovementParameters asked, int? limit, string? cursor, HttpContext context, MovementDesk desk, IStore store, TimeProvider time)
    {
        var answer = desk.Find(asked.By(context.User()), asked.ToQuery(time.GetUtcNow(), limit), string.IsNullOrEmpty(cursor) ? null : cursor);
        return TypedResults.Ok(new MovementsBody([.. Rows(store, answer.Found)], answer.More, answer.Cursor, answer.SearchedTo, answer.Cut));
    }

    private static Results<Ok<JourneyRow>, NotFound> Journey(string id, [AsParameters] Why why, HttpContext context, MovementDesk desk, Linker linker) =>
        desk.JourneyOf(why.By(context), id) is { } journey ? TypedResults.Ok(JourneyRow.Of(journey, linker.Usual)) : TypedResults.NotFound();

    private static Ok<CompanyBody> Company(string id, [AsParameters] Why why, HttpContext context, MovementDesk desk)
    {
        var (companions, pairings, history) = desk.CompanyOf(why.By(context), id);
        return TypedResults.Ok(new CompanyBody([.. companions.Select(CompanionRow.Of)], [.. pairings.Select(PairingRow.Of)], [.. history.Select(PairingFactRow.Of)]));
    }

    private static Ok<IReadOnlyList<MergeRow>> Merges(string id, [AsParameters] Why why, HttpContext context, MovementDesk desk) =>
        TypedResults.Ok<IReadOnlyList<MergeRow>>([.. desk.MergesOf(why.By(context), id).Select(MergeRow.Of)]);

    private static Ok<SeenBody> Seen(string port, string lane, string? time, int? minutes, [AsParameters] Why why, HttpContext context, MovementDesk desk, IStore store)
    {
        var (at, around) = LaneQuestion.Read(port, lane, time, minutes);
        return TypedResults.Ok(SeenBody.Of(desk.SeenAt(why.By(context), port, lane, at, around), store));
    }

    private static async Task<Results<Ok<MergeRow>, NotFound>> UndoAsync(string id, [AsParameters] Why why, HttpContext context, MergeDesk merges) =>
        await merges.UndoAsync(why.By(context), id) is { } merge ? TypedResults.Ok(MergeRow.Of(merge)) : TypedResults.NotFound();

    private static async Task<Results<Ok<MergeRow>, NotFound>> RedoAsync(string id, [AsParameters] Why why, HttpContext context, MergeDesk merges) =>
        await merges.RedoAsync(why.By(context), id) is { } merge ? TypedResults.Ok(MergeRow.Of(merge)) : TypedResults.NotFound();

    private static Results<FileContentHttpResult, NotFound> Picture(Func<byte[]?> read, string what, string id, Asking asking, AuditLog audit) =>
        audit.Look(asking, what, id, read, jpeg => jpeg is null ? 0 : 1) is { } shown ? TypedResults.File(shown, "image/jpeg") : TypedResults.NotFound();
}

/// <summary>Why something is looked at, in an address.</summary>
public sealed record Why
{
    /// <summary>CODE:REF.</summary>
    [FromQuery(Name = "reason"), System.ComponentModel.Description("Why, CODE:REF. Needed, and logged.")]
    public string? Reason { get; init; }

    /// <summary>More words.</summary>
    [FromQuery(Name = "reason_text"), System.ComponentModel.Description("More words about why, at most 200 characters; logged.")]
    public string? ReasonText { get; init; }

    internal Asking By(HttpContext context) => new(context.User(), Reason, ReasonText);
}
