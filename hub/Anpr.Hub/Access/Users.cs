using System.Text.RegularExpressions;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>People and their single-use sign-in links. There are no passwords.</summary>
public sealed partial class Users
{
    /// <summary>How long a sign-in link works.</summary>
    public static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(15);

    private readonly AccessStore store;
    private readonly TimeProvider time;

    internal Users(AccessStore store, TimeProvider time)
    {
        this.store = store;
        this.time = time;
    }

    /// <summary>Everybody, by name.</summary>
    public IReadOnlyList<User> All => [.. store.State.Users.OrderBy(u => u.Name, StringComparer.Ordinal)];

    /// <summary>The user of that name, null when there is none.</summary>
    public User? Find(string name) => store.State.Users.Find(u => string.Equals(u.Name, name, StringComparison.Ordinal));

    /// <summary>Adds a person.</summary>
    /// <exception cref="InputException">The name is taken or has another shape.</exception>
    public User Add(string name, Role role) => store.Change((state, now) =>
    {
        if (!NameShape().IsMatch(name))
        {
            throw new InputException($"'{name}' is no user name: 2 to 40 of a-z, 0-9, '.', '-' and '_', beginning with a letter.");
        }

        if (state.Users.Exists(u => string.Equals(u.Name, name, StringComparison.Ordinal)))
        {
            throw new InputException($"there is a user '{name}' already. Remove it first to change its role.");
        }

        var user = new User(name, role, Secret.New(), now);
        return (state with { Users = state.Users.Add(user) }, user);
    });

    /// <summary>Removes a person: sessions and links of theirs end at once.</summary>
    /// <exception cref="InputException">There is no such user.</exception>
    public User Remove(string name) => store.Change((state, _) =>
    {
        var user = Known(state, name);
        return (state with
        {
            Users = state.Users.Remove(user),
            Links = state.Links.RemoveAll(l => string.Equals(l.User, name, StringComparison.Ordinal)),
        }, user);
    });

    /// <summary>Makes the code of a sign-in link; an earlier one that was not used ends.</summary>
    /// <exception cref="InputException">There is no such user.</exception>
    public string NewLink(string name) => store.Change((state, now) =>
    {
        Known(state, name);
        var code = Secret.New();
        var rest = state.Links.RemoveAll(l => l.SpentAt is null && string.Equals(l.User, name, StringComparison.Ordinal));
        return (state with { Links = rest.Add(new SignInLink(name, Secret.Hash(code), now + LinkLife, null)) }, code);
    });

    /// <summary>Spends the code of a link.</summary>
    /// <returns>Who signs in.</returns>
    /// <exception cref="InputException">It is unknown, spent or out of date.</exception>
    public User Spend(string code) => store.Change((state, now) =>
    {
        var link = state.Links.Find(l => Secret.Matches(code, l.Hash));
        var user = link is null ? null : state.Users.Find(u => string.Equals(u.Name, link.User, StringComparison.Ordinal));
        if (link is null || user is null || link.SpentAt is not null || link.ExpiresAt <= now)
        {
            throw new InputException("This sign-in link was used already, is out of date, or was never issued. Ask your administrator for a new one.");
        }

        return (state with { Links = state.Links.Replace(link, link with { SpentAt = now }) }, user);
    });

    /// <summary>Ends one session before its time.</summary>
    internal void EndSession(string id) => store.Change((state, now) =>
        (state with { Ended = state.Ended.Add(new EndedSession(id, now + Sessions.Longest)) }, true));

    /// <summary>True when the session was ended.</summary>
    internal bool IsEnded(string id) => store.State.Ended.Exists(e => string.Equals(e.Id, id, StringComparison.Ordinal) && e.Until > time.GetUtcNow());

    private static User Known(AccessState state, string name) =>
        state.Users.Find(u => string.Equals(u.Name, name, StringComparison.Ordinal))
        ?? throw new InputException($"there is no user '{name}'. `hub user list` shows all.");

    [GeneratedRegex("^[a-z][a-z0-9._-]{1,39}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex NameShape();
}
