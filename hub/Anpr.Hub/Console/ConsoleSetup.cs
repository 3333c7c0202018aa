using MudBlazor.Services;

namespace Anpr.Hub.Web;

/// <summary>Joins the console to a hub.</summary>
public static class ConsoleSetup
{
    /// <summary>Adds what the pages need.</summary>
    public static IServiceCollection AddConsole(this IServiceCollection services)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddMudServices();
        return services;
    }

    /// <summary>Maps pages and their files.</summary>
    public static void MapConsole(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapStaticAssets().AllowAnonymous();
    }
}
