using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace Anpr.Hub.Access;

/// <summary>
/// How often one address may try a link or token. Guessing 256 random bits is hopeless anyway; this keeps a stranger from filling
/// the audit log with refusals.
/// </summary>
internal static class TryLimit
{
    /// <summary>Name of the policy.</summary>
    public const string Name = "tries";

    /// <summary>Tries a minute from one address.</summary>
    public const int PerMinute = 60;

    public static void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.AddPolicy(Name, context => RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "",
            _ => new FixedWindowRateLimiterOptions { PermitLimit = PerMinute, Window = TimeSpan.FromMinutes(1) }));
    }
}
