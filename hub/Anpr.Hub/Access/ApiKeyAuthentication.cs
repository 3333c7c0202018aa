using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Anpr.Hub.Access;

/// <summary>Tells programs by the key that they send: <c>Authorization: Bearer anpr_...</c>. It counts for the REST API only.</summary>
internal sealed class ApiKeyAuthentication(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    /// <summary>Name of the authentication scheme.</summary>
    public const string SchemeName = "key";

    /// <summary>Name of the scheme that is a person's session, or a key where one is sent.</summary>
    public const string PersonOrKey = "person-or-key";

    /// <summary>Type of the claims that name what a key opens.</summary>
    public const string ScopeClaim = "anpr:scope";

    private const string Bearer = "Bearer ";

    /// <summary>True while whoever sent a request would be let in again: an answer that goes on for hours asks now and then.</summary>
    public static bool IsStillGood(HttpContext context) => Choose(context) == SchemeName
        ? context.RequestServices.GetRequiredService<ApiKeys>().Find(context.Request.Headers.Authorization.ToString()[Bearer.Length..].Trim()) is not null
        : context.RequestServices.GetRequiredService<Sessions>().IsGood(context.User);

    /// <summary>Which scheme judges a request.</summary>
    public static string Choose(HttpContext context) =>
        context.Request.Headers.Authorization.ToString().StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? SchemeName : Sessions.Scheme;

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var sent = Request.Headers.Authorization.ToString();
        if (!sent.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (keys.Find(sent[Bearer.Length..].Trim()) is not { } key)
        {
            return Task.FromResult(AuthenticateResult.Fail("unknown, revoked or out of date"));
        }

        var claims = key.Scopes.Select(scope => new Claim(ScopeClaim, scope)).Prepend(new Claim(ClaimTypes.Name, $"key:{key.Name}"));
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(claims, SchemeName)), SchemeName)));
    }

    /// <inheritdoc/>
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        return AnswerAsync(StatusCodes.Status401Unauthorized, "The key is unknown, revoked or out of date: ask your administrator for a new one (hub key add).");
    }

    /// <inheritdoc/>
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        AnswerAsync(StatusCodes.Status403Forbidden, "The key does not open this part of the API.");

    private Task AnswerAsync(int status, string words)
    {
        Response.StatusCode = status;
        return Response.WriteAsJsonAsync(new { error = words });
    }
}
