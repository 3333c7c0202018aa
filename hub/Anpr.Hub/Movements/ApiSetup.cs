using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.OpenApi;

namespace Anpr.Hub.Movements;

/// <summary>The REST API: its form, its description, and what all its parts share.</summary>
internal static class ApiSetup
{
    /// <summary>Where the API describes itself.</summary>
    public const string Description = "/api/v1/openapi.json";

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.Configure<JsonOptions>(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = RowJson.Options.PropertyNamingPolicy;
            json.SerializerOptions.DefaultIgnoreCondition = RowJson.Options.DefaultIgnoreCondition;
            json.SerializerOptions.Converters.Add(new RowJson.UtcTime());
        });
        services.AddOpenApi("openapi", openApi =>
        {
            openApi.ShouldInclude = operation => operation.RelativePath?.StartsWith("api/v1/", StringComparison.Ordinal) == true;
            openApi.AddDocumentTransformer((document, _, _) =>
            {
                document.Info.Title = "Anpr hub";
                document.Info.Version = "1";
                document.Info.Description = "Movements, alerts, lanes and the watchlist. Sign in with a link of `hub user link`; the session cookie does the rest. Searches need a reason, written CODE:REF, and are logged.";
                return Task.CompletedTask;
            });
            openApi.AddOperationTransformer((operation, _, _) =>
            {
                // What is answered before a call is reached.
                operation.Responses ??= [];
                operation.Responses["401"] = new OpenApiResponse { Description = "Not signed in, or an unknown key." };
                operation.Responses["403"] = new OpenApiResponse { Description = "Not for this role, port or key." };
                operation.Responses["429"] = new OpenApiResponse { Description = "More than 100 calls a second." };
                return Task.CompletedTask;
            });
        });
        return services;
    }

    public static void MapApi(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapOpenApi("/api/v1/{documentName}.json").RequireAuthorization(Policies.Fleet);
        endpoints.MapGet("/api/v1/docs", ApiPage.Show).RequireAuthorization(Policies.Fleet).ExcludeFromDescription();
        var api = endpoints.MapGroup("/api/v1").DisableAntiforgery().AddEndpointFilter(RefuseInWordsAsync).RequireRateLimiting(RateLimits.Api)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        MovementsApi.Map(api.MapGroup("").RequireAuthorization(Policies.Api("movements", Policies.Officer)).WithTags("movements"));
        ExportApi.Map(api.MapGroup("").RequireAuthorization(Policies.Api("movements", Policies.Officer)).WithTags("movements"));
        PassagesApi.Map(api.MapGroup("").RequireAuthorization(Policies.Officer).WithTags("passages"));
        StatisticsApi.Map(api.MapGroup("").RequireAuthorization(Policies.Api("movements", Policies.Officer)).WithTags("statistics"));
        MovementsApi.MapReasons(api.MapGroup("").RequireAuthorization(Policies.Fleet).WithTags("movements"));
        AlertsApi.Map(api.MapGroup("").RequireAuthorization(Policies.Api("alerts", Policies.Officer)).WithTags("alerts"));
        WatchlistApi.Map(api.MapGroup("").RequireAuthorization(Policies.Api("watchlist", Policies.Supervisor)).WithTags("watchlist"));
        BookingsApi.Map(api.MapGroup("").RequireAuthorization(Policies.Api("bookings", Policies.Supervisor)).WithTags("bookings"));
        Retention.RetentionApi.Map(api.MapGroup("").WithTags("retention"));
        LearnedApi.Map(api.MapGroup("").RequireAuthorization(Policies.Learned).WithTags("learned"));
        LanesApi.Map(api.MapGroup("").RequireAuthorization(Policies.Api("lanes", Policies.Fleet)).WithTags("lanes"));
    }

    /// <summary>The user of a call.</summary>
    public static string User(this HttpContext context) => context.User.Identity?.Name ?? "";

    private static async ValueTask<object?> RefuseInWordsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception refused) when (refused is InputException or ArgumentException or Watchlists.ListEntryException)
        {
            return Results.Problem(refused.Message, statusCode: StatusCodes.Status400BadRequest, title: "The request cannot be answered");
        }
        catch (Exception failed) when (failed is Storage.StoreFailedException or AuditFailedException)
        {
            return Results.Problem(failed.Message, statusCode: StatusCodes.Status503ServiceUnavailable, title: "The hub cannot keep its records");
        }
    }
}
