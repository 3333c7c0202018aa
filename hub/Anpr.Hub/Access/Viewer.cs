using System.Security.Claims;

namespace Anpr.Hub.Access;

/// <summary>
/// Who looks, and where they work. Live lanes and alerts go by port, and so does recording what was done; movements and passages of other ports,
/// asked for with a reason, go to whomever may ask at all.
/// </summary>
/// <param name="Name">User, or key.</param>
/// <param name="Ports">Ports at which they work; none for all.</param>
public sealed record Viewer(string Name, params IReadOnlyList<string> Ports)
{
    /// <summary>Who is signed in.</summary>
    public static Viewer Of(ClaimsPrincipal user) => new(user.Identity?.Name ?? "", [.. user.FindAll(Sessions.PortClaim).Select(c => c.Value)]);

    /// <summary>True when they work at this port.</summary>
    public bool WorksAt(string port) => Ports.Count == 0 || Ports.Contains(port, StringComparer.Ordinal);
}
