using System.Globalization;
using System.Text.Json.Serialization;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Anpr.Hub.Movements;

/// <summary>An answer about movements.</summary>
/// <param name="Sightings">Newest first.</param>
/// <param name="More">There are older ones that were left out: narrow the time range.</param>
public sealed record MovementsBody(IReadOnlyList<SightingRow> Sightings, bool More);

/// <summary>What an officer did with a passage.</summary>
/// <param name="Reason">alert, random or officer.</param>
/// <param name="Methods">dog, heartbeat, co2, visual, scanner.</param>
/// <param name="Finding">clear, people, goods or misread.</param>
/// <param name="People">Number found, 0 unless people.</param>
/// <param name="StartedAt">UTC; now when missing.</param>
/// <param name="EndedAt">UTC.</param>
public sealed record SearchBody(
    string Reason,
    IReadOnlyList<string> Methods,
    string Finding,
    uint People,
    [property: JsonPropertyName("started_at")] DateTimeOffset? StartedAt,
    [property: JsonPropertyName("ended_at")] DateTimeOffset? EndedAt);

/// <summary>What became of the vehicle.</summary>
/// <param name="Outcome">released, refused, turned_round or handed_over.</param>
public sealed record DispositionBody(string Outcome);

/// <summary>The id and revision that a record got.</summary>
public sealed record RecordedBody(string Id, uint Revision);

/// <summary>Movements, journeys, pictures, searches and dispositions over REST.</summary>
internal static class MovementsApi
{
    private const int MostMerges = 100;

