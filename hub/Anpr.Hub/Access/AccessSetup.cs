using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace Anpr.Hub.Access;

/// <summary>Joins Access and Audit to a hub.</summary>
public static class AccessSetup
{
    /// <summary>Adds authority, lanes, users, keys and the audit log; a running hub and commands without one share it.</summary>
    /// <param name="services">They hold a <see cref="TimeProvider"/> and an <see cref="IStore"/>.</param>
    /// <param name="files">A folder that <c>hub init</c> has been in.</param>
    public static IServiceCollection AddAccessCore(this IServiceCollection services, HubFiles files)
    {
        services.AddSingleton(files);
        services.AddSingleton(_ => Authority.Load(files));
        services.AddSingleton(s => new AuditLog(files.Path, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new AccessStore(s.GetRequiredService<IStore>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new Users(s.GetRequiredService<AccessStore>()));
        services.AddSingleton(s => new Lanes(s.GetRequiredService<AccessStore>()));
        services.AddSingleton(s => new ApiKeys(s.GetRequiredService<AccessStore>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PeopleDesk>();
        services.AddSingleton<AccessDesk>();
        return services;
    }

    /// <summary>Adds the core, sessions and the authorisation policies.</summary>
    /// <param name="services">The hub's services.</param>
    /// <param name="files">A folder that <c>hub init</c> has been in.</param>
    /// <param name="provider">Who else answers for people; null for nobody.</param>
    public static IServiceCollection AddAccess(this IServiceCollection services, HubFiles files, OidcSettings? provider)
    {
        services.AddAccessCore(files);
        services.AddSingleton<LaneConnections>();
        services.AddSingleton(s => new Sessions(s.GetRequiredService<AccessStore>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ILogger<Sessions>>()));
        services.AddHostedService<AddressKeeper>();

        services.AddDataProtection().SetApplicationName("anpr-hub");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(s => new ConfigureOptions<KeyManagementOptions>(keys => keys.XmlRepository = new CookieKeys(s.GetRequiredService<IStore>())));
        services.AddSingleton(_ => new SignInWays(provider?.Name));
        var authentication = services.AddAuthentication(Sessions.Scheme)
            .AddCookie(Sessions.Scheme, SessionCookie.Configure)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, null)
            .AddPolicyScheme(ApiKeyAuthentication.PersonOrKey, null, either => either.ForwardDefaultSelector = ApiKeyAuthentication.Choose)
            .AddScheme<AuthenticationSchemeOptions, LaneAuthentication>(LaneAuthentication.SchemeName, null);
        if (provider is not null)
        {
            services.AddSingleton(provider);
            services.AddSingleton<BackChannel>();
            authentication.AddOpenIdConnect(Oidc.Scheme, oidc => Oidc.Configure(oidc, provider));
        }

        services.AddAuthorization(Policies.Add);
        services.AddRateLimiter(RateLimits.Configure);
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
        endpoints.MapGrpcService<EnrolmentService>().At(Listener.Lanes).AllowAnonymous().RequireRateLimiting(RateLimits.Tries);
        endpoints.MapGet("/authority.pem", (Authority authority) => Results.Text(authority.Pem, "application/x-pem-file")).At(Listener.Lanes).AllowAnonymous();
        SignInEndpoints.Map(endpoints);
        AdminEndpoints.Map(endpoints);
    }
}
