using System.Collections.Immutable;

namespace Anpr.Hub.Access;

/// <summary>A person who may sign in.</summary>
/// <param name="Name">Unique, a-z 0-9 . - _</param>
/// <param name="Role">What they are trusted with.</param>
/// <param name="Stamp">Changes when every session of theirs must end.</param>
/// <param name="AddedAt">UTC.</param>
public sealed record User(string Name, Role Role, string Stamp, DateTimeOffset AddedAt);

/// <summary>A sign-in link that was handed out: only the hash of its code is kept.</summary>
internal sealed record SignInLink(string User, string Hash, DateTimeOffset ExpiresAt, DateTimeOffset? SpentAt);

/// <summary>An enrolment token that was handed out: only the hash of its secret is kept.</summary>
internal sealed record Grant(string Port, string Lane, string Hash, DateTimeOffset ExpiresAt, DateTimeOffset? SpentAt);

/// <summary>A lane that was enrolled, with the one certificate that speaks for it.</summary>
/// <param name="Port">calais, coquelles or dunkerque.</param>
/// <param name="Lane">Lane name.</param>
/// <param name="Serial">Serial number of the certificate, hex.</param>
/// <param name="Box">Host name that the box gave.</param>
/// <param name="EnrolledAt">UTC.</param>
/// <param name="ExpiresAt">End of the certificate, UTC.</param>
/// <param name="RevokedAt">Since when it is refused, null while it is valid.</param>
public sealed record EnrolledLane(string Port, string Lane, string Serial, string Box, DateTimeOffset EnrolledAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>A session that was ended before its time.</summary>
internal sealed record EndedSession(string Id, DateTimeOffset Until);

/// <summary>Everything that Access keeps; replaced as a whole.</summary>
internal sealed record AccessState(
    ImmutableList<User> Users,
    ImmutableList<SignInLink> Links,
    ImmutableList<Grant> Grants,
    ImmutableList<EnrolledLane> Lanes,
    ImmutableList<EndedSession> Ended)
{
    public static AccessState Empty { get; } = new([], [], [], [], []);

    /// <summary>Without what is over for more than a day; until then it can still be said why a link or token is refused.</summary>
    public AccessState Tidy(DateTimeOffset now) => this with
    {
        Links = Links.RemoveAll(l => l.ExpiresAt.AddDays(1) < now),
        Grants = Grants.RemoveAll(g => g.ExpiresAt.AddDays(1) < now),
        Ended = Ended.RemoveAll(e => e.Until < now),
    };
}
