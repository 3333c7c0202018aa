using System.Security.Claims;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Anpr.Hub.Access;

/// <summary>Signing in through an identity provider: code flow with PKCE. What it says of somebody becomes a user here, and a session like any other.</summary>
internal static class Oidc
{
    /// <summary>Name of the authentication scheme.</summary>
    public const string Scheme = "oidc";

    public static void Configure(OpenIdConnectOptions oidc, OidcSettings settings)
    {
        oidc.SignInScheme = Sessions.Scheme;
        oidc.Authority = settings.Issuer;
        oidc.RequireHttpsMetadata = !settings.Authority.IsLoopback;
        oidc.ClientId = settings.ClientId;
        oidc.ClientSecret = settings.ClientSecretFile is { } file ? HubFiles.Read(file).Trim() : null;
        oidc.ResponseType = OpenIdConnectResponseType.Code;
        oidc.ResponseMode = OpenIdConnectResponseMode.Query; // comes back as a plain link, for which cookies can be Lax
        oidc.CallbackPath = "/sign-in/back";
        oidc.MapInboundClaims = false;
        oidc.GetClaimsFromUserInfoEndpoint = true;
        oidc.ClaimActions.MapAllExcept("nonce", "aud", "azp", "acr", "iss", "iat", "nbf", "exp", "at_hash", "c_hash", "ipaddr", "platf", "ver");
        oidc.CorrelationCookie.SameSite = oidc.NonceCookie.SameSite = SameSiteMode.Lax;
        oidc.CorrelationCookie.SecurePolicy = oidc.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        oidc.Scope.Clear();
        foreach (var scope in settings.Scopes.Prepend("openid"))
        {
            oidc.Scope.Add(scope);
        }

        oidc.Events.OnTicketReceived = received => ReceivedAsync(received, settings);
        oidc.Events.OnRemoteFailure = FailedAsync;
    }

    private static async Task ReceivedAsync(TicketReceivedContext received, OidcSettings settings)
    {
        var services = received.HttpContext.RequestServices;
        var audit = services.GetRequiredService<AuditLog>();
        var claims = received.Principal!;
        try
        {
            var user = await services.GetRequiredService<Users>().KnownElsewhereAsync(Name(claims, settings), Subject(claims, settings), RoleOf(claims, settings), PortsOf(claims, settings));
            audit.Append(user.Name, "session.begin", about: received.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "", result: $"by {settings.Name}: {AccessWords.Of(user.Role, user.Ports)}");
            received.Principal = await services.GetRequiredService<Sessions>().BeginAsync(user, elsewhere: claims.FindFirstValue("sid"));
            received.Properties = new AuthenticationProperties();
            // The session's cookie is for this site's own links only, and the browser is still on its way from the provider's.
            received.ReturnUri = SignInEndpoints.Welcome;
        }
        catch (InputException refused)
        {
            audit.Append("unknown", "session.refused", about: received.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "", result: $"by {settings.Name}: {refused.Message}");
            await SignInEndpoints.Page(message: refused.Message, status: StatusCodes.Status403Forbidden).ExecuteAsync(received.HttpContext);
            received.HandleResponse();
        }
        catch (IOException)
        {
            await SignInEndpoints.Full().ExecuteAsync(received.HttpContext);
            received.HandleResponse();
        }
    }

    // What the provider or the way there failed in is in the hub's log; a stranger is told no more than that.
    private static async Task FailedAsync(RemoteFailureContext failed)
    {
        // It comes before any policy that counts tries.
        using var tried = failed.HttpContext.RequestServices.GetRequiredService<SignInWays>().Failures.AttemptAcquire(failed.HttpContext);
        if (!tried.IsAcquired)
        {
            failed.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            failed.HandleResponse();
            return;
        }

        failed.HttpContext.RequestServices.GetRequiredService<AuditLog>().Append(
            "unknown", "session.refused", about: failed.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "", result: failed.Failure?.Message ?? "");
        await SignInEndpoints.Page(message: "Signing in with your organisation did not work. Try again; if it fails again, tell your administrator.", status: StatusCodes.Status403Forbidden).ExecuteAsync(failed.HttpContext);
        failed.HandleResponse();
    }

    private static string Name(ClaimsPrincipal claims, OidcSettings settings) =>
        (claims.FindFirstValue(settings.NameClaim) ?? throw new InputException($"Your identity provider did not give the claim '{settings.NameClaim}'. Tell your administrator.")).Split('@')[0].ToLowerInvariant();

    private static string Subject(ClaimsPrincipal claims, OidcSettings settings) =>
        settings.SubjectOf(claims.FindFirstValue("sub") ?? throw new InputException("Your identity provider did not give the claim 'sub'. Tell your administrator."));

    private static Role RoleOf(ClaimsPrincipal claims, OidcSettings settings)
    {
        foreach (var (value, role) in settings.Roles)
        {
            if (claims.HasClaim(settings.RoleClaim, value))
            {
                return role;
            }
        }

        throw new InputException("Your identity provider gives you no role in this system. Tell your administrator.");
    }

    // Nothing that is known is no leave to work everywhere.
    private static IReadOnlyList<string> PortsOf(ClaimsPrincipal claims, OidcSettings settings)
    {
        if (settings.PortClaim is not { } claim)
        {
            return [];
        }

        var given = claims.FindAll(claim).Select(c => c.Value.ToLowerInvariant()).ToList();
        List<string> ports = [.. Ports.All.Where(given.Contains)];
        return ports.Count > 0 || given.Contains(OidcSettings.AllPorts)
            ? ports
            : throw new InputException($"Your identity provider names no port at which you work (claim '{claim}': {string.Join(", ", Ports.All)} or {OidcSettings.AllPorts}). Tell your administrator.");
    }
}
