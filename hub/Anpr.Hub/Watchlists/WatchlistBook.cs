using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;

namespace Anpr.Hub.Watchlists;

/// <summary>What came of a new or changed entry.</summary>
/// <param name="Entry">As kept.</param>
/// <param name="Past">Alerts for sightings of the last 7 days that match it.</param>
public sealed record EntryAdded(ListEntry Entry, IReadOnlyList<Alert> Past);

/// <summary>A row of a file, which adds an entry or changes one.</summary>
/// <param name="Line">Its line.</param>
/// <param name="Asked">What it asks for, checked.</param>
/// <param name="Old">The entry that it changes, as it was read; null when it adds one.</param>
internal sealed record WantedEntry(int Line, NewEntry Asked, ListEntry? Old);

/// <summary>What came of the rows of a file.</summary>
/// <param name="Kept">Entries as they are now, by line.</param>
/// <param name="Left">Lines that were left, as somebody else had changed, ended or added the same meanwhile.</param>
/// <param name="Past">Alerts for sightings of the last 7 days; null when these could not be compared.</param>
/// <param name="Failed">Why the others were not kept, or the last 7 days not compared; null when all was done.</param>
internal sealed record EntriesPut(IReadOnlyDictionary<int, ListEntry> Kept, IReadOnlySet<int> Left, IReadOnlyList<Alert>? Past, StoreFailedException? Failed);

/// <summary>The watchlist: entries, its revision, and what new entries find in the past. Thread-safe.</summary>
public sealed class WatchlistBook
{
    /// <summary>How far back a new entry is compared.</summary>
    public static readonly TimeSpan BackMatch = TimeSpan.FromDays(7);

    private const int Page = 100;
    private const int WrittenTogether = 1000;
    private readonly Lock gate = new();
    private readonly IStore store;
    private readonly Assessor assessor;
    private readonly HubFeed feed;
    private readonly TimeProvider time;
    private readonly Dictionary<string, ListEntry> entries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ulong> laneRevisions = new(StringComparer.Ordinal);
    private volatile WatchlistMatcher matcher;
    private (IReadOnlyList<ListEntry> Changes, WatchlistMatcher Matcher) ahead = ([], WatchlistMatcher.Empty);
    private ulong revision;

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

    /// <summary>The list as sightings are compared with it now.</summary>
    public WatchlistMatcher Matcher => matcher;

    /// <summary>
    /// The revision in which the copy of a port's lanes last changed, 0 while they have none: neither covert entries nor those for other ports
    /// count, so that lanes learn nothing of them.
    /// </summary>
    public ulong LaneRevision(string port)
    {
        lock (gate)
        {
            return laneRevisions.GetValueOrDefault(port);
        }
    }

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

            // Compared whole: what a transaction that was rolled back had written bears the revisions of those that came instead.
            List<ListEntry> changes = newest > revision ? Since(reader, revision) : [.. reader.All(ListEntry.Table)];
            if (!changes.SequenceEqual(ahead.Changes, ListEntry.Same))
            {
                ahead = (changes, newest > revision ? matcher.With(changes) : new WatchlistMatcher(changes));
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
        lock (gate)
        {
            return [.. entries.Values.Where(e => e.VisibleTo(user) && (all || e.IsActive(now))).OrderByDescending(e => e.AddedAt).ThenBy(e => e.Id, StringComparer.Ordinal)];
        }
    }

    /// <summary>The entry with this id; null when there is none that this user may see.</summary>
    public ListEntry? Find(string id, string user)
    {
        lock (gate)
        {
            return entries.GetValueOrDefault(id) is { } entry && entry.VisibleTo(user) ? entry : null;
        }
    }

    /// <summary>Entries that a port's lanes may know of and that changed after this revision, oldest change first, at most so many.</summary>
    internal IReadOnlyList<ListEntry> LaneChanges(ulong after, string port, int limit) =>
        [.. store.Scan(ListEntry.ByRevision, Keys.Number(after + 1), Keys.Number(ulong.MaxValue)).Where(e => e.IsToldTo(port)).Take(limit)];

