using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Watchlists;

namespace Anpr.Hub.Access;

/// <summary>Users as administrators add and remove them, on the console and at the command line alike; each act is in the audit log.</summary>
internal sealed class PeopleDesk(Users users, HandOver covert, AuditLog audit)
{
    /// <summary>Adds a user. See <see cref="Users.AddAsync"/>.</summary>
    public async Task<User> AddAsync(string who, string name, Role role, IReadOnlyList<string> ports)
    {
        var user = await users.AddAsync(name, role, ports);
        audit.Append(who, "user.add", about: name, result: AccessWords.Of(user.Role, user.Ports));
        return user;
    }

    /// <summary>Makes the code of a sign-in link. See <see cref="Users.NewLinkAsync"/>.</summary>
    public async Task<string> LinkAsync(string who, string name)
    {
        var code = await users.NewLinkAsync(name);
        audit.Append(who, "user.link", about: name);
        return code;
    }

    /// <summary>How many covert watchlist entries somebody must take over before this user can be removed.</summary>
    public int Covert(string name) => covert.Waiting(name);

    /// <summary>Removes a user.</summary>
    /// <param name="who">Who removes.</param>
    /// <param name="name">User name.</param>
    /// <param name="successor">The supervisor who takes over their covert watchlist entries; null where they have none.</param>
    /// <exception cref="InputException">There is no such user; they own covert entries and nobody takes them over; or the successor cannot.</exception>
    public async Task RemoveAsync(string who, string name, string? successor)
    {
        if (successor is not null && users.Find(name) is not null)
        {
            await covert.GiveAsync(name, successor, who);
        }

        await users.RemoveAsync(name);
        audit.Append(who, "user.remove", about: name);
    }
}
