using System.Collections.Immutable;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Access;

/// <summary>A person who may sign in.</summary>
/// <param name="Name">Unique, a-z 0-9 . - _</param>
/// <param name="Role">What they are trusted with.</param>
/// <param name="Stamp">Changes when every session of theirs must end.</param>
/// <param name="AddedAt">UTC.</param>
public sealed record User(string Name, Role Role, string Stamp, DateTimeOffset AddedAt)
{
    internal static Table<User> Table { get; } = new("users", u => u.Name) { Shared = true };

    /// <summary>Ports at which they work; empty for all.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Hash of the password that they chose, null while they have none.</summary>
    public string? Password { get; init; }

    /// <summary>Wrong passwords since the last right one.</summary>
    public int Failures { get; init; }

    /// <summary>Until then no password signs them in, null while they are not locked out.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>Issuer and subject, for whom an identity provider answers; null for users of this hub only.</summary>
    public string? Subject { get; init; }
}

/// <summary>A sign-in link that was handed out: only the hash of its code is kept.</summary>
internal sealed record SignInLink(string User, string Hash, DateTimeOffset ExpiresAt, DateTimeOffset? SpentAt)
{
    public static Table<SignInLink> Table { get; } = new("sign_in_links", l => l.Hash) { Shared = true };
}

/// <summary>An enrolment token that was handed out: only the hash of its secret is kept.</summary>
internal sealed record Grant(string Port, string Lane, string Hash, DateTimeOffset ExpiresAt, DateTimeOffset? SpentAt)
{
    public static Table<Grant> Table { get; } = new("enrolment_tokens", g => g.Hash) { Shared = true };
}

/// <summary>A lane that was enrolled, with the one certificate that speaks for it.</summary>
/// <param name="Port">calais, coquelles or dunkerque.</param>
/// <param name="Lane">Lane name.</param>
/// <param name="Serial">Serial number of the certificate, hex.</param>
/// <param name="Box">Host name that the box gave.</param>
/// <param name="EnrolledAt">UTC.</param>
/// <param name="ExpiresAt">End of the certificate, UTC.</param>
/// <param name="RevokedAt">Since when it is refused, null while it is valid.</param>
public sealed record EnrolledLane(string Port, string Lane, string Serial, string Box, DateTimeOffset EnrolledAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt)
{
    internal static Table<EnrolledLane> Table { get; } = new("enrolled_lanes", l => l.Name) { Shared = true };

    internal string Name => new LaneIdentity(Port, Lane).ToString();
}

/// <summary>Somebody who is signed in, at whichever hub.</summary>
/// <param name="Id">Hash of what the cookie carries.</param>
/// <param name="User">Who.</param>
/// <param name="Stamp">The user's at the beginning.</param>
/// <param name="BeganAt">UTC.</param>
/// <param name="UsedAt">Last click or key, up to <see cref="Sessions.Written"/> late.</param>
/// <param name="Ended">It was ended before its time.</param>
internal sealed record Session(string Id, string User, string Stamp, DateTimeOffset BeganAt, DateTimeOffset UsedAt, bool Ended)
{
    /// <summary>The identity provider's own name of it (sid); null where it gave none.</summary>
    public string? Elsewhere { get; init; }

    public static Table<Session> Table { get; } = new("sessions", s => s.Id) { Shared = true };
}

/// <summary>A key with which a program uses the REST API.</summary>
/// <param name="Name">Unique, a-z 0-9 . - _</param>
/// <param name="Hash">Of the key itself, which is shown once.</param>
/// <param name="Scopes">Parts of the API that it opens: see <see cref="Policies.Scopes"/>.</param>
/// <param name="AddedAt">UTC.</param>
/// <param name="ExpiresAt">UTC.</param>
/// <param name="RevokedAt">Since when it is refused, null while it is valid.</param>
public sealed record ApiKey(string Name, string Hash, IReadOnlyList<string> Scopes, DateTimeOffset AddedAt, DateTimeOffset ExpiresAt, DateTimeOffset? RevokedAt)
{
    internal static Table<ApiKey> Table { get; } = new("api_keys", k => k.Name) { Shared = true };
}

/// <summary>Everything that Access keeps, each kind by its id. A few hundred records in all.</summary>
internal sealed record AccessState(
    ImmutableDictionary<string, User> Users,
    ImmutableDictionary<string, SignInLink> Links,
    ImmutableDictionary<string, Grant> Grants,
    ImmutableDictionary<string, EnrolledLane> Lanes,
    ImmutableDictionary<string, Session> Sessions,
    ImmutableDictionary<string, ApiKey> Keys,
    ImmutableDictionary<string, TakenLogout> Logouts)
{
    /// <summary>The tables that are read whole.</summary>
    public static IReadOnlyList<Table> Tables { get; } = [User.Table, SignInLink.Table, Grant.Table, EnrolledLane.Table, Session.Table, ApiKey.Table, TakenLogout.Table];

    public static AccessState Read(IStoreReader store)
    {
        return new AccessState(Of(User.Table), Of(SignInLink.Table), Of(Grant.Table), Of(EnrolledLane.Table), Of(Session.Table), Of(ApiKey.Table), Of(TakenLogout.Table));

        ImmutableDictionary<string, T> Of<T>(Table<T> table)
            where T : class
            => store.All(table).ToImmutableDictionary(table.Id, StringComparer.Ordinal);
    }

    /// <summary>Without what is over for more than a day; until then it can still be said why a link or token is refused.</summary>
    public AccessState Tidy(DateTimeOffset now) => this with
    {
        Links = Links.RemoveRange(Links.Values.Where(l => l.ExpiresAt.AddDays(1) < now).Select(l => l.Hash)),
        Grants = Grants.RemoveRange(Grants.Values.Where(g => g.ExpiresAt.AddDays(1) < now).Select(g => g.Hash)),
        Sessions = Sessions.RemoveRange(Sessions.Values.Where(s => s.BeganAt + Access.Sessions.Longest < now).Select(s => s.Id)),
        Logouts = Logouts.RemoveRange(Logouts.Values.Where(l => l.ExpiresAt < now).Select(l => l.Id)),
    };

    /// <summary>Writes what differs from an earlier state.</summary>
    public void Write(IStoreWriter writer, AccessState before)
    {
        Differences(User.Table, before.Users, Users);
        Differences(SignInLink.Table, before.Links, Links);
        Differences(Grant.Table, before.Grants, Grants);
        Differences(EnrolledLane.Table, before.Lanes, Lanes);
        Differences(Session.Table, before.Sessions, Sessions);
        Differences(ApiKey.Table, before.Keys, Keys);
        Differences(TakenLogout.Table, before.Logouts, Logouts);

        void Differences<T>(Table<T> table, ImmutableDictionary<string, T> old, ImmutableDictionary<string, T> now)
            where T : class
        {
            foreach (var gone in old.Keys.Where(id => !now.ContainsKey(id)))
            {
                writer.Delete(table, gone);
            }

            foreach (var (id, value) in now.Where(n => !ReferenceEquals(old.GetValueOrDefault(n.Key), n.Value)))
            {
                writer.Put(table, value);
            }
        }
    }
}
