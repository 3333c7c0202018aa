using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Watchlists;

/// <summary>What came of a new entry.</summary>
/// <param name="Entry">As kept.</param>
/// <param name="Past">Alerts for sightings of the last 7 days that match it.</param>
public sealed record EntryAdded(ListEntry Entry, IReadOnlyList<Alert> Past);

/// <summary>The watchlist: entries, its revision, and what new entries find in the past. Thread-safe.</summary>
public sealed class WatchlistBook
{
    /// <summary>How far back a new entry is compared.</summary>
    public static readonly TimeSpan BackMatch = TimeSpan.FromDays(7);

    private const int Page = 100;
    private readonly Lock gate = new();
    private readonly IStore store;
    private readonly Assessor assessor;
    private readonly HubFeed feed;
    private readonly TimeProvider time;
    private volatile WatchlistMatcher matcher;
    private (ulong Revision, WatchlistMatcher Matcher) ahead = (0, WatchlistMatcher.Empty);
    private ulong revision;
    private ulong laneRevision;

    /// <summary>Reads the list from the store.</summary>
    public WatchlistBook(IStore store, Assessor assessor, HubFeed feed, TimeProvider time)
    {
        this.store = store;
        this.assessor = assessor;
        this.feed = feed;
        this.time = time;
        matcher = WatchlistMatcher.Empty;
        Load();
    }

    /// <summary>Grows by one with each change; 0 while the list has never had an entry.</summary>
    public ulong Revision => Interlocked.Read(ref revision);

    /// <summary>The revision in which a lane's copy last changed: covert entries do not count, so that lanes learn nothing of them.</summary>
    public ulong LaneRevision => Interlocked.Read(ref laneRevision);

    /// <summary>The list as sightings are compared with it now.</summary>
    public WatchlistMatcher Matcher => matcher;

    /// <summary>
    /// The list as the transaction sees it: another hub may have changed it a moment ago, and a sighting that is stored after an entry must be
    /// compared with it.
    /// </summary>
    internal WatchlistMatcher MatcherIn(IStoreReader reader)
    {
        var newest = NewestRevision(reader);
        lock (gate)
        {
            if (newest == revision)
            {
                return matcher;
            }

            if (ahead.Revision != newest)
            {
                ahead = (newest, new WatchlistMatcher(reader.All(ListEntry.Table)));
            }

            return ahead.Matcher;
        }
    }

    /// <summary>What <see cref="MatcherIn"/> is going to read.</summary>
    internal static void Foresee(IStoreLookup store) => store.Newest(ListEntry.ByRevision, 1);

    /// <summary>Entries that this user may see, newest first; with <paramref name="all"/> also ended ones.</summary>
    public IReadOnlyList<ListEntry> Entries(string user, bool all = false)
    {
        var now = time.GetUtcNow();
        return [.. store.All(ListEntry.Table).Where(e => e.VisibleTo(user) && (all || e.IsActive(now))).OrderByDescending(e => e.AddedAt)];
    }

    /// <summary>Entries that lanes may know and that changed after this revision, oldest change first.</summary>
    internal IReadOnlyList<ListEntry> LaneChanges(ulong after) =>
        [.. store.Range(ListEntry.ByRevision, Keys.Number(after + 1), Keys.Number(ulong.MaxValue), int.MaxValue).Where(e => !e.Covert)];

    /// <summary>Adds an entry and compares it with the last 7 days at once.</summary>
    /// <exception cref="ListEntryException">A field cannot be used; all faults are in its message.</exception>
    public async Task<EntryAdded> AddAsync(NewEntry asked)
    {
        var now = time.GetUtcNow();
        asked = asked.Checked(now);
        var entry = await ChangeAsync((_, next) => new ListEntry(
            Guid.CreateVersion7(now).ToString(), asked.Pattern, asked.Kind, asked.Priority, asked.Display, asked.Reason, asked.Owner, asked.Covert, now, asked.ExpiresAt, false, next));
        return new EntryAdded(entry!, await MatchPastAsync(entry!, now));
    }

    /// <summary>Ends an entry now.</summary>
    /// <returns>The ended entry, null when there is none that this user may see.</returns>
    public Task<ListEntry?> EndAsync(string id, string user) => ChangeAsync((writer, next) =>
        writer.Get(ListEntry.Table, id) is { Removed: false } entry && entry.VisibleTo(user) ? entry with { Removed = true, Revision = next } : null);

    /// <summary>The revision that the next change gets: the writer is alone, so that it cannot move under it.</summary>
    internal static ulong NextRevision(IStoreWriter writer) => NewestRevision(writer) + 1;

    private static ulong NewestRevision(IStoreReader reader) => reader.Newest(ListEntry.ByRevision, 1) is [var newest] ? newest.Revision : 0;

    /// <summary>Reads the list anew: it was changed, here or by another hub.</summary>
    internal void Reload()
    {
        Load();
        feed.Publish(new WatchlistEvent(time.GetUtcNow(), Revision));
    }

    private async Task<ListEntry?> ChangeAsync(Func<IStoreWriter, ulong, ListEntry?> change)
    {
        var entry = await store.WriteAsync(writer =>
        {
            var changed = change(writer, NextRevision(writer));
            if (changed is not null)
            {
                writer.Put(ListEntry.Table, changed);
            }

            return changed;
        });
        if (entry is not null)
        {
            Reload();
        }

        return entry;
    }

    private void Load()
    {
        lock (gate)
        {
            var entries = store.All(ListEntry.Table).ToList();
            matcher = new WatchlistMatcher(entries);
            ahead = (0, WatchlistMatcher.Empty);
            revision = entries.Select(e => e.Revision).DefaultIfEmpty().Max();
            laneRevision = entries.Where(e => !e.Covert).Select(e => e.Revision).DefaultIfEmpty().Max();
        }
    }

    private async Task<IReadOnlyList<Alert>> MatchPastAsync(ListEntry entry, DateTimeOffset now)
    {
        var alone = new WatchlistMatcher([entry]);
        var raised = new List<Alert>();
        var past = store.Scan(StoredSighting.ByTime, Keys.Time(now - BackMatch), Keys.Time(now.AddDays(1)));
        foreach (var group in past.Where(s => alone.Match(s.Text, now).Count > 0).Select(s => s.Id).Chunk(Page))
        {
            // Read again inside the transaction: a revision may have come in between.
            var alerts = await store.WriteAsync(writer => group
                .Select(id => writer.Get(StoredSighting.Table, id)).OfType<StoredSighting>()
                .SelectMany(s => assessor.OnPast(writer, s, alone)).ToList());
            alerts.ForEach(a => feed.Publish(new AlertEvent(now, a, null)));
            raised.AddRange(alerts);
        }

        return raised;
    }
}
