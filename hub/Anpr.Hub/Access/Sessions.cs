using System.Collections.Concurrent;
using System.Security.Claims;

namespace Anpr.Hub.Access;

/// <summary>
/// Who is signed in. The cookie carries user, role and session; here it is known when the session was last used. A page that
/// only receives does not keep a session alive: clicks and keys do.
/// </summary>
public sealed class Sessions(Users users, TimeProvider time)
{
    /// <summary>A session ends after this long without a click or key.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(2);

    /// <summary>A session ends after this long in any case: one shift.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>Name of the authentication type in principals made here.</summary>
    internal const string Scheme = "session";

    private const string IdClaim = "anpr:session", StampClaim = "anpr:stamp", StartedClaim = "anpr:started";

    private readonly ConcurrentDictionary<string, DateTimeOffset> lastUse = new(StringComparer.Ordinal);

    /// <summary>Begins a session.</summary>
    public ClaimsPrincipal Begin(User user)
    {
        var id = Secret.New();
        var now = time.GetUtcNow();
        lastUse[id] = now;
        return new ClaimsPrincipal(new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, user.Name),
                new Claim(ClaimTypes.Role, user.Role.ToString()),
                new Claim(IdClaim, id),
                new Claim(StampClaim, user.Stamp),
                new Claim(StartedClaim, now.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ],
            Scheme));
    }

    /// <summary>True while the session is good: the user is still there with the same role, and it is neither idle nor ended.</summary>
    public bool IsGood(ClaimsPrincipal principal)
    {
        if (Id(principal) is not { } id
            || users.Find(principal.Identity?.Name ?? "") is not { } user
            || !string.Equals(user.Stamp, principal.FindFirstValue(StampClaim), StringComparison.Ordinal)
            || !long.TryParse(principal.FindFirstValue(StartedClaim), System.Globalization.CultureInfo.InvariantCulture, out var started))
        {
            return false;
        }

        // After a restart of the hub the last use is not known: the session goes on as if it had just been used.
        var now = time.GetUtcNow();
        return now - lastUse.GetOrAdd(id, now) < Idle
            && now - DateTimeOffset.FromUnixTimeSeconds(started) < Longest
            && !users.IsEnded(id);
    }

    /// <summary>Notes a click, a key or a request.</summary>
    public void Used(ClaimsPrincipal principal)
    {
        if (Id(principal) is { } id)
        {
            lastUse[id] = time.GetUtcNow();
        }
    }

    /// <summary>Ends a session now, for every copy of its cookie.</summary>
    public void End(ClaimsPrincipal principal)
    {
        if (Id(principal) is { } id)
        {
            users.EndSession(id);
            lastUse.TryRemove(id, out _);
        }
    }

    private static string? Id(ClaimsPrincipal principal) => principal.FindFirstValue(IdClaim);
}
