using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Anpr.Hub.Movements;

/// <summary>Import and export through a running hub, over its socket.</summary>
internal static class TransferEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var admin = endpoints.MapGroup("/admin").At(Listener.Admin).AllowAnonymous().DisableAntiforgery();
        admin.MapPost("/import", ImportAsync);
        admin.MapGet("/export", ExportAsync);
    }

    // More lines than this are counted only: nobody reads them, and a whole wrong file must not fill the memory.
    private const int MostRefusals = 10_000;

    // Answers a line for each refused one, and the summary last. Nothing is answered before all is read: over HTTP/1.1 the
    // client reads only after it has sent everything.
    private static async Task ImportAsync(HttpContext context, Transfer transfer)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        context.Features.Get<IHttpMinRequestBodyDataRateFeature>()?.MinDataRate = null;
        var refusals = new List<string>();
        using var lines = new StreamReader(context.Request.Body);
        ImportSummary summary;
        try
        {
            summary = await RunAsync();
        }
        catch (StoreFailedException failed)
        {
            context.Response.StatusCode = StatusCodes.Status507InsufficientStorage;
            await context.Response.WriteAsync(failed.Message, context.RequestAborted);
            return;
        }

        foreach (var refusal in refusals)
        {
            await context.Response.WriteAsync(refusal, context.RequestAborted);
        }

        await context.Response.WriteAsync($"={summary.Stored} {summary.Duplicates} {summary.Refused}\n", context.RequestAborted);

        Task<ImportSummary> RunAsync() => transfer.ImportAsync(
            AccessDesk.LocalName,
            context.Request.Query["name"].ToString(),
            lines,
            (number, fault) =>
            {
                if (refusals.Count < MostRefusals)
                {
                    refusals.Add($"{number}\t{fault}\n");
                }

                return Task.CompletedTask;
            },
            context.RequestAborted);
    }

    private static async Task ExportAsync(HttpContext context, Transfer transfer, string what, string? reason, [FromQuery(Name = "reason_text")] string? reasonText)
    {
        try
        {
            foreach (var line in transfer.Export(AccessDesk.LocalName, what, reason, reasonText))
            {
                await context.Response.WriteAsync(line + "\n", context.RequestAborted);
            }
        }
        catch (InputException refused) when (!context.Response.HasStarted)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(refused.Message);
        }
    }
}
