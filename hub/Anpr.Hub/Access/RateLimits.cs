using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace Anpr.Hub.Access;

/// <summary>How often a stranger may try, and how often a user or program may ask.</summary>
internal static class RateLimits
{
    /// <summary>Policy of signing in and enrolling: by address. Guessing 256 random bits is hopeless anyway, and a user is locked out after few wrong
    /// passwords; this keeps a stranger from filling the audit log with refusals.</summary>
    public const string Tries = "tries";

    /// <summary>Policy of the REST API: by user or key. A program that runs wild must not slow lanes and officers down.</summary>
    public const string Api = "api";

    /// <summary>Tries a minute from one address.</summary>
    public const int TriesPerMinute = 60;

    /// <summary>Calls of one user or key that may come at once, and a second in the long run.</summary>
    public const int ApiBurst = 500, ApiPerSecond = 100;

    /// <summary>A limit as that of <see cref="Tries"/>, for what is answered before any policy is asked.</summary>
    public static PartitionedRateLimiter<HttpContext> TriesByAddress() => PartitionedRateLimiter.Create<HttpContext, string>(ByAddress);

    public static void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.AddPolicy(Tries, ByAddress);
        options.AddPolicy(Api, context => RateLimitPartition.GetTokenBucketLimiter(
            context.User.Identity?.Name ?? context.Connection.RemoteIpAddress?.ToString() ?? "",
            _ => new TokenBucketRateLimiterOptions { TokenLimit = ApiBurst, TokensPerPeriod = ApiPerSecond, ReplenishmentPeriod = TimeSpan.FromSeconds(1) }));
    }

    private static RateLimitPartition<string> ByAddress(HttpContext context) => RateLimitPartition.GetFixedWindowLimiter(
        context.Connection.RemoteIpAddress?.ToString() ?? "",
        _ => new FixedWindowRateLimiterOptions { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) });
}