    /// <summary>What is asked for, with its pattern folded.</summary>
    /// <exception cref="ListEntryException">A field cannot be used; all faults are in its message.</exception>
    internal NewEntry Checked(NewEntry asked) => asked.Checked(time.GetUtcNow());

    /// <summary>Adds an entry and compares it with the last 7 days at once.</summary>
    /// <exception cref="ListEntryException">A field cannot be used; all faults are in its message.</exception>
    public async Task<EntryAdded> AddAsync(NewEntry asked)
    {
        var now = time.GetUtcNow();
        var entry = asked.Checked(now).ToEntry(Guid.CreateVersion7(now).ToString(), now);
        var kept = await ChangeAsync((_, next) => entry.At(next));
        return new EntryAdded(kept!, await MatchPastAsync([kept!]));
    }

    /// <summary>Changes an entry that has not ended, and compares it with the last 7 days again. What a disposition has listed is not changed by hand.</summary>
    /// <returns>What came of it; null when there is no such entry that this user may see.</returns>
    /// <exception cref="ListEntryException">A field cannot be used; all faults are in its message.</exception>
    public async Task<EntryAdded?> ChangeAsync(string id, string user, NewEntry asked)
    {
        var wanted = asked.Checked(time.GetUtcNow());
        var kept = await ChangeAsync((writer, next) => Live(writer, id, user) is { TurnedAway: null } old ? wanted.Changing(old).At(next) : null);
        return kept is null ? null : new EntryAdded(kept, await MatchPastAsync([kept]));
    }

    /// <summary>Ends an entry now.</summary>
    /// <returns>The ended entry, null when there is none that this user may see.</returns>
    public Task<ListEntry?> EndAsync(string id, string user) => ChangeAsync((writer, next) =>
        Live(writer, id, user) is { } entry ? (entry with { Removed = true }).At(next) : null);

    /// <summary>
    /// Writes entries that were checked, each in a revision of its own, and compares them with the last 7 days in one go. Each is looked at again as it
    /// stands then: what was changed, ended or added meanwhile, here or by another hub, is left as it is.
    /// </summary>
    /// <param name="wanted">What is asked for.</param>
    /// <param name="since">The revision before which the entries were read that it changes.</param>
    /// <returns>What came of it, also when the store failed before all was kept.</returns>
    /// <exception cref="StoreFailedException">The store failed before anything was kept.</exception>
    internal async Task<EntriesPut> PutAllAsync(IReadOnlyList<WantedEntry> wanted, ulong since)
    {
        var now = time.GetUtcNow();
        var (kept, left, met) = (new Dictionary<int, ListEntry>(), new HashSet<int>(), new HashSet<(string, ListedKind, string)>());
        IReadOnlyList<Alert>? past = null;
        StoreFailedException? failed = null;
        try
        {
            foreach (var group in wanted.Chunk(WrittenTogether))
            {
                var (put, others, upTo) = await store.WriteAsync(writer => Put(writer, group, since, met, now));
                foreach (var row in group)
                {
                    if (put.TryGetValue(row.Line, out var entry))
                    {
                        kept.Add(row.Line, entry);
                    }
                    else
                    {
                        left.Add(row.Line);
                    }
                }

                met.UnionWith(others);
                since = upTo;
            }
        }
        catch (StoreFailedException error) when (kept.Count > 0)
        {
            failed = error;
        }

        if (kept.Count > 0)
        {
            try
            {
                Reload();
                past = await MatchPastAsync([.. kept.Values]);
            }
            catch (StoreFailedException error)
            {
                failed ??= error;
            }
        }

        return new EntriesPut(kept, left, kept.Count == 0 ? [] : past, failed);
    }

    /// <summary>The revision that the next change gets: the writer is alone, so that it cannot move under it.</summary>
    internal static ulong NextRevision(IStoreWriter writer) => NewestRevision(writer) + 1;

