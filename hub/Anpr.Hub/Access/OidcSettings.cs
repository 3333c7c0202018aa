using System.Threading.RateLimiting;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>An identity provider (OpenID Connect), as <c>hub.json</c> has it.</summary>
/// <param name="Authority">Its issuer, https (http on this machine only).</param>
/// <param name="ClientId">What it knows the hub as.</param>
/// <param name="Roles">Values of the role claim, and what they make of somebody here; who has several gets the first of this list.</param>
public sealed record OidcSettings(Uri Authority, string ClientId, IReadOnlyDictionary<string, Role> Roles)
{
    /// <summary>What people call it, on the button.</summary>
    public string Name { get; init; } = "your organisation";

    /// <summary>File that holds the client's secret, readable by the hub's user only; null for a public client, which PKCE protects alone.</summary>
    public string? ClientSecretFile { get; init; }

    /// <summary>Claim that becomes the user's name here, in lower case and up to its first @.</summary>
    public string NameClaim { get; init; } = "preferred_username";

    /// <summary>Claim that is compared with <see cref="Roles"/>.</summary>
    public string RoleClaim { get; init; } = "roles";

    /// <summary>Value of <see cref="PortClaim"/> for those who work at all ports.</summary>
    internal const string AllPorts = "all";

    /// <summary>Claim with the names of ports at which they work, or "all"; who has neither is refused. Null: everybody works at all of them.</summary>
    public string? PortClaim { get; init; }

    /// <summary>Scopes that are asked for beside openid.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = ["profile"];

    /// <summary>The provider, as subjects of its users begin.</summary>
    internal string Issuer => Authority.ToString().TrimEnd('/');

    /// <summary>How one of its users is named here.</summary>
    internal string SubjectOf(string sub) => $"{Issuer}|{sub}";

    /// <exception cref="InputException">Something cannot be meant.</exception>
    internal void Check(string file)
    {
        if (!Authority.IsAbsoluteUri || (Authority.Scheme != Uri.UriSchemeHttps && !Authority.IsLoopback))
        {
            throw new InputException($"{file}, oidc.authority '{Authority}': give the issuer's https address.");
        }

        if (Roles.Count == 0)
        {
            throw new InputException($"{file}, oidc.roles: say which values of the claim '{RoleClaim}' make somebody {string.Join(", ", Names.All<Role>())}; nobody could sign in.");
        }
    }
}

/// <summary>How people can sign in.</summary>
/// <param name="Provider">Name of the identity provider, null when there is none.</param>
internal sealed record SignInWays(string? Provider) : IDisposable
{
    /// <summary>How many answers of the provider that cannot be used are borne, by address.</summary>
    public PartitionedRateLimiter<HttpContext> Failures { get; } = RateLimits.TriesByAddress();

    /// <inheritdoc/>
    public void Dispose() => Failures.Dispose();
}
