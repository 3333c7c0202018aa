using Anpr.Models.Plates;

namespace Anpr.Edge.Track;

/// <summary>The ways to divide a plate into characters, out of what its reads say together.</summary>
internal static class VoteSpellings
{
    // Columns in which it matters whether there is a character, the most doubtful ones, and spellings that matter.
    private const double LeastGap = 0.01;
    private const int MostDoubtful = 4;
    private const double LeastSpelling = 1e-3;

    /// <summary>With and without each doubtful character, likeliest first; never empty.</summary>
    /// <param name="columns">For each column the probability of each character and, last, of none.</param>
    /// <param name="p">Probability that no column is missing, 0..1.</param>
    public static IReadOnlyList<Spelling> Of(IReadOnlyList<double[]> columns, double p)
    {
        // Rounded: equal doubts differ in their last digits by the order of the reads, which must not decide.
        var doubtful = Enumerable.Range(0, columns.Count)
            .Where(k => columns[k][^1] > LeastGap)
            .OrderByDescending(k => Math.Round(Math.Min(columns[k][^1], 1 - columns[k][^1]), 9)).ThenBy(k => k)
            .Take(MostDoubtful)
            .ToList();
        var found = new List<Spelling>();
        for (var choice = 0; choice < 1 << doubtful.Count; choice++)
        {
            var there = Enumerable.Range(0, columns.Count).Where(k => doubtful.IndexOf(k) is >= 0 and var at ? (choice >> at & 1) == 0 : columns[k][^1] < 0.5).ToHashSet();
            var all = p;
            for (var k = 0; k < columns.Count; k++)
            {
                all *= there.Contains(k) ? 1 - columns[k][^1] : columns[k][^1];
            }

            if (all > LeastSpelling || choice == 0)
            {
                found.Add(Whole([.. columns.Where((_, k) => there.Contains(k))], all));
            }
        }

        return [.. found.OrderByDescending(s => s.P)];
    }

    /// <summary>The one spelling in which every column holds a character.</summary>
    public static Spelling Whole(IReadOnlyList<double[]> columns, double p) =>
        new((float)p, [.. columns.Select(column => (float[])[.. column.SkipLast(1).Select(x => (float)(x / (1 - column[^1])))])]);
}
