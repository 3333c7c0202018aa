using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Watchlists;

namespace Anpr.Hub.Access;

/// <summary>Users as administrators add and remove them, on the console and at the command line alike; each act is in the audit log before it is done.</summary>
internal sealed class PeopleDesk(Users users, HandOver covert, AuditLog audit)
{
    /// <summary>Adds a user. See <see cref="Users.AddAsync"/>.</summary>
    public Task<User> AddAsync(string who, string name, Role role, IReadOnlyList<string> ports) =>
        audit.ChangeAsync(new(who, "user.add", name, Result: AccessWords.Of(role, ports)), () => users.AddAsync(name, role, ports));

    /// <summary>Makes the code of a sign-in link. See <see cref="Users.NewLinkAsync"/>.</summary>
    public Task<string> LinkAsync(string who, string name) => audit.ChangeAsync(new(who, "user.link", name, Result: ""), () => users.NewLinkAsync(name));

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

        await audit.ChangeAsync(new(who, "user.remove", name, Result: ""), () => users.RemoveAsync(name));
    }
}
