using Anpr.Hub.Audit;
using Anpr.Hub.Ingest;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Link;

/// <summary>What hubs have learned of lanes: to look at, to learn anew, to forget.</summary>
public sealed class LearningDesk(IStore store, Linker linker, AuditLog audit, TimeProvider time)
{
    /// <summary>Versions, newest first.</summary>
    public IReadOnlyList<LearnedVersion> Versions(int limit) => store.Range(LearnedVersion.Table.ById, "", Keys.Last.ToString(), limit, newestFirst: true);

    /// <summary>What is known of each pair of lanes, as the newest version has it.</summary>
    public IReadOnlyList<LanePair> Pairs => [.. store.All(LanePair.Table)];

    /// <summary>What is known of one pair of lanes, each port/lane; null when nothing is.</summary>
    public LanePair? Pair(string from, string to) => store.Get(LanePair.Table, Keys.Join(from, to));

    /// <summary>Makes the next version when it is time for one and there is something to learn.</summary>
    /// <returns>The version; null when none was made, or another hub was quicker.</returns>
    public async Task<LearnedVersion?> LearnAsync()
    {
        var now = time.GetUtcNow();
        var before = Learned.Newest(store);
        if (now - before?.At < Teaching.Every || store.Range(StoredSighting.ByTime, before is null ? "" : Keys.Time(before.Until.AddMilliseconds(1)), Keys.Time(now - Teaching.Settled), 1).Count == 0)
        {
            return null;
        }

        var (version, pairs) = Learned.Next(store, now, now - Teaching.Settled);
        if (!await store.WriteAsync(writer => Learned.Keep(writer, version, pairs)))
        {
            return null;
        }

        linker.Reload();
        audit.Append("hub", "learned.version", about: $"version {version.Number}", result: $"{version.Sightings:0} sightings, {version.Matches:0} matches");
        return version;
    }

    /// <summary>Forgets all that was learned, or what was learned of one pair of lanes; learning begins anew with what comes from now on.</summary>
    /// <param name="asking">Who, and why; it is in the audit log before.</param>
    /// <param name="pair">port/lane of both; null for all.</param>
    /// <returns>The version that begins; null when there is no such pair.</returns>
    /// <exception cref="InputException">There is no reason.</exception>
    public async Task<LearnedVersion?> ForgetAsync(Asking asking, (string From, string To)? pair)
    {
        var about = pair is { } both ? $"{both.From} {both.To}" : "all";
        var why = audit.Why(asking, "learned.forget", about);
        audit.Append(asking.User, "learned.forget", about, why.Logged);
        var now = time.GetUtcNow();
        var version = await store.WriteAsync(writer =>
        {
            var all = writer.Page(LanePair.Table, "", int.MaxValue);
            var gone = all.Where(p => pair is null || (p.From.Key, p.To.Key) == pair).ToList();
            if (pair is not null && gone.Count == 0)
            {
                return null;
            }

            foreach (var one in gone)
            {
                writer.Delete(LanePair.Table, LanePair.Table.Id(one));
            }

            var left = all.Except(gone).ToList();
            var before = Learned.Newest(writer);
            var next = new LearnedVersion((before?.Number ?? 0) + 1, now, asking.User, why.ToString(), Math.Round(left.Sum(p => p.Sightings)), Math.Round(left.Sum(p => p.Matches)), pair is null ? now : before!.Until);
            writer.Put(LearnedVersion.Table, next);
            return next;
        });
        if (version is not null)
        {
            linker.Reload();
        }

        return version;
    }
}
