using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;

namespace Anpr.Hub.Access;

/// <summary>What a user of the console is trusted with.</summary>
public enum Role
{
    /// <summary>Works at the lanes: alerts, searches, movements with a reason.</summary>
    Officer,

    /// <summary>As an officer; keeps the watchlist and reads the audit log.</summary>
    Supervisor,

    /// <summary>Keeps lane boxes running; sees devices, no registrations.</summary>
    Engineer,

    /// <summary>Users and lanes; sees no registrations.</summary>
    Administrator,

    /// <summary>Reads the audit log, and nothing else.</summary>
    Auditor,
}

/// <summary>Names of the authorisation policies, and who passes each.</summary>
public static class Policies
{
    /// <summary>A lane box with a valid certificate of this hub.</summary>
    public const string Lane = "lane";

    /// <summary>Registrations, pictures, alerts, movements: officers and supervisors.</summary>
    public const string Officer = "officer";

    /// <summary>Watchlist and audit: supervisors.</summary>
    public const string Supervisor = "supervisor";

    /// <summary>Devices and lanes: all but auditors.</summary>
    public const string Fleet = "fleet";

    /// <summary>What was learned of lanes, which holds no registration: supervisors and engineers.</summary>
    public const string Learned = "learned";

    /// <summary>Users, revoking lanes: administrators.</summary>
    public const string Administrator = "administrator";

    /// <summary>Reading the audit log: supervisors, administrators and auditors.</summary>
    public const string Audit = "audit";

    /// <summary>Parts of the REST API that a program's key can open.</summary>
    public static IReadOnlyList<string> Scopes { get; } = ["movements", "alerts", "watchlist", "bookings", "lanes"];

    /// <summary>The policy of a part of the REST API: people who pass <paramref name="people"/>, and programs whose key has that scope.</summary>
    internal static string Api(string scope, string people) => $"{scope}:{people}";

    internal static void Add(AuthorizationOptions options)
    {
        // What says nothing is closed.
        options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build();
        options.AddPolicy(Lane, p => p.AddAuthenticationSchemes(LaneAuthentication.SchemeName).RequireClaim(LaneIdentity.LaneClaim));
        AddRoles(options, Officer, Role.Officer, Role.Supervisor);
        AddRoles(options, Supervisor, Role.Supervisor);
        AddRoles(options, Fleet, Role.Officer, Role.Supervisor, Role.Engineer, Role.Administrator);
        AddRoles(options, Learned, Role.Supervisor, Role.Engineer);
        AddRoles(options, Administrator, Role.Administrator);
        AddRoles(options, Audit, Role.Supervisor, Role.Administrator, Role.Auditor);
        AddScope(options, "movements", Officer);
        AddScope(options, "alerts", Officer);
        AddScope(options, "watchlist", Supervisor);
        AddScope(options, "bookings", Supervisor);
        AddScope(options, "lanes", Fleet);
    }

    private static void AddScope(AuthorizationOptions options, string scope, string people)
    {
        var roles = options.GetPolicy(people)!.Requirements.OfType<RolesAuthorizationRequirement>().Single().AllowedRoles;
        options.AddPolicy(Api(scope, people), p => p
            .AddAuthenticationSchemes(ApiKeyAuthentication.PersonOrKey)
            .RequireAssertion(context => roles.Any(context.User.IsInRole) || context.User.HasClaim(ApiKeyAuthentication.ScopeClaim, scope)));
    }

    private static void AddRoles(AuthorizationOptions options, string name, params Role[] roles) =>
        options.AddPolicy(name, p => p.RequireRole(roles.Select(r => r.ToString())));
}
