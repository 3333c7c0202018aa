using System.Globalization;

namespace Anpr.Hub.Audit;

/// <summary>
/// Which entries were erased, in the words of <see cref="AuditEntry.Erases"/>: <c>content 12 20-31</c>, or <c>all 1-500</c> where the person
/// went too.
/// </summary>
/// <param name="Whole">The person was erased with the content.</param>
/// <param name="Ranges">First and last number of each run, ascending.</param>
internal sealed record ErasedEntries(bool Whole, IReadOnlyList<(long First, long Last)> Ranges)
{
    private const string Content = "content", All = "all";

    /// <summary>Those with these numbers, which ascend.</summary>
    public static ErasedEntries Of(bool whole, IEnumerable<long> numbers)
    {
        var ranges = new List<(long First, long Last)>();
        foreach (var number in numbers)
        {
            if (ranges.Count > 0 && ranges[^1].Last + 1 == number)
            {
                ranges[^1] = (ranges[^1].First, number);
            }
            else
            {
                ranges.Add((number, number));
            }
        }

        return new ErasedEntries(whole, ranges);
    }

    /// <summary>Reads the words; null when they are none.</summary>
    public static ErasedEntries? Read(string text)
    {
        var words = text.Split(' ');
        if (words.Length < 2 || words[0] is not (Content or All))
        {
            return null;
        }

        var ranges = new List<(long First, long Last)>();
        foreach (var word in words.Skip(1))
        {
            var ends = word.Split('-');
            if (ends.Length > 2 || !TryNumber(ends[0], out var first) || !TryNumber(ends[^1], out var last) || first > last || (ranges.Count > 0 && first <= ranges[^1].Last))
            {
                return null;
            }

            ranges.Add((first, last));
        }

        return new ErasedEntries(words[0] == All, ranges);
    }

    /// <summary>All that several say together.</summary>
    public static ErasedEntries Join(IEnumerable<ErasedEntries> several)
    {
        var ranges = new List<(long First, long Last)>();
        foreach (var range in several.SelectMany(e => e.Ranges).Order())
        {
            if (ranges.Count > 0 && range.First <= ranges[^1].Last + 1)
            {
                ranges[^1] = (ranges[^1].First, Math.Max(ranges[^1].Last, range.Last));
            }
            else
            {
                ranges.Add(range);
            }
        }

        return new ErasedEntries(false, ranges);
    }

    /// <summary>True when it names the entry.</summary>
    public bool Covers(long number)
    {
        var (low, high) = (0, Ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (number < Ranges[middle].First)
            {
                high = middle - 1;
            }
            else if (number > Ranges[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{(Whole ? All : Content)} {string.Join(' ', Ranges.Select(r => r.First == r.Last ? Text(r.First) : $"{Text(r.First)}-{Text(r.Last)}"))}";

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
