using Anpr.Hub.Assess;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Models.Plates;

namespace Anpr.Hub.Watchlists;

/// <summary>A text that an entry would take for its registration, though it is not.</summary>
/// <param name="Text">As it would be read.</param>
/// <param name="Probability">That the plate is the listed one after all, 0..1.</param>
public sealed record Misread(string Text, double Probability);

/// <summary>A text that was seen and would have hit.</summary>
/// <param name="Text">As it was read.</param>
/// <param name="Sightings">How often.</param>
public sealed record SeenText(string Text, int Sightings);

/// <summary>What an entry would do.</summary>
/// <param name="Pattern">As it would be kept.</param>
/// <param name="Misreads">Of a fuzzy one: the reads one mistake away that it takes, the likeliest first.</param>
/// <param name="Sightings">How many sightings of the last 30 days it would have hit.</param>
/// <param name="Vehicles">Of how many vehicles.</param>
/// <param name="Texts">Their texts, the most frequent first, at most 50.</param>
/// <param name="More">It would have hit more than was counted: it is too wide.</param>
public sealed record EntryPreview(string Pattern, IReadOnlyList<Misread> Misreads, int Sightings, int Vehicles, IReadOnlyList<SeenText> Texts, bool More);

/// <summary>Says before an entry is made what it would accept, and whom it would have hit.</summary>
public sealed class WatchlistPreview(IStore store, TimeProvider time)
{
    /// <summary>How far back is looked.</summary>
    public static readonly TimeSpan Back = TimeSpan.FromDays(30);

    private const int MostCounted = 20_000;
    private const int MostTexts = 50;

    /// <summary>What the entry would do. It reads movements: ask for a reason and log it before.</summary>
    /// <exception cref="ListEntryException">A field cannot be used; all faults are in its message.</exception>
    public EntryPreview Of(NewEntry asked)
    {
        var now = time.GetUtcNow();
        var entry = asked.Checked(now).ToEntry("preview", now);
        var (alone, from, to) = (new WatchlistMatcher([entry]), Keys.Time(now - Back), Keys.Time(now.AddDays(1)));
        var near = entry.Kind == ListedKind.Wildcard ? Fitting(entry.Pattern, from, to) : Near(entry.Pattern, from, to);
        var hit = near.Where(s => alone.Match(WatchlistMatcher.Reading(s.Message), s.Port, now).Count > 0).DistinctBy(s => s.Id, StringComparer.Ordinal).Take(MostCounted + 1).ToList();
        var counted = hit.Take(MostCounted).ToList();
        return new EntryPreview(
            entry.Pattern,
            [.. entry.Listed.Misreads().Select(m => new Misread(m.Text, Math.Round(m.Probability, 4)))],
            counted.Count,
            counted.Select(s => s.Vehicle).Distinct(StringComparer.Ordinal).Count(),
            [.. counted.GroupBy(s => s.Text, StringComparer.Ordinal).Select(g => new SeenText(g.Key, g.Count())).OrderByDescending(t => t.Sightings).ThenBy(t => t.Text, StringComparer.Ordinal).Take(MostTexts)],
            hit.Count > MostCounted);
    }

    // O and 0, I and 1 are one glyph to the matcher.
    private IReadOnlyList<StoredSighting> Fitting(string pattern, string from, string to) =>
        store.Like(StoredSighting.ByText, string.Concat(pattern.Select(c => c is 'O' or '0' or 'I' or '1' ? '?' : c)), from, to, MostCounted + 1);

    // By the index of vehicles: who was misread belongs to a vehicle whose text is near, or was founded as one.
    private IEnumerable<StoredSighting> Near(string pattern, string from, string to) => VehicleBook.Candidates(store, pattern)
        .SelectMany(v => store.Range(StoredSighting.ByVehicle, Keys.Join(v.Id, from), Keys.Join(v.Id, to), MostCounted + 1));
}
