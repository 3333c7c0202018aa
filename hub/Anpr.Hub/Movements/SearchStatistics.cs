using System.Globalization;
using Anpr.Hub.Ingest;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;

namespace Anpr.Hub.Movements;

/// <summary>Searches of one kind, and what they found. Nobody's name is in it.</summary>
/// <param name="Searches">How many.</param>
/// <param name="Finds">How many of them found people.</param>
/// <param name="People">How many people.</param>
/// <param name="Goods">How many searches found goods.</param>
/// <param name="Misreads">How many found that the plate was misread.</param>
public sealed record SearchCount(int Searches, int Finds, int People, int Goods, int Misreads)
{
    /// <summary>None yet.</summary>
    public static readonly SearchCount None = new(0, 0, 0, 0, 0);

    /// <summary>Share of searches that found people, 0..1; 0 of none.</summary>
    public double Share => Searches == 0 ? 0 : (double)Finds / Searches;

    /// <summary>What the true share lies in, with a probability of .95.</summary>
    public (double Low, double High) Interval => Wilson.Interval(Finds, Searches);

    internal SearchCount With(Search search) => new(
        Searches + 1,
        Finds + (search.Finding == Search.Types.Finding.People ? 1 : 0),
        People + (int)search.People,
        Goods + (search.Finding == Search.Types.Finding.Goods ? 1 : 0),
        Misreads + (search.Finding == Search.Types.Finding.Misread ? 1 : 0));
}

/// <summary>Searches of a time, in groups. A search by two methods counts under each of them.</summary>
/// <param name="From">Earliest beginning, included.</param>
/// <param name="To">Latest beginning, included.</param>
/// <param name="All">All of them.</param>
/// <param name="Groups">By <c>reason</c>, <c>method</c>, <c>reason_and_method</c>, <c>port</c> and <c>week</c> (ISO 8601, of UTC days), each by its keys in order.</param>
/// <param name="Whole">False when there were more searches than are counted at once.</param>
public sealed record SearchCounts(DateTimeOffset From, DateTimeOffset To, SearchCount All, IReadOnlyDictionary<string, IReadOnlyDictionary<string, SearchCount>> Groups, bool Whole);

/// <summary>Counts searches against what they found. It asks for no reason and keeps no log: <see cref="MovementDesk"/> does.</summary>
public sealed class SearchStatistics(IStore store)
{
    /// <summary>Searches that are counted at once.</summary>
    internal int Most { get; init; } = 200_000;

    /// <summary>What can be grouped by, in the order in which it is shown.</summary>
    public static IReadOnlyList<string> Groupings { get; } = ["reason", "method", "reason_and_method", "port", "week"];

    /// <summary>Searches that began within a time, at these ports or at all when none is given.</summary>
    public SearchCounts Count(DateTimeOffset from, DateTimeOffset to, IReadOnlyList<string> ports)
    {
        var all = SearchCount.None;
        var groups = Groupings.ToDictionary(g => g, _ => new SortedDictionary<string, SearchCount>(StringComparer.Ordinal), StringComparer.Ordinal);
        var whole = true;
        foreach (var stored in Searches(from, to))
        {
            if (all.Searches == Most)
            {
                whole = false;
                break;
            }

            var (search, port) = (stored.Message, stored.Port);
            if (ports.Count > 0 && !ports.Contains(port, StringComparer.Ordinal))
            {
                continue;
            }

            all = all.With(search);
            Add("reason", Names.Of(search.Reason));
            Add("port", port);
            Add("week", Week(stored.StartedAt));
            foreach (var method in search.Methods.Distinct(StringComparer.Ordinal))
            {
                Add("method", method);
                Add("reason_and_method", $"{Names.Of(search.Reason)} {method}");
            }

            void Add(string grouping, string key) => groups[grouping][key] = groups[grouping].GetValueOrDefault(key, SearchCount.None).With(search);
        }

        return new SearchCounts(from, to, all, groups.ToDictionary(g => g.Key, g => (IReadOnlyDictionary<string, SearchCount>)g.Value, StringComparer.Ordinal), whole);
    }

    /// <summary>The ISO 8601 week of a day in UTC, such as 2026-W48.</summary>
    internal static string Week(DateTimeOffset time) =>
        string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(time.UtcDateTime):D4}-W{ISOWeek.GetWeekOfYear(time.UtcDateTime):D2}");

    private IEnumerable<StoredSearch> Searches(DateTimeOffset from, DateTimeOffset to) => Names.All<Search.Types.Finding>()
        .SelectMany(finding => store.Scan(StoredSearch.ByFinding, Keys.Join(finding, Keys.Time(from)), Keys.Join(finding, Keys.Time(to))));
}
