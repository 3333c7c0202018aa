using System.Text.RegularExpressions;
using Anpr.Hub.Ops;
using Anpr.Hub.Watchlists;

namespace Anpr.Hub.Access;

/// <summary>People, their single-use sign-in links, and the passwords that they choose themselves.</summary>
public sealed partial class Users
{
    /// <summary>How long a sign-in link works.</summary>
    public static readonly TimeSpan LinkLife = TimeSpan.FromMinutes(15);

    /// <summary>How long nobody is let in by password after <see cref="MostFailures"/> wrong ones. A sign-in link ends it.</summary>
    public static readonly TimeSpan LockOut = TimeSpan.FromMinutes(15);

    /// <summary>Wrong passwords in a row that are borne.</summary>
    public const int MostFailures = 5;

    private const string NotRight = "Name and password do not fit, or there were too many wrong ones in the last 15 minutes. Try again, or ask your administrator for a sign-in link.";

    private static readonly TimeSpan RefusalTakes = TimeSpan.FromMilliseconds(400);

    private readonly AccessStore store;

    internal Users(AccessStore store) => this.store = store;

    /// <summary>Everybody, by name.</summary>
    public IReadOnlyList<User> All => [.. store.State.Users.Values.OrderBy(u => u.Name, StringComparer.Ordinal)];

    /// <summary>The user of that name, null when there is none.</summary>
    public User? Find(string name) => store.State.Users.GetValueOrDefault(name);

    /// <summary>Adds a person.</summary>
    /// <param name="name">a-z 0-9 . - _</param>
    /// <param name="role">What they are trusted with.</param>
    /// <param name="ports">Ports at which they work; empty for all.</param>
    /// <exception cref="InputException">The name is taken or has another shape, or a port is unknown.</exception>
    public Task<User> AddAsync(string name, Role role, IReadOnlyList<string>? ports = null) => store.ChangeAsync((state, now) =>
    {
        if (!NameShape().IsMatch(name))
        {
            throw new InputException($"'{name}' is no user name: 2 to 40 of a-z, 0-9, '.', '-' and '_', beginning with a letter.");
        }

        if (state.Users.ContainsKey(name))
        {
            throw new InputException($"there is a user '{name}' already. Remove it first to change its role.");
        }

        var user = new User(name, role, Secret.New(), now) { Ports = Access.Ports.Check(ports ?? []) };
        return (state with { Users = state.Users.Add(name, user) }, user);
    });

    /// <summary>Removes a person: sessions and links of theirs end at once.</summary>
    /// <exception cref="InputException">There is no such user, or they own covert watchlist entries, which nobody could see or change then.</exception>
    public Task<User> RemoveAsync(string name) => store.ChangeAsync((reader, state, now) =>
    {
        var user = Known(state, name);
        var covert = ListEntry.CovertOf(reader, name).Count(e => e.IsActive(now));
        if (covert > 0)
        {
            throw new InputException($"'{name}' owns {covert} covert watchlist {(covert == 1 ? "entry" : "entries")}, which nobody else can see or change. Name the supervisor who takes over: `hub user remove {name} --successor NAME`, or the page People.");
        }

        return (state with
        {
            Users = state.Users.Remove(name),
            Links = state.Links.RemoveRange(state.Links.Values.Where(l => l.User == name).Select(l => l.Hash)),
        }, user);
    });

    /// <summary>Makes the code of a sign-in link; an earlier one that was not used ends.</summary>
    /// <exception cref="InputException">There is no such user, or an identity provider answers for them.</exception>
    public Task<string> NewLinkAsync(string name) => store.ChangeAsync((state, now) =>
    {
        if (Known(state, name).Subject is not null)
        {
            throw new InputException($"'{name}' signs in through the identity provider: a link would let in whom the provider no longer does.");
        }

        var code = Secret.New();
        var link = new SignInLink(name, Secret.Hash(code), now + LinkLife, null);
        var earlier = state.Links.Values.Where(l => l.SpentAt is null && l.User == name).Select(l => l.Hash);
        return (state with { Links = state.Links.RemoveRange(earlier).Add(link.Hash, link) }, code);
    });

