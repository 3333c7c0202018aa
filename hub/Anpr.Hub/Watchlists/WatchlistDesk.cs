using Anpr.Hub.Audit;
using Anpr.Hub.Csv;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Watchlists;

/// <summary>
/// The one way to the watchlist for people, whatever the surface: each look and change is in the audit log before it is shown. What is about a covert
/// entry says so there, and whose it is.
/// </summary>
public sealed class WatchlistDesk(WatchlistBook book, WatchlistPreview preview, WatchlistFile file, AuditLog audit)
{
    /// <summary>Entries that this user may see, newest first; with <paramref name="all"/> also ended ones.</summary>
    public IReadOnlyList<ListEntry> LookAt(string user, bool all = false)
    {
        var entries = book.Entries(user, all);
        audit.Append(user, "watchlist.look", about: all ? "all" : "active", records: entries.Count);
        return entries;
    }

    /// <summary>What an entry would do.</summary>
    /// <exception cref="InputException">There is no reason.</exception>
    /// <exception cref="ListEntryException">A field cannot be used; all faults are in its message.</exception>
    public EntryPreview Preview(Asking asking, NewEntry entry) => audit.Look(
        asking, "watchlist.preview", $"{entry.Kind.ToString().ToLowerInvariant()} {entry.Pattern}", () => preview.Of(entry), seen => seen.Sightings, OwnerOf(entry));

    /// <summary>Adds an entry; its owner is who adds it. See <see cref="WatchlistBook.AddAsync"/>.</summary>
    public async Task<EntryAdded> AddAsync(NewEntry asked)
    {
        var entry = book.Checked(asked);
        return await audit.ChangeAsync(
            new(entry.Owner, "watchlist.add", entry.Pattern, entry.Reason, Covert: OwnerOf(entry)),
            () => book.AddAsync(asked),
            (added, begun) => begun with { About = added.Entry.Id, Result = Result(added) });
    }

    /// <summary>Changes an entry, which its owner keeps, and compares it with the last 7 days again; null when there is none that this user may see.</summary>
    public async Task<EntryAdded?> ChangeAsync(string id, string user, NewEntry asked)
    {
        var before = book.Find(id, user);
        var wanted = asked with { Owner = before?.Owner ?? user };
        var entry = book.Checked(wanted);
        return await audit.ChangeAsync(
            new(user, "watchlist.change", id, entry.Reason, Covert: OwnerOf(before) ?? OwnerOf(entry)),
            () => book.ChangeAsync(id, user, wanted),
            (changed, begun) => begun with { Result = changed is null ? "not found" : Result(changed) });
    }

    /// <summary>Ends an entry now. See <see cref="WatchlistBook.EndAsync"/>.</summary>
    public async Task<ListEntry?> EndAsync(string id, string user)
    {
        return await audit.ChangeAsync(
            new(user, "watchlist.end", id, Covert: OwnerOf(book.Find(id, user))),
            () => book.EndAsync(id, user),
            (ended, begun) => begun with { Result = ended is null ? "not found" : "ended" });
    }

    /// <summary>Takes in a file. See <see cref="WatchlistFile.ImportAsync"/>.</summary>
    public async Task<(ImportReport Report, int? Past)> ImportAsync(byte[] bytes, string user)
    {
        return await audit.ChangeAsync(
            new(user, "watchlist.import", ImportReport.Mark(bytes)),
            () => file.ImportAsync(bytes, user),
            (came, begun) => begun with { Result = $"{came.Report.Summary}; {(came.Past is null ? "the past was not compared: the store failed" : $"{came.Past} in the past")}" });
    }

    /// <summary>The active entries that this user may see, as a CSV file.</summary>
    /// <exception cref="InputException">There is no reason.</exception>
    public byte[] Export(Asking asking) => audit.Look(asking, "watchlist.export", "", () => file.Export(asking.User), export => export.Entries).Csv;

    private static string? OwnerOf(ListEntry? entry) => entry is { Covert: true } ? entry.Owner : null;

    private static string? OwnerOf(NewEntry entry) => entry.Covert ? entry.Owner : null;

    private static string Result(EntryAdded kept) => $"revision {kept.Entry.Revision}, {kept.Past.Count} in the past";
}
