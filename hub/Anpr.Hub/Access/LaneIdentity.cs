using System.Security.Claims;
using Grpc.Core;

namespace Anpr.Hub.Access;

/// <summary>Which lane speaks, as its certificate says; never taken from a message.</summary>
public sealed record LaneIdentity(string Port, string Lane)
{
    /// <summary>Claim types under which <see cref="LaneAuthentication"/> puts the two names.</summary>
    internal const string PortClaim = "anpr:port", LaneClaim = "anpr:lane";

    private const string Scheme = "urn:anpr:lane:";

    /// <summary>The name in the certificate: urn:anpr:lane:PORT:LANE.</summary>
    public string Urn => $"{Scheme}{Port}:{Lane}";

    /// <summary>Reads <see cref="Urn"/>; null when it is another name.</summary>
    public static LaneIdentity? Parse(string urn)
    {
        var parts = urn.StartsWith(Scheme, StringComparison.Ordinal) ? urn[Scheme.Length..].Split(':') : [];
        return parts is [{ Length: > 0 } port, { Length: > 0 } lane] ? new LaneIdentity(port, lane) : null;
    }

    /// <summary>The caller of a service that asks for <see cref="Policies.Lane"/>.</summary>
    /// <exception cref="RpcException">PERMISSION_DENIED when the caller is no lane.</exception>
    public static LaneIdentity Of(ServerCallContext context) => Of(context.GetHttpContext().User)
        ?? throw new RpcException(new Status(StatusCode.PermissionDenied, "only a lane with a certificate of this hub may call this"));

    /// <summary>The lane of a principal, null when it is none.</summary>
    public static LaneIdentity? Of(ClaimsPrincipal user) =>
        user.FindFirstValue(PortClaim) is { } port && user.FindFirstValue(LaneClaim) is { } lane ? new LaneIdentity(port, lane) : null;

    /// <inheritdoc/>
    public override string ToString() => $"{Port}/{Lane}";
}
