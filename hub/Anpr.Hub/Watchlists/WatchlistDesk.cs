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
        asking, "watchlist.preview", $"{entry.Kind.ToString().ToLowerInvariant()} {entry.Pattern}", () => preview.Of(entry), seen => seen.Sightings, entry.Covert ? entry.Owner : null);

    /// <summary>Adds an entry; its owner is who adds it. See <see cref="WatchlistBook.AddAsync"/>.</summary>
    public async Task<EntryAdded> AddAsync(NewEntry asked)
    {
        var added = await book.AddAsync(asked);
        audit.Append(asked.Owner, "watchlist.add", about: added.Entry.Id, why: added.Entry.Reason, result: Result(added), covert: OwnerOf(added.Entry));
        return added;
    }

    /// <summary>Changes an entry, which its owner keeps, and compares it with the last 7 days again; null when there is none that this user may see.</summary>
    public async Task<EntryAdded?> ChangeAsync(string id, string user, NewEntry asked)
    {
        var before = book.Find(id, user);
        var changed = await book.ChangeAsync(id, user, asked with { Owner = before?.Owner ?? user });
        audit.Append(user, "watchlist.change", about: id, why: changed?.Entry.Reason ?? "", result: changed is null ? "not found" : Result(changed), covert: OwnerOf(before) ?? OwnerOf(changed?.Entry));
        return changed;
    }

    /// <summary>Ends an entry now. See <see cref="WatchlistBook.EndAsync"/>.</summary>
    public async Task<ListEntry?> EndAsync(string id, string user)
    {
        var ended = await book.EndAsync(id, user);
        audit.Append(user, "watchlist.end", about: id, result: ended is null ? "not found" : "ended", covert: OwnerOf(ended));
        return ended;
    }

    /// <summary>Takes in a file. See <see cref="WatchlistFile.ImportAsync"/>.</summary>
    public async Task<(ImportReport Report, int? Past)> ImportAsync(byte[] bytes, string user)
    {
        var (report, past) = await file.ImportAsync(bytes, user);
        audit.Append(user, "watchlist.import", about: ImportReport.Mark(bytes), result: $"{report.Summary}; {(past is null ? "the past was not compared: the store failed" : $"{past} in the past")}");
        return (report, past);
    }

    /// <summary>The active entries that this user may see, as a CSV file.</summary>
    /// <exception cref="InputException">There is no reason.</exception>
    public byte[] Export(Asking asking) => audit.Look(asking, "watchlist.export", "", () => file.Export(asking.User), export => export.Entries).Csv;

    private static string? OwnerOf(ListEntry? entry) => entry is { Covert: true } ? entry.Owner : null;

    private static string Result(EntryAdded kept) => $"revision {kept.Entry.Revision}, {kept.Past.Count} in the past";
}
