using System.Text.Json.Serialization;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Anpr.Hub.Movements;

/// <summary>What an officer did with a passage.</summary>
/// <param name="Reason">alert, random or officer.</param>
/// <param name="Methods">dog, heartbeat, co2, visual, scanner.</param>
/// <param name="Finding">clear, people, goods or misread.</param>
/// <param name="People">Number found, 0 unless people.</param>
/// <param name="StartedAt">UTC; now when missing.</param>
/// <param name="EndedAt">UTC.</param>
public sealed record SearchBody(
    string Reason,
    IReadOnlyList<string?>? Methods,
    string Finding,
    uint People,
    [property: JsonPropertyName("started_at")] DateTimeOffset? StartedAt,
    [property: JsonPropertyName("ended_at")] DateTimeOffset? EndedAt);

/// <summary>What became of the vehicle.</summary>
/// <param name="Outcome">released, refused, turned_round or handed_over.</param>
public sealed record DispositionBody(string Outcome);

/// <summary>The id and revision that a record got.</summary>
public sealed record RecordedBody(string Id, uint Revision);

/// <summary>What officers did with a passage, over REST.</summary>
internal static class PassagesApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/passages/{id}/searches", SearchAsync).WithSummary("Records what was done with a passage.");
        api.MapPost("/passages/{id}/dispositions", DisposeAsync).WithSummary("Records what became of the vehicle.");
    }

    private static async Task<Results<Ok<RecordedBody>, NotFound, ForbidHttpResult>> SearchAsync(string id, SearchBody body, HttpContext context, PassageBook passages)
    {
        if (passages.Find(id, Viewer.Of(context.User)) is not { } file)
        {
            return TypedResults.NotFound();
        }

        if (!Viewer.Of(context.User).WorksAt(file.Port))
        {
            return TypedResults.Forbid();
        }

        var search = new Search
        {
            PassageId = id,
            Reason = Names.Read<Search.Types.Reason>("reason", body.Reason),
            Finding = Names.Read<Search.Types.Finding>("finding", body.Finding),
            People = body.People,
            Officer = context.User(),
            StartedAt = body.StartedAt?.ToTimestamp(),
            EndedAt = body.EndedAt?.ToTimestamp(),
        };
        search.Methods.AddRange((body.Methods ?? []).Select(m => m ?? ""));
        var kept = await passages.RecordAsync(search);
        return TypedResults.Ok(new RecordedBody(kept.Id, kept.Revision));
    }

    private static async Task<Results<Ok<RecordedBody>, NotFound, ForbidHttpResult>> DisposeAsync(string id, DispositionBody body, HttpContext context, PassageBook passages)
    {
        if (passages.Find(id, Viewer.Of(context.User)) is not { } file)
        {
            return TypedResults.NotFound();
        }

        if (!Viewer.Of(context.User).WorksAt(file.Port))
        {
            return TypedResults.Forbid();
        }

        var outcome = Names.Read<Disposition.Types.Outcome>("outcome", body.Outcome);
        var kept = await passages.RecordAsync(new Disposition { PassageId = id, Outcome = outcome, Officer = context.User() });
        return TypedResults.Ok(new RecordedBody(kept.Id, kept.Revision));
    }
}
