namespace Anpr.Models.Plates;

/// <summary>An entry that a read matched.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Loose">The read is not the listed registration character by character: must be shown as loose.</param>
/// <param name="Probability">That the plate is the listed one, 0..1; null for a wildcard.</param>
public sealed record ListedHit<T>(T Entry, bool Loose, double? Probability);

/// <summary>
/// Finds the entries of a watchlist that a read matches, without looking at each of them: 100,000 cost well under a millisecond. Immutable, thread-safe.
/// </summary>
/// <remarks>
/// Each entry lies under a few keys, and a read asks for its own: an exact entry under its text; a wildcard under the rarest run of up to four of its
/// known characters; a fuzzy one under its shape and each shape with one character left out, so that any number of look-alikes and one other
/// mistake still share a key (Mor and Fraenkel 1982). A read with unsure characters asks for the likeliest of the texts that it may be too. Who
/// shares a key is compared by <see cref="ListedPattern.Of"/>.
/// </remarks>
/// <typeparam name="T">What the list holds.</typeparam>
public sealed class WatchlistIndex<T>
{
    private const int LongestRun = 4;
    private readonly (T Entry, ListedPattern Pattern)[] entries;
    private readonly ulong[] keys;
    private readonly int[] owners;

    /// <summary>Prepares a list.</summary>
    public WatchlistIndex(IEnumerable<T> entries, Func<T, ListedPattern> pattern)
    {
        this.entries = [.. entries.Select(e => (e, pattern(e)))];
        var runs = new Dictionary<ulong, int>();
        var all = new List<(ulong Key, int Owner)>();
        for (var i = 0; i < this.entries.Length; i++)
        {
            all.AddRange(KeysOf(this.entries[i].Pattern, runs).Select(key => (key, i)));
        }

        keys = [.. all.Select(k => k.Key)];
        owners = [.. all.Select(k => k.Owner)];
        Array.Sort(keys, owners);
    }

    /// <summary>All that it holds.</summary>
    public IEnumerable<T> Entries => entries.Select(e => e.Entry);

    /// <summary>The entries that a read matches, in no order.</summary>
    public IReadOnlyList<ListedHit<T>> Match(PlateReading reading)
    {
        ArgumentNullException.ThrowIfNull(reading);
        if (entries.Length == 0)
        {
            return [];
        }

        var found = new HashSet<int>();
        foreach (var key in KeysOf(reading))
        {
            var at = Array.BinarySearch(keys, key);
            while (at > 0 && keys[at - 1] == key)
            {
                at--;
            }

            for (; at >= 0 && at < keys.Length && keys[at] == key; at++)
            {
                found.Add(owners[at]);
            }
        }

        var hits = new List<ListedHit<T>>();
        foreach (var i in found)
        {
            var (fit, probability) = entries[i].Pattern.Of(reading);
            if (fit != PatternFit.None)
            {
                hits.Add(new(entries[i].Entry, fit == PatternFit.Loose, probability));
            }
        }

        return hits;
    }

    private static IEnumerable<ulong> KeysOf(ListedPattern listed, Dictionary<ulong, int> runs)
    {
        if (listed.Pattern.AsSpan().ContainsAny('?', '*'))
        {
            return [Rarest(Ends(listed.Pattern), runs)];
        }

        return listed.Kind == ListedKind.Fuzzy ? Shapes(listed.Pattern) : [Key('=', WatchlistPattern.Merged(listed.Pattern))];
    }

    private static HashSet<ulong> KeysOf(PlateReading reading)
    {
        HashSet<ulong> asked = [Key('=', WatchlistPattern.Merged(reading.Text))];
        var text = Ends(reading.Text);
        for (var from = 0; from < text.Length; from++)
        {
            for (var length = 1; length <= Math.Min(LongestRun, text.Length - from); length++)
            {
                asked.Add(Key('*', text.AsSpan(from, length)));
            }
        }

        foreach (var variant in reading.Variants())
        {
            asked.UnionWith(Shapes(variant));
        }

        return asked;
    }

    // With its ends marked, so that AB* is not looked for in the middle.
    private static string Ends(string text) => $"^{WatchlistPattern.Merged(text)}$";

    private static ulong Rarest(string pattern, Dictionary<ulong, int> runs)
    {
        var (best, count) = (0ul, int.MaxValue);
        foreach (var part in pattern.Split('?', '*').Where(p => p.Length > 0))
        {
            for (var from = 0; from <= Math.Max(0, part.Length - LongestRun); from++)
            {
                var run = part.AsSpan(from, Math.Min(LongestRun, part.Length - from));
                var key = Key('*', run);
                // A short run is in more texts than a long one: each character less counts as ten entries more.
                var weight = runs.GetValueOrDefault(key) + (int)Math.Pow(10, LongestRun - run.Length);
                (best, count) = weight < count ? (key, weight) : (best, count);
            }
        }

        runs[best] = runs.GetValueOrDefault(best) + 1;
        return best;
    }

    private static IEnumerable<ulong> Shapes(string text)
    {
        var shape = Confusables.Shape(text);
        return Enumerable.Range(0, shape.Length).Select(i => Key('~', shape.Remove(i, 1))).Append(Key('~', shape)).Distinct();
    }

    // FNV-1a. Two texts with one key cost a comparison, never a hit.
    private static ulong Key(char kind, ReadOnlySpan<char> text)
    {
        var hash = (14695981039346656037 ^ kind) * 1099511628211;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return hash;
    }
}