    /// <summary>Reads what was changed, here or by another hub.</summary>
    internal void Reload()
    {
        Load();
        feed.Publish(new WatchlistEvent(time.GetUtcNow(), Revision));
    }

    /// <summary>
    /// Reads what dispositions have listed or ended, and compares it with what was seen since: a lane that was cut off tells of them late, and
    /// the vehicle may have presented itself elsewhere by then.
    /// </summary>
    internal async Task ListedAsync(IReadOnlyList<ListEntry> changed)
    {
        if (changed.Count == 0)
        {
            return;
        }

        Reload();
        if (changed.Where(e => !e.Removed).ToList() is { Count: > 0 } listed)
        {
            await MatchPastAsync(listed, listed.Min(e => e.TurnedAway!.At));
        }
    }

    private static ulong NewestRevision(IStoreReader reader) => reader.Newest(ListEntry.ByRevision, 1) is [var newest] ? newest.Revision : 0;

    private static List<ListEntry> Since(IStoreReader reader, ulong revision) => [.. reader.Scan(ListEntry.ByRevision, Keys.Number(revision + 1), Keys.Number(ulong.MaxValue))];

    private static ListEntry? Live(IStoreWriter writer, string id, string user) =>
        writer.Get(ListEntry.Table, id) is { Removed: false } entry && entry.VisibleTo(user) ? entry : null;

    private static (Dictionary<int, ListEntry> Put, IReadOnlyList<(string, ListedKind, string)> Others, ulong UpTo) Put(
        IStoreWriter writer, WantedEntry[] group, ulong since, HashSet<(string, ListedKind, string)> met, DateTimeOffset now)
    {
        List<(string, ListedKind, string)> others = [.. Since(writer, since).Where(e => e.IsActive(now)).Select(e => (e.Pattern, e.Kind, e.Owner))];
        var taken = others.ToHashSet();
        var next = NextRevision(writer);
        var put = new Dictionary<int, ListEntry>();
        foreach (var (line, asked, old) in group)
        {
            var key = (asked.Pattern, asked.Kind, asked.Owner);
            var entry = old is not null
                ? writer.Get(ListEntry.Table, old.Id) is { Removed: false } current && current.Revision == old.Revision ? asked.Changing(current) : null
                : met.Contains(key) || taken.Contains(key) ? null : asked.ToEntry(Guid.CreateVersion7(now).ToString(), now);
            if (entry is not null)
            {
                writer.Put(ListEntry.Table, put[line] = entry.At(next++));
            }
        }

        return (put, others, next - 1);
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
            if (NewestRevision(store) < revision)
            {
                entries.Clear(); // another database than before
                laneRevisions.Clear();
                (matcher, revision) = (WatchlistMatcher.Empty, 0);
            }

            var changes = Since(store, revision);
            foreach (var entry in changes)
            {
                entries[entry.Id] = entry;
                foreach (var port in Ports.All.Where(entry.IsToldTo))
                {
                    laneRevisions[port] = Math.Max(laneRevisions.GetValueOrDefault(port), entry.Revision);
                }
            }

            matcher = matcher.With(changes);
            ahead = ([], WatchlistMatcher.Empty);
            revision = changes.Count > 0 ? changes[^1].Revision : revision;
        }
    }

    private async Task<IReadOnlyList<Alert>> MatchPastAsync(IReadOnlyList<ListEntry> listed, DateTimeOffset? since = null)
    {
        var now = time.GetUtcNow();
        var from = since > now - BackMatch ? since.Value : now - BackMatch;
        var alone = new WatchlistMatcher(listed);
        var raised = new List<Alert>();
        var past = store.Scan(StoredSighting.ByTime, Keys.Time(from), Keys.Time(now.AddDays(1)));
        foreach (var group in past.Where(s => alone.Match(WatchlistMatcher.Reading(s.Message), s.Port, now).Count > 0).Select(s => s.Id).Chunk(Page))
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
