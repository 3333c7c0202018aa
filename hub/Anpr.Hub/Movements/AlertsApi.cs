using System.Buffers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Anpr.Hub.Movements;

/// <summary>What is said with a step of an alert.</summary>
public sealed record WordsBody(string? Words);

/// <summary>Alerts over REST, and as a stream of server-sent events.</summary>
internal static class AlertsApi
{
    // As an open page of the console.
    private static readonly TimeSpan StillGoodEvery = TimeSpan.FromSeconds(15);

    // Hundreds of officers are told the same alert: it is written out once.
    private static readonly ConditionalWeakTable<Alert, byte[]> Lines = new();

    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/alerts", List).WithSummary("Open alerts by urgency; with state=all the newest 200 in any state, which needs a reason.");
        api.MapGet("/alerts/stream", StreamAsync).Produces<AlertRow>(StatusCodes.Status200OK, "text/event-stream").WithSummary("Each alert as it is raised or changed, as server-sent events.");
        api.MapPost("/alerts/{id}/acknowledge", (string id, HttpContext context, AlertDesk desk) =>
            Answer(desk.AcknowledgeAsync(id, Viewer.Of(context.User)))).WithSummary("Takes an alert.");
        api.MapPost("/alerts/{id}/shelve", (string id, WordsBody? body, HttpContext context, AlertDesk desk) =>
            Answer(desk.ShelveAsync(id, Viewer.Of(context.User), body?.Words ?? ""))).WithSummary("Puts an alert aside.");
        api.MapPost("/alerts/{id}/resolve", (string id, WordsBody? body, HttpContext context, AlertDesk desk) =>
            Answer(desk.ResolveAsync(id, Viewer.Of(context.User), body?.Words ?? ""))).WithSummary("Ends an alert.");
    }

    private static Ok<IReadOnlyList<AlertRow>> List(string? state, [AsParameters] Why why, HttpContext context, AlertDesk desk)
    {
        var viewer = Viewer.Of(context.User);
        return TypedResults.Ok<IReadOnlyList<AlertRow>>([.. (state == "all" ? desk.LookAtAll(why.By(context), viewer) : desk.LookAtOpen(viewer)).Select(AlertRow.Of)]);
    }

    // Headers go out at once, so that a client knows that it listens before the first alert comes.
    private static async Task StreamAsync(HttpContext context, HubFeed feed, AuditLog audit, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        var viewer = Viewer.Of(context.User);
        audit.Append(viewer.Name, "alert.follow");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        using var subscription = feed.Subscribe(typeof(AlertEvent));
        using var watch = time.CreateTimer(_ => EndUnlessGood(context, stop), null, StillGoodEvery, StillGoodEvery);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.Body.FlushAsync(stop.Token);
        try
        {
            await SseFormatter.WriteAsync(
                FollowAsync(subscription, viewer, () => ApiKeyAuthentication.IsStillGood(context), stop.Token),
                context.Response.Body,
                (item, buffer) => buffer.Write(Lines.GetValue(item.Data, alert => JsonSerializer.SerializeToUtf8Bytes(AlertRow.Of(alert), RowJson.Options))),
                stop.Token);
        }
        catch (OperationCanceledException)
        {
            // the client has gone, or the hub stops
        }
    }

    private static void EndUnlessGood(HttpContext context, CancellationTokenSource stop)
    {
        if (!ApiKeyAuthentication.IsStillGood(context))
        {
            stop.Cancel();
        }
    }

    private static async IAsyncEnumerable<SseItem<Alert>> FollowAsync(
        HubSubscription subscription, Viewer viewer, Func<bool> isStillGood, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var happened in subscription.ReadAllAsync(cancellation))
        {
            if (happened is MissedEvent || (happened is AlertEvent && !isStillGood()))
            {
                yield break; // an alert may be among the lost ones: the client reads the list again, as after any lost connection
            }

            if (happened is AlertEvent { Alert: var alert } && alert.VisibleTo(viewer))
            {
                yield return new SseItem<Alert>(alert, "alert");
            }
        }
    }

    private static async Task<Results<Ok<AlertRow>, NotFound>> Answer(Task<Alert?> step) =>
        await step is { } alert ? TypedResults.Ok(AlertRow.Of(alert)) : TypedResults.NotFound();
}
