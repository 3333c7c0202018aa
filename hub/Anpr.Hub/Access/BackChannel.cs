using System.Security.Cryptography;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Anpr.Hub.Access;

/// <summary>
/// The identity provider's own way to sign people out (OpenID Connect Back-Channel Logout 1.0): it posts a signed logout token, and that user's
/// sessions end at every hub.
/// </summary>
internal sealed class BackChannel(IOptionsMonitor<OpenIdConnectOptions> options, OidcSettings settings, Users users, Sessions sessions, SignInWays ways, AuditLog audit, TimeProvider time)
{
    /// <summary>Where the provider posts to.</summary>
    public const string Path = "/sign-out/back-channel";

    private const int LongestToken = 16 * 1024;

    // Keys of the provider only: a secret that the hub shares with it signs nothing here.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384,
        SecurityAlgorithms.RsaSsaPssSha512, SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler handler = new() { MaximumTokenSizeInBytes = LongestToken };

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost(Path, (HttpContext context, BackChannel channel) => channel.AnswerAsync(context))
        .AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            var token = await JudgedAsync(await SentAsync(context), context.RequestAborted);
            if (!await sessions.EndElsewhereAsync(settings.Issuer, token))
            {
                throw new InputException("this logout token was taken before.");
            }

            var who = users.All.FirstOrDefault(u => u.Subject == settings.SubjectOf(token.Subject ?? ""))?.Name;
            audit.Append(who ?? "unknown", "session.end", about: From(context), result: $"by {settings.Name}");
            return Results.Ok();
        }
        catch (InputException refused)
        {
            return Refused(context, refused.Message);
        }
        catch (IOException)
        {
            return Results.Json(new { error = "temporarily_unavailable", error_description = "The hub cannot record that: its disk is full or fails. Send it again later." }, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    // A provider that signs out a whole shift is not held up; what is no token of its is, so that it fills no log.
    private IResult Refused(HttpContext context, string words)
    {
        using var tried = ways.Failures.AttemptAcquire(context);
        if (!tried.IsAcquired)
        {
            return Results.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        audit.Append("unknown", "session.refused", about: From(context), result: $"sign-out by {settings.Name}: {words}");
        return Results.Json(new { error = "invalid_request", error_description = words }, statusCode: StatusCodes.Status400BadRequest);
    }

    private static async Task<string> SentAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength is not (> 0 and <= LongestToken + 1024))
        {
            throw new InputException("post a form of at most 16 KiB with the field logout_token.");
        }

        try
        {
            var form = await context.Request.ReadFormAsync(context.RequestAborted);
            return form["logout_token"] is [{ Length: > 0 } token] ? token : throw new InputException("the form has no field logout_token, or several.");
        }
        catch (InvalidDataException)
        {
            throw new InputException("the form cannot be read.");
        }
    }

    private async Task<LogoutToken> JudgedAsync(string sent, CancellationToken cancellation)
    {
        var manager = options.Get(Oidc.Scheme).ConfigurationManager!;
        var result = await SignedAsync(sent, await ProviderAsync());
        if (!result.IsValid && result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            manager.RequestRefresh(); // the provider may have a new key; how often it is asked is limited there
            result = await SignedAsync(sent, await ProviderAsync());
        }

        return result is { IsValid: true, SecurityToken: JsonWebToken token }
            ? LogoutToken.Read(Base64UrlEncoder.Decode(token.EncodedPayload), time.GetUtcNow())
            : throw new InputException($"the logout token is not one of {settings.Authority} for this hub: {Fault(result.Exception)}.");

        async Task<OpenIdConnectConfiguration> ProviderAsync()
        {
            try
            {
                return await manager.GetConfigurationAsync(cancellation);
            }
            catch (InvalidOperationException unreachable)
            {
                throw new IOException("the provider's keys cannot be had", unreachable);
            }
        }
    }

    private async Task<TokenValidationResult> SignedAsync(string sent, OpenIdConnectConfiguration provider)
    {
        try
        {
            return await handler.ValidateTokenAsync(sent, new TokenValidationParameters
            {
                ValidIssuer = provider.Issuer,
                ValidAudience = settings.ClientId,
                IssuerSigningKeys = provider.SigningKeys,
                ValidAlgorithms = Algorithms,
                ValidTypes = ["JWT", "logout+jwt"],
                RequireSignedTokens = true,
                ValidateLifetime = false, // by the hub's own clock, with the other claims
            });
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException or SecurityTokenException or CryptographicException)
        {
            return new TokenValidationResult { IsValid = false, Exception = malformed };
        }
    }

    // What kind of fault: never what the token holds.
    private static string Fault(Exception? fault) => fault switch
    {
        SecurityTokenInvalidIssuerException => "another issuer",
        SecurityTokenInvalidAudienceException => "another audience",
        SecurityTokenSignatureKeyNotFoundException => "it is signed by a key that the provider does not publish",
        SecurityTokenInvalidAlgorithmException or SecurityTokenInvalidSignatureException => "its signature does not fit",
        SecurityTokenInvalidTypeException => "it is of another type",
        _ => "it cannot be read",
    };

    private static string From(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "";
}
