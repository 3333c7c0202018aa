using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Anpr.Hub.Tests.Access;

/// <summary>A real OpenID Connect server, at another site than the hub's: whoever comes is signed in there as <see cref="Person"/> at once.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string ClientId = "anpr", Secret = "made up for this test";

    private readonly RSA rsa = RSA.Create(2048);
    private WebApplication app = null!;

    /// <summary>The key that signs its tokens, with the name under which it publishes the public half.</summary>
    public RsaSecurityKey Key { get; }

    private IdentityProvider() => Key = new RsaSecurityKey(rsa) { KeyId = "of-the-test" };

    /// <summary>http://localhost:PORT</summary>
    public Uri Authority { get; private set; } = null!;

    /// <summary>The claims of the one who is signed in.</summary>
    public IReadOnlyList<(string Type, string Value)> Person { get; set; } = [];

    public static async Task<IdentityProvider> StartAsync(int port)
    {
        var provider = new IdentityProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls($"http://localhost:{port}");
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.SetAuthorizationEndpointUris("connect/authorize").SetTokenEndpointUris("connect/token");
            server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
            server.RegisterScopes(OpenIddictConstants.Scopes.Profile);
            server.AddEphemeralEncryptionKey().AddSigningKey(provider.Key);
            server.EnableDegradedMode(); // no database: who may come is said below
            server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().DisableTransportSecurityRequirement();
            server.AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.RedirectUri is null || new Uri(context.RedirectUri).AbsolutePath != "/sign-in/back")
                {
                    context.Reject(OpenIddictConstants.Errors.InvalidClient);
                }

                return default;
            }));
            server.AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(context =>
            {
                if (context.ClientId != ClientId || context.ClientSecret != Secret)
                {
                    context.Reject(OpenIddictConstants.Errors.InvalidClient);
                }

                return default;
            }));
        });
        provider.app = builder.Build();
        provider.app.UseAuthentication();
        provider.app.MapGet("/connect/authorize", provider.Authorize);
        await provider.app.StartAsync(TestContext.Current.CancellationToken);
        provider.Authority = new Uri($"http://localhost:{port}");
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        rsa.Dispose();
    }

    private IResult Authorize(HttpContext context)
    {
        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType);
        foreach (var (type, value) in Person)
        {
            identity.AddClaim(new Claim(type, value));
        }

        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.IdentityToken]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(context.GetOpenIddictServerRequest()!.GetScopes());
        return Results.SignIn(principal, properties: null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
}
