using System.Text.Json;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>What an identity provider says with a logout token (OpenID Connect Back-Channel Logout 1.0, section 2.4), once its signature, issuer and audience are known to be good.</summary>
/// <param name="Id">Its jti: it counts once.</param>
/// <param name="Subject">Whose sessions end; null when one session alone is named.</param>
/// <param name="Session">The provider's name of the one session that ends; null for all of the subject's.</param>
/// <param name="ExpiresAt">From then on it is not taken any more, UTC.</param>
internal sealed record LogoutToken(string Id, string? Subject, string? Session, DateTimeOffset ExpiresAt)
{
    /// <summary>The event that it must name.</summary>
    public const string Event = "http://schemas.openid.net/event/backchannel-logout";

    /// <summary>For so long after it was issued a token is taken; what its id was is remembered as long.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>So much may the provider's clock differ from the hub's.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromMinutes(1);

    private const int LongestName = 255;

    /// <summary>Reads the token's payload.</summary>
    /// <param name="payload">JSON.</param>
    /// <param name="now">Hub clock.</param>
    /// <exception cref="InputException">It is no logout token, or is out of date; the words say which claim is wrong and name no value of it.</exception>
    public static LogoutToken Read(string payload, DateTimeOffset now)
    {
        try
        {
            using var json = JsonDocument.Parse(payload);
            return Read(json.RootElement, now);
        }
        catch (JsonException)
        {
            throw new InputException("the logout token's payload is no JSON.");
        }
    }

    private static LogoutToken Read(JsonElement claims, DateTimeOffset now)
    {
        if (claims.ValueKind != JsonValueKind.Object)
        {
            throw new InputException("the logout token's payload is no JSON object.");
        }

        if (!claims.TryGetProperty("events", out var events) || events.ValueKind != JsonValueKind.Object
            || !events.TryGetProperty(Event, out var signedOut) || signedOut.ValueKind != JsonValueKind.Object)
        {
            throw new InputException($"the claim 'events' does not name {Event}: it is no logout token.");
        }

        if (claims.TryGetProperty("nonce", out _))
        {
            throw new InputException("a logout token has no claim 'nonce': this is another kind of token.");
        }

        var (issued, expires) = (Time(claims, "iat"), Time(claims, "exp"));
        var last = issued + Life < expires ? issued + Life : expires;
        if (issued > now + Skew || last + Skew <= now)
        {
            throw new InputException("the logout token is out of date, or from the future: compare the provider's clock (claims 'iat' and 'exp') with the hub's.");
        }

        var (subject, session) = (Name(claims, "sub"), Name(claims, "sid"));
        return new LogoutToken(
            Name(claims, "jti") ?? throw new InputException("the claim 'jti' is missing: the token could be sent again and again."),
            subject ?? (session is null ? throw new InputException("neither 'sub' nor 'sid' says whose session ends.") : null),
            session,
            last + Skew);
    }

    private static string? Name(JsonElement claims, string claim)
    {
        if (!claims.TryGetProperty(claim, out var value))
        {
            return null;
        }

        try
        {
            return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= LongestName } name
                ? name
                : throw new InputException($"the claim '{claim}' is no text of 1 to {LongestName} characters.");
        }
        catch (InvalidOperationException)
        {
            throw new InputException($"the claim '{claim}' is no text."); // half a surrogate pair
        }
    }

    private static DateTimeOffset Time(JsonElement claims, string claim) =>
        claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var seconds) && seconds is >= 0 and < 253_000_000_000
            ? DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(seconds)
            : throw new InputException($"the claim '{claim}' is no time in seconds since 1970.");
}

/// <summary>A logout token that was taken: it is not taken again, at whichever hub.</summary>
/// <param name="Id">Hash of issuer and jti.</param>
/// <param name="ExpiresAt">Until then it would be taken, UTC.</param>
internal sealed record TakenLogout(string Id, DateTimeOffset ExpiresAt)
{
    public static Storage.Table<TakenLogout> Table { get; } = new("taken_logouts", t => t.Id) { Shared = true };
}
