using MudBlazor.Services;

namespace Anpr.Hub.Web;

/// <summary>Joins the console to a hub.</summary>
public static class ConsoleSetup
{
    // Nothing from outside: a page can neither load nor send anything elsewhere. MudBlazor sets styles on its elements.
    private const string ContentPolicy =
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    /// <summary>Adds what the pages need.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        services.AddSingleton<PictureTickets>();
        return services;
    }

    /// <summary>Sets the headers that keep pages to themselves. Goes before routing.</summary>
    public static void UseConsoleHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (context.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        return next();
    });

    /// <summary>Maps pages and their files.</summary>
    public static void MapConsole(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapStaticAssets().AllowAnonymous();
        PictureEndpoint.Map(endpoints);
        endpoints.MapRazorComponents<App>().AddInteractiveServerRenderMode();
    }
}