    /// <summary>Spends the code of a link. Whoever holds it is let in, whatever was typed before.</summary>
    /// <returns>Who signs in.</returns>
    /// <exception cref="InputException">It is unknown, spent or out of date.</exception>
    public Task<User> SpendAsync(string code) => store.ChangeAsync((state, now) =>
    {
        var link = state.Links.GetValueOrDefault(Secret.Hash(code));
        if (link is null || !state.Users.TryGetValue(link.User, out var user) || link.SpentAt is not null || link.ExpiresAt <= now)
        {
            throw new InputException("This sign-in link was used already, is out of date, or was never issued. Ask your administrator for a new one.");
        }

        user = user with { Failures = 0, LockedUntil = null };
        return (state with { Links = state.Links.SetItem(link.Hash, link with { SpentAt = now }), Users = state.Users.SetItem(user.Name, user) }, user);
    });

    /// <summary>Sets the password of a user. Their other sessions end.</summary>
    /// <returns>The user with a new stamp.</returns>
    /// <exception cref="InputException">The password cannot be used.</exception>
    public Task<User> SetPasswordAsync(string name, string password)
    {
        Passwords.Check(name, password);
        var hash = Passwords.Hash(password);
        return store.ChangeAsync((state, _) =>
        {
            var user = Known(state, name) with { Password = hash, Stamp = Secret.New(), Failures = 0, LockedUntil = null };
            return (state with { Users = state.Users.SetItem(name, user) }, user);
        });
    }

    /// <summary>Judges a name and a password. Wrong ones are counted, and lock the user out after <see cref="MostFailures"/>.</summary>
    /// <returns>Who signs in.</returns>
    /// <exception cref="InputException">They do not fit, or the user is locked out; it is not said which.</exception>
    public async Task<User> SignInAsync(string name, string password)
    {
        var began = TimeProvider.System.GetTimestamp();
        try
        {
            return await JudgeAsync(name, password);
        }
        catch (InputException)
        {
            // A name that nobody has is refused no sooner than another: what counting wrong passwords costs is hidden in this.
            var left = RefusalTakes - TimeProvider.System.GetElapsedTime(began);
            await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, TimeProvider.System);
            throw;
        }
    }

    private async Task<User> JudgeAsync(string name, string password)
    {
        // Slow on purpose, so it is done outside the store's turn.
        var known = Find(name);
        var fits = Passwords.Fits(known?.Password, password, out var weaker);
        if (known?.Password is null)
        {
            throw new InputException(NotRight);
        }

        var rehashed = fits && weaker ? Passwords.Hash(password) : null;
        var judged = await store.ChangeAsync((state, now) =>
        {
            if (!state.Users.TryGetValue(name, out var user) || user.Password != known.Password || user.LockedUntil > now)
            {
                return (state, null);
            }

            user = fits
                ? user with { Failures = 0, LockedUntil = null, Password = rehashed ?? user.Password }
                : user with { Failures = (user.Failures + 1) % MostFailures, LockedUntil = user.Failures + 1 >= MostFailures ? now + LockOut : null };
            return (state with { Users = state.Users.SetItem(name, user) }, fits ? user : null);
        });
        return judged ?? throw new InputException(NotRight);
    }

    /// <summary>Keeps what an identity provider says of somebody who signs in there.</summary>
    /// <param name="name">As it is shown; a-z 0-9 . - _</param>
    /// <param name="subject">Issuer and subject, which never change.</param>
    /// <param name="role">What they are trusted with.</param>
    /// <param name="ports">Ports at which they work; empty for all.</param>
    /// <exception cref="InputException">The name belongs to somebody else here, or cannot be used.</exception>
    public Task<User> KnownElsewhereAsync(string name, string subject, Role role, IReadOnlyList<string> ports) => store.ChangeAsync((state, now) =>
    {
        var known = state.Users.Values.FirstOrDefault(u => u.Subject == subject);
        if (known is null)
        {
            if (!NameShape().IsMatch(name) || state.Users.ContainsKey(name))
            {
                throw new InputException($"Your identity provider calls you '{name}', which is {(NameShape().IsMatch(name) ? "another user's name" : "no user name")} here. Tell your administrator.");
            }

            known = new User(name, role, Secret.New(), now) { Subject = subject };
        }

        var same = known.Role == role && known.Ports.SequenceEqual(ports);
        var user = known with { Role = role, Ports = Access.Ports.Check(ports), Stamp = same ? known.Stamp : Secret.New() };
        return (state with { Users = state.Users.SetItem(user.Name, user) }, user);
    });

    private static User Known(AccessState state, string name) =>
        state.Users.GetValueOrDefault(name) ?? throw new InputException($"there is no user '{name}'. `hub user list` shows all.");

    [GeneratedRegex("^[a-z][a-z0-9._-]{1,39}$", RegexOptions.CultureInvariant, 1000)]
    internal static partial Regex NameShape();
}