    private static readonly TimeSpan DefaultRange = TimeSpan.FromDays(1);

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/movements", Find).WithSummary("Sightings by registration (? one character, * any number), time and port. Needs a reason.");
        api.MapGet("/vehicles/{id}/journey", Journey).WithSummary("A vehicle's sightings in order, across ports. Needs a reason.");
        api.MapGet("/sightings/{id}/patch", (string id, string? reason, HttpContext context, AuditLog audit, SightingPictures pictures) =>
            Picture(pictures.Patch(id), "patch", id, reason, context, audit)).WithSummary("The plate's crop. Needs a reason.");
        api.MapGet("/sightings/{id}/overview", (string id, string? reason, HttpContext context, AuditLog audit, SightingPictures pictures) =>
            Picture(pictures.Overview(id), "overview", id, reason, context, audit)).WithSummary("The frame that was read; 404 until it has arrived. Needs a reason.");
        api.MapGet("/vehicles/{id}/merges", Merges).WithSummary("Vehicles that were found to be this one, newest first. Needs a reason.");
        api.MapGet("/vehicles/{id}/company", Company).WithSummary("Vehicles that come with it more often than the traffic explains, and its tractors and trailers, over 60 days. Needs a reason.");
        api.MapPost("/merges/{id}/undo", UndoAsync).RequireAuthorization(Policies.Supervisor).WithSummary("Takes two vehicles apart again; they are never joined again. Needs a reason.");
        api.MapPost("/passages/{id}/searches", SearchAsync).WithSummary("Records what was done with a passage.");
        api.MapPost("/passages/{id}/dispositions", DisposeAsync).WithSummary("Records what became of the vehicle.");
    }

    private static Ok<MovementsBody> Find(
        string? plate, string? from, string? to, string? port, string? reason, int? limit, HttpContext context, MovementSearch movements, IStore store, AuditLog audit, TimeProvider time)
    {
        var end = Time("to", to) ?? time.GetUtcNow();
        var start = Time("from", from) ?? end - DefaultRange;
        var ports = (port ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var wrong = ports.FirstOrDefault(p => !Ports.All.Contains(p, StringComparer.Ordinal));
        Refuse(wrong is not null, $"port '{wrong}': give {string.Join(", ", Ports.All)}, or several with commas.");
        Refuse(start > end, "from lies after to. Turn them round.");
        Refuse(limit is < 1 or > MovementSearch.MostRows, $"limit {limit}: 1 to {MovementSearch.MostRows}.");
        audit.Look(context, "movements.search", $"{plate} {start:u} {end:u} {string.Join(',', ports)}".Trim(), reason);
        var answer = movements.Find(new MovementQuery(plate ?? "", start, end, ports, limit ?? 200));
        return TypedResults.Ok(new MovementsBody([.. answer.Sightings.Select(s => SightingRow.Of(s, Vehicle.IsLoose(store, s)))], answer.More));
    }

    private static Results<Ok<JourneyRow>, NotFound> Journey(string id, string? reason, HttpContext context, MovementSearch movements, AuditLog audit)
    {
        audit.Look(context, "journey.look", id, reason);
        return movements.JourneyOf(id) is { } journey ? TypedResults.Ok(JourneyRow.Of(journey)) : TypedResults.NotFound();
    }

    private static Ok<CompanyBody> Company(string id, string? reason, HttpContext context, CompanyBook company, AuditLog audit)
    {
        audit.Look(context, "company.look", id, reason);
        return TypedResults.Ok(new CompanyBody([.. company.CompanyOf(id).Select(CompanionRow.Of)], [.. company.PairingsOf(id).Select(PairingRow.Of)], [.. company.HistoryOf(id).Select(PairingFactRow.Of)]));
    }

    private static Ok<IReadOnlyList<MergeRow>> Merges(string id, string? reason, HttpContext context, MergeDesk merges, AuditLog audit)
    {
        audit.Look(context, "merges.look", id, reason);
        return TypedResults.Ok<IReadOnlyList<MergeRow>>([.. merges.Of(id, MostMerges).Select(MergeRow.Of)]);
    }

    private static async Task<Results<Ok<MergeRow>, NotFound>> UndoAsync(string id, string? reason, HttpContext context, MergeDesk merges, AuditLog audit)
    {
        audit.Look(context, "vehicle.split", id, reason);
        return await merges.UndoAsync(id, context.User()) is { } merge ? TypedResults.Ok(MergeRow.Of(merge)) : TypedResults.NotFound();
    }

    private static Results<FileContentHttpResult, NotFound> Picture(byte[]? jpeg, string kind, string id, string? reason, HttpContext context, AuditLog audit)
    {
        audit.Look(context, $"picture.{kind}", id, reason);
        return jpeg is null ? TypedResults.NotFound() : TypedResults.File(jpeg, "image/jpeg");
    }

    private static async Task<Results<Ok<RecordedBody>, NotFound>> SearchAsync(string id, SearchBody body, HttpContext context, PassageBook passages, AuditLog audit)
    {
        if (passages.Find(id, context.User()) is null)
        {
            return TypedResults.NotFound();
        }

        var search = new Search
        {
            PassageId = id,
            Reason = Name<Search.Types.Reason>("reason", body.Reason),
            Finding = Name<Search.Types.Finding>("finding", body.Finding),
            People = body.People,
            Officer = context.User(),
            StartedAt = body.StartedAt?.ToTimestamp(),
            EndedAt = body.EndedAt?.ToTimestamp(),
        };
        search.Methods.AddRange(body.Methods);
        var kept = await passages.RecordAsync(search);
        audit.Append(context.User(), "search.record", about: id, result: body.Finding);
        return TypedResults.Ok(new RecordedBody(kept.Id, kept.Revision));
    }

    private static async Task<Results<Ok<RecordedBody>, NotFound>> DisposeAsync(string id, DispositionBody body, HttpContext context, PassageBook passages, AuditLog audit)
    {
        if (passages.Find(id, context.User()) is null)
        {
            return TypedResults.NotFound();
        }

        var outcome = Name<Disposition.Types.Outcome>("outcome", body.Outcome);
        var kept = await passages.RecordAsync(new Disposition { PassageId = id, Outcome = outcome, Officer = context.User() });
        audit.Append(context.User(), "disposition.record", about: id, result: body.Outcome);
        return TypedResults.Ok(new RecordedBody(kept.Id, kept.Revision));
    }

    private static DateTimeOffset? Time(string name, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new InputException($"{name} '{text}': give a time in UTC, such as 2026-11-24T08:00:00Z.");
    }

    private static T Name<T>(string field, string text)
        where T : struct, System.Enum
    {
        var known = System.Enum.GetNames<T>().Where(n => n != "Unspecified").ToDictionary(Snake, System.Enum.Parse<T>, StringComparer.Ordinal);
        return known.TryGetValue(text ?? "", out var value) ? value : throw new InputException($"{field} '{text}': give one of {string.Join(", ", known.Keys)}.");
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));

    private static void Refuse(bool wrong, string words)
    {
        if (wrong)
        {
            throw new InputException(words);
        }
    }
}
