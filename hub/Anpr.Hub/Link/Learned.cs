using Anpr.Hub.Ingest;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Link;

/// <summary>What a hub has learned of ways and reads at one time. The ways go on growing with what it links itself; the reads are the version's.</summary>
/// <param name="Version">The newest version that it is made of, 0 before the first.</param>
/// <param name="Travel">Ways.</param>
/// <param name="Reads">Reads.</param>
internal sealed record Learned(ulong Version, TravelBook Travel, ReadBook Reads)
{
    // So many sightings are learned from at once: some days of three ports.
    private const int Most = 20_000;

    // What is learned counts half after that time: cameras are cleaned, moved and replaced.
    private static readonly TimeSpan HalfLife = TimeSpan.FromDays(30);

    // Seen so often, and at its own lane again, a plate stands before the camera or tests it: it would teach that everybody comes again at once.
    private const int FewSightings = 20;

    /// <summary>What is kept, and the ways of what was stored since.</summary>
    public static Learned Load(IStoreReader store)
    {
        var version = Newest(store);
        IReadOnlyList<LanePair> pairs = [.. store.All(LanePair.Table)];
        var learned = new Learned(version?.Number ?? 0, new(pairs), new(pairs));
        foreach (var (sighting, before) in Since(store, version?.Until, DateTimeOffset.MaxValue))
        {
            learned.Travel.Learn(Lesson.Of(sighting, before));
        }

        return learned;
    }

    /// <summary>The newest version; null before the first.</summary>
    public static LearnedVersion? Newest(IStoreLookup store) => store.Range(LearnedVersion.Table.ById, "", Keys.Last.ToString(), 1, newestFirst: true) is [var newest] ? newest : null;

    /// <summary>The next version: what is kept, older lessons counted less, and what the sightings until then teach.</summary>
    /// <param name="store">Reads only.</param>
    /// <param name="now">Hub clock.</param>
    /// <param name="until">Later sightings may still be revised, or joined to others.</param>
    public static (LearnedVersion Version, IReadOnlyList<LanePair> Pairs) Next(IStoreReader store, DateTimeOffset now, DateTimeOffset until)
    {
        var before = Newest(store);
        IReadOnlyList<LanePair> pairs = [.. store.All(LanePair.Table)];
        var (reads, weight) = (new ReadBook(pairs), before is null ? 1 : Math.Pow(0.5, Math.Max(0, (now - before.At) / HalfLife)));
        var travel = new TravelBook(pairs, weight);
        var letters = pairs.ToDictionary(p => (p.From.Key, p.To.Key), p => LetterCounts.Of(p, weight));
        foreach (var (sighting, previous) in Since(store, before?.Until, until))
        {
            travel.Learn(Lesson.Of(sighting, previous));
            if (previous is not null)
            {
                var key = (previous.LaneKey, sighting.LaneKey);
                if (!letters.TryGetValue(key, out var counts))
                {
                    letters[key] = counts = new();
                }

                counts.Learn(ReadLesson.Of(reads, previous, sighting));
            }
        }

        IReadOnlyList<LanePair> next = [.. travel.Pairs().Select(p => letters.GetValueOrDefault((p.From.Key, p.To.Key))?.In(p) ?? p)];
        return (new((before?.Number ?? 0) + 1, now, "hub", "", Math.Round(next.Sum(p => p.Sightings)), Math.Round(next.Sum(p => p.Matches)), until), next);
    }

    /// <summary>Keeps the next version, unless another hub was quicker.</summary>
    /// <returns>True when it is kept.</returns>
    public static bool Keep(IStoreWriter store, LearnedVersion version, IReadOnlyList<LanePair> pairs)
    {
        if ((Newest(store)?.Number ?? 0) + 1 != version.Number)
        {
            return false;
        }

        foreach (var pair in pairs)
        {
            store.Put(LanePair.Table, pair);
        }

        store.Put(LearnedVersion.Table, version);
        return true;
    }

    /// <summary>What a sighting that was linked teaches of ways; null when nothing.</summary>
    /// <param name="sighting">The sighting.</param>
    /// <param name="before">Its vehicle's sighting before; null when there is none.</param>
    /// <param name="sightings">How often its vehicle was seen.</param>
    public static Lesson? LessonOf(StoredSighting sighting, StoredSighting? before, int sightings) =>
        before is null || IsOnItsWay(before, sighting) || sightings <= FewSightings ? Lesson.Of(sighting, before) : null;

    // The newest sightings captured after one time and until another, in order, each with its vehicle's sighting before.
    private static IEnumerable<(StoredSighting Sighting, StoredSighting? Before)> Since(IStoreReader store, DateTimeOffset? after, DateTimeOffset until)
    {
        var (from, to) = (after is { } known ? Keys.Time(known.AddMilliseconds(1)) : "", until == DateTimeOffset.MaxValue ? Keys.Last.ToString() : Keys.Time(until));
        var last = new Dictionary<string, StoredSighting>(StringComparer.Ordinal);
        foreach (var sighting in store.Range(StoredSighting.ByTime, from, to, Most, newestFirst: true).Reverse())
        {
            var before = last.GetValueOrDefault(sighting.Vehicle)
                ?? store.Range(StoredSighting.ByVehicle, Keys.Join(sighting.Vehicle, ""), Keys.Join(sighting.Vehicle, Keys.Time(sighting.CapturedAt)), 2, newestFirst: true).FirstOrDefault(s => s.Id != sighting.Id);
            last[sighting.Vehicle] = sighting;
            if (before is null ? sighting.LinkProbability >= 1 : IsOnItsWay(before, sighting) || store.Get(Vehicle.Table, sighting.Vehicle)?.Sightings <= FewSightings)
            {
                yield return (sighting, before);
            }
        }
    }

    private static bool IsOnItsWay(StoredSighting before, StoredSighting sighting) => before.LaneKey != sighting.LaneKey;
}
