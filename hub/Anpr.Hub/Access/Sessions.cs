using System.Collections.Concurrent;
using System.Security.Claims;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Access;

/// <summary>
/// Who is signed in, at whichever hub. The cookie carries a secret; all else is looked up. A page that only receives does not keep a session
/// alive: clicks and keys do.
/// </summary>
public sealed partial class Sessions
{
    /// <summary>A session ends after this long without a click or key.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(2);

    /// <summary>A session ends after this long in any case: one shift.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(12);

    /// <summary>How often the last use is written down for other hubs, and for this one after a restart.</summary>
    public static readonly TimeSpan Written = TimeSpan.FromMinutes(5);

    /// <summary>Name of the authentication type in principals made here.</summary>
    internal const string Scheme = "session";

    /// <summary>Claim of a port at which the user works; none for all.</summary>
    internal const string PortClaim = "anpr:works-at";

    private const string SecretClaim = "anpr:session", LinkClaim = "anpr:by-link";

    private readonly ConcurrentDictionary<string, DateTimeOffset> lastUse = new(StringComparer.Ordinal), lastWritten = new(StringComparer.Ordinal);
    private readonly AccessStore access;
    private readonly TimeProvider time;
    private readonly ILogger<Sessions> log;

    internal Sessions(AccessStore access, TimeProvider time, ILogger<Sessions> log)
    {
        this.access = access;
        this.time = time;
        this.log = log;
        access.Changed += Forget;
    }

    /// <summary>Begins a session.</summary>
    /// <param name="user">Who.</param>
    /// <param name="byLink">They came by a link of an administrator.</param>
    /// <param name="elsewhere">The identity provider's own name of the session; null where there is none.</param>
    public async Task<ClaimsPrincipal> BeginAsync(User user, bool byLink = false, string? elsewhere = null)
    {
        var secret = Secret.New();
        var id = Secret.Hash(secret);
        await access.ChangeAsync((state, now) => (state with { Sessions = state.Sessions.Add(id, new Session(id, user.Name, user.Stamp, now, now, Ended: false) { Elsewhere = elsewhere }) }, true));
        return new ClaimsPrincipal(new ClaimsIdentity(
            [
                new Claim(ClaimTypes.Name, user.Name),
                new Claim(ClaimTypes.Role, user.Role.ToString()),
                new Claim(SecretClaim, secret),
                .. user.Ports.Select(port => new Claim(PortClaim, port)),
                .. byLink ? [new Claim(LinkClaim, "true")] : Array.Empty<Claim>(),
            ],
            Scheme));
    }

    /// <summary>True when the session began with a link of an administrator.</summary>
    public static bool BeganByLink(ClaimsPrincipal principal) => principal.HasClaim(c => c.Type == LinkClaim);

    /// <summary>True while the session is good: the user is still there and the same, and it is neither idle nor ended.</summary>
    public bool IsGood(ClaimsPrincipal principal)
    {
        var state = access.State;
        if (Id(principal) is not { } id
            || (!state.Sessions.TryGetValue(id, out var session) && !(state = access.Newest()).Sessions.TryGetValue(id, out session)) || session.Ended
            || !state.Users.TryGetValue(session.User, out var user) || user.Stamp != session.Stamp)
        {
            return false;
        }

        var now = time.GetUtcNow();
        return now - LastUse(session) < Idle && now - session.BeganAt < Longest;
    }

    /// <summary>Notes a click, a key or a request.</summary>
    public void Used(ClaimsPrincipal principal)
    {
        if (Id(principal) is not { } id || !access.State.Sessions.TryGetValue(id, out var session))
        {
            return;
        }

        var now = time.GetUtcNow();
        lastUse[id] = now;
        var written = lastWritten.GetOrAdd(id, session.UsedAt);
        if (now - written >= Written && lastWritten.TryUpdate(id, now, written))
        {
            _ = WriteDownAsync(id, now);
        }
    }

    /// <summary>Ends a session now, for every copy of its cookie.</summary>
    public async Task EndAsync(ClaimsPrincipal principal)
    {
        if (Id(principal) is { } id)
        {
            await access.ChangeAsync((state, _) => (state.Sessions.TryGetValue(id, out var session)
                ? state with { Sessions = state.Sessions.SetItem(id, session with { Ended = true }) }
                : state, true));
        }
    }

    /// <summary>Ends the sessions that an identity provider's logout token is about, at every hub.</summary>
    /// <param name="issuer">The provider.</param>
    /// <param name="token">What it says.</param>
    /// <returns>False when the token was taken before: nothing is done then.</returns>
    internal Task<bool> EndElsewhereAsync(string issuer, LogoutToken token) => access.ChangeAsync((state, _) =>
    {
        var id = Secret.Hash($"{issuer}|{token.Id}");
        if (state.Logouts.ContainsKey(id))
        {
            return (state, false);
        }

        var ended = state.Sessions.Values.Where(s => !s.Ended && Ends(state.Users.GetValueOrDefault(s.User), s)).Select(s => KeyValuePair.Create(s.Id, s with { Ended = true }));
        return (state with { Sessions = state.Sessions.SetItems([.. ended]), Logouts = state.Logouts.Add(id, new TakenLogout(id, token.ExpiresAt)) }, true);

        // A session of the subject's of which the provider's name is not known may be the one.
        bool Ends(User? user, Session session) => user?.Subject is { } subject && (token.Subject is null
            ? subject.StartsWith($"{issuer}|", StringComparison.Ordinal) && session.Elsewhere == token.Session
            : subject == $"{issuer}|{token.Subject}" && (token.Session is null || session.Elsewhere is null || session.Elsewhere == token.Session));
    });

    private static string? Id(ClaimsPrincipal principal) => principal.FindFirstValue(SecretClaim) is { } secret ? Secret.Hash(secret) : null;

    private DateTimeOffset LastUse(Session session) =>
        lastUse.TryGetValue(session.Id, out var used) && used > session.UsedAt ? used : session.UsedAt;

    // A use that could not be written down is no reason to refuse the click: the next one tries again.
    private async Task WriteDownAsync(string id, DateTimeOffset used)
    {
        try
        {
            await access.ChangeAsync((state, _) => (state.Sessions.TryGetValue(id, out var session)
                ? state with { Sessions = state.Sessions.SetItem(id, session with { UsedAt = used }) }
                : state, true));
        }
        catch (Exception error) when (error is StoreFailedException or ObjectDisposedException)
        {
            LogNotWritten(log, error.Message);
        }
    }

    private void Forget(AccessState before, AccessState now)
    {
        foreach (var gone in before.Sessions.Keys.Where(id => !now.Sessions.ContainsKey(id)))
        {
            lastUse.TryRemove(gone, out _);
            lastWritten.TryRemove(gone, out _);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last use of a session could not be written down: {Reason}")]
    private static partial void LogNotWritten(ILogger logger, string reason);
}
