using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;

namespace Anpr.Hub.Access;

/// <summary>Joins Access and Audit to a hub.</summary>
public static class AccessSetup
{
    /// <summary>Adds authority, lanes, users, sessions, audit log and the authorisation policies.</summary>
    /// <param name="services">The hub's services; they hold a <see cref="TimeProvider"/>.</param>
    /// <param name="files">A folder that <c>hub init</c> has been in.</param>
    public static IServiceCollection AddAccess(this IServiceCollection services, HubFiles files)
    {
        services.AddSingleton(files);
        services.AddSingleton(_ => Authority.Load(files));
        services.AddSingleton(s => new AuditLog(files.Path, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new AccessStore(files, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new Users(s.GetRequiredService<AccessStore>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new Lanes(s.GetRequiredService<AccessStore>()));
        services.AddSingleton<LaneConnections>();
        services.AddSingleton<Sessions>();
        services.AddSingleton(s => new FileDesk(
            files, s.GetRequiredService<Authority>(), s.GetRequiredService<Users>(), s.GetRequiredService<Lanes>(), s.GetRequiredService<AuditLog>(), FileDesk.LocalName));
        services.AddHostedService<AddressKeeper>();

        services.AddDataProtection().SetApplicationName("anpr-hub").PersistKeysToFileSystem(Directory.CreateDirectory(files.CookieKeys));
        services.AddAuthentication(Sessions.Scheme)
            .AddCookie(Sessions.Scheme, SessionCookie.Configure)
            .AddScheme<AuthenticationSchemeOptions, LaneAuthentication>(LaneAuthentication.SchemeName, null);
        services.AddAuthorization(Policies.Add);
        services.AddRateLimiter(TryLimit.Configure);
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, SessionState>();
        services.AddScoped<CircuitHandler, SessionUse>();
        return services;
    }

    /// <summary>Maps enrolment, the authority's certificate, signing in and out, and the administrative commands.</summary>
    public static void MapAccess(this IEndpointRouteBuilder endpoints)
    {
        // What cannot be read is said at the start, not at the first sign-in.
        endpoints.ServiceProvider.GetRequiredService<AccessStore>();
        endpoints.ServiceProvider.GetRequiredService<AuditLog>();
        endpoints.MapGrpcService<EnrolmentService>().At(Listener.Lanes).AllowAnonymous().RequireRateLimiting(TryLimit.Name);
        endpoints.MapGet("/authority.pem", (Authority authority) => Results.Text(authority.Pem, "application/x-pem-file")).At(Listener.Lanes).AllowAnonymous();
        SignInEndpoints.Map(endpoints);
        AdminEndpoints.Map(endpoints);
    }
}
