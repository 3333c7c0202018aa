using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Watchlists;

/// <summary>
/// Covert entries of somebody who leaves: nobody but their owner sees or changes them, so that they get another owner before the user goes. Who hands
/// them over sees how many there are, and nothing else of them.
/// </summary>
public sealed class HandOver(IStore store, WatchlistBook book, Users users, HubFeed feed, AuditLog audit, TimeProvider time)
{
    private const int Together = 500;

    /// <summary>How many covert entries of this user still match.</summary>
    public int Waiting(string owner) => ListEntry.CovertOf(store, owner).Count(e => e.IsActive(time.GetUtcNow()));

    /// <summary>Gives all covert entries of a user, ended ones too, and their alerts to a supervisor.</summary>
    /// <param name="from">Whose they are.</param>
    /// <param name="to">Who answers for them from now on.</param>
    /// <param name="who">Who hands them over, for the log.</param>
    /// <returns>How many entries there were.</returns>
    /// <exception cref="InputException"><paramref name="to"/> is no supervisor, or the same.</exception>
    public async Task<int> GiveAsync(string from, string to, string who)
    {
        if (to == from || users.Find(to) is not { Role: Role.Supervisor })
        {
            throw new InputException($"'{to}' cannot take over covert watchlist entries: name a supervisor of this hub, other than '{from}'.");
        }

        audit.Append(who, "watchlist.hand_over", about: from, result: $"all covert entries to {to}");
        var given = await store.WriteAsync(writer =>
        {
            var (next, owned) = (WatchlistBook.NextRevision(writer), ListEntry.CovertOf(writer, from).ToList());
            foreach (var entry in owned)
            {
                writer.Put(ListEntry.Table, (entry with { Owner = to }).At(next++));
            }

            return owned.Count;
        });
        book.Reload();
        await AlertsAsync(from, to);
        return given;
    }

    // Entries went first: what is raised meanwhile has the new owner.
    private async Task AlertsAsync(string from, string to)
    {
        foreach (var ids in store.All(Alert.Table).Where(IsOf).Select(a => a.Id).Chunk(Together))
        {
            var moved = await store.WriteAsync(writer =>
            {
                var theirs = ids.Select(id => writer.Get(Alert.Table, id)).OfType<Alert>().Where(IsOf).Select(a => a with { Owner = to }).ToList();
                theirs.ForEach(a => writer.Put(Alert.Table, a));
                return theirs;
            });
            moved.Where(a => a.IsOpen).ToList().ForEach(a => feed.Publish(new AlertEvent(time.GetUtcNow(), a, null)));
        }

        bool IsOf(Alert alert) => alert.Covert && alert.Owner == from;
    }
}
