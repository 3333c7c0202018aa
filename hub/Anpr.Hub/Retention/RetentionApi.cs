using System.Text.Json.Serialization;
using Anpr.Hub.Access;
using Anpr.Hub.Movements;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Anpr.Hub.Retention;

/// <summary>How long what is kept, in days.</summary>
public sealed record PeriodsBody(
    [property: JsonPropertyName("sightings_days")] int SightingsDays,
    [property: JsonPropertyName("overviews_days")] int OverviewsDays,
    [property: JsonPropertyName("quarantine_days")] int QuarantineDays,
    [property: JsonPropertyName("audit_days")] int AuditDays);

/// <summary>A hold to be placed.</summary>
/// <param name="Kind">passage, vehicle or plate.</param>
/// <param name="Of">Id of the passage or vehicle, or the registration.</param>
/// <param name="Reason">CODE:REF.</param>
public sealed record HoldBody(string? Kind, string? Of, string? Reason);

/// <summary>Why a hold is lifted.</summary>
/// <param name="Reason">CODE:REF.</param>
public sealed record LiftBody(string? Reason);

/// <summary>A legal hold. What it is on is shown to supervisors only.</summary>
public sealed record HoldRow(
    string Id,
    string Kind,
    string? Of,
    string Reason,
    string By,
    DateTimeOffset At,
    [property: JsonPropertyName("lifted_by")] string? LiftedBy,
    [property: JsonPropertyName("lifted_at")] DateTimeOffset? LiftedAt)
{
    /// <summary>The row of a hold.</summary>
    public static HoldRow Row(Hold hold, bool named) => new(
        hold.Id, hold.Kind.ToString().ToLowerInvariant(), named ? hold.Of : null, hold.Reason, hold.By, hold.At, hold.Stands ? null : hold.LiftedBy, hold.LiftedAt);
}

/// <summary>A vehicle to be erased.</summary>
/// <param name="Vehicle">Its id, or nothing.</param>
/// <param name="Plate">Its registration, or nothing.</param>
/// <param name="Reason">CODE:REF of the request.</param>
public sealed record ErasureBody(string? Vehicle, string? Plate, string? Reason);

/// <summary>The proof that records were erased: nothing of what they were.</summary>
public sealed record ErasureRow(
    string Id,
    string Cause,
    string By,
    string? Why,
    [property: JsonPropertyName("begun_at")] DateTimeOffset BegunAt,
    [property: JsonPropertyName("ended_at")] DateTimeOffset EndedAt,
    IReadOnlyDictionary<string, long> Counts,
    DateTimeOffset? From,
    DateTimeOffset? To,
    string Key,
    string Sum,
    IReadOnlyList<string> Waiting)
{
    /// <summary>The row of an erasure.</summary>
    public static ErasureRow Of(Erasure e) => new(e.Id, e.Cause, e.By, e.Why.Length > 0 ? e.Why : null, e.BegunAt, e.EndedAt, e.Counts, e.From, e.To, e.Key, e.Sum, e.Waiting);
}

/// <summary>What came of a request to erase.</summary>
public sealed record ErasureDoneBody(ErasureRow Erasure, [property: JsonPropertyName("audit_entries")] int AuditEntries, [property: JsonPropertyName("watchlist_entries")] int WatchlistEntries);

/// <summary>Periods, holds and erasures over REST.</summary>
internal static class RetentionApi
{
    private const int Most = 500;

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/retention", Periods).RequireAuthorization(Policies.Audit).WithSummary("How long each kind of record is kept.");
        api.MapGet("/holds", Holds).RequireAuthorization(Policies.Audit).WithSummary("Legal holds. What they are on is shown to supervisors only.");
        api.MapPost("/holds", PlaceAsync).RequireAuthorization(Policies.Supervisor).WithSummary("Places a legal hold on a passage, a vehicle or a plate. Needs a reason.");
        api.MapPost("/holds/{id}/lift", LiftAsync).RequireAuthorization(Policies.Supervisor).WithSummary("Lifts a legal hold. Needs a reason.");
        api.MapGet("/erasures", Erasures).RequireAuthorization(Policies.Audit).WithSummary("What was erased, newest first: how many records of each kind, and a keyed sum over their ids.");
        api.MapPost("/erasures", EraseAsync).RequireAuthorization(Policies.Administrator).WithSummary("Erases all that is kept of one vehicle, on request. Needs a reason. Cannot be undone.");
    }

    private static Ok<PeriodsBody> Periods(IOptions<RetentionOptions> options) =>
        TypedResults.Ok(new PeriodsBody(options.Value.SightingsDays, options.Value.OverviewsDays, options.Value.QuarantineDays, options.Value.AuditDays));

    private static Ok<IReadOnlyList<HoldRow>> Holds(HttpContext context, HoldDesk holds) =>
        TypedResults.Ok<IReadOnlyList<HoldRow>>([.. holds.LookAtAll(context.User()).Select(h => HoldRow.Row(h, context.User.IsInRole(nameof(Role.Supervisor))))]);

    private static async Task<Ok<HoldRow>> PlaceAsync(HoldBody body, HttpContext context, HoldDesk holds) =>
        TypedResults.Ok(HoldRow.Row(await holds.PlaceAsync(body.Kind, body.Of, body.Reason, context.User()), named: true));

    private static async Task<Results<Ok<HoldRow>, NotFound>> LiftAsync(string id, LiftBody body, HttpContext context, HoldDesk holds) =>
        await holds.LiftAsync(id, body.Reason, context.User()) is { } hold ? TypedResults.Ok(HoldRow.Row(hold, named: true)) : TypedResults.NotFound();

    private static Ok<IReadOnlyList<ErasureRow>> Erasures(ErasureDesk erasures) =>
        TypedResults.Ok<IReadOnlyList<ErasureRow>>([.. erasures.Newest(Most).Select(ErasureRow.Of)]);

    // Whoever goes away from the page has asked all the same: only the hub's own end cuts it off, and its next start goes on.
    private static async Task<Ok<ErasureDoneBody>> EraseAsync(ErasureBody body, HttpContext context, ErasureDesk erasures, IHostApplicationLifetime hub)
    {
        var done = await erasures.EraseAsync(body.Vehicle, body.Plate, body.Reason, context.User(), hub.ApplicationStopping);
        return TypedResults.Ok(new ErasureDoneBody(ErasureRow.Of(done.Erasure), done.Entries, done.Listed));
    }
}
