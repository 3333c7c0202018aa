using System.Globalization;

namespace Anpr.Benchmarks.Reading;

/// <summary>One line of a table of figures.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">The figure, in words with its unit.</param>
/// <param name="Wanted">What it should be; empty where nothing is laid down.</param>
/// <param name="N">How many cases it is of; null when it is no measurement of ours.</param>
internal sealed record Figure(string What, string Value, string Wanted, int? N)
{
    /// <summary>A number with three decimals.</summary>
    public static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A share of a count, with the count.</summary>
    public static Figure Share(string what, int part, int of, string wanted) => new(what, of == 0 ? "none" : FormattableString.Invariant($"{100.0 * part / of:0.0} % ({part})"), wanted, of);

    /// <summary>Prints them as columns, or as a table of Markdown.</summary>
    public static void Print(IReadOnlyList<Figure> figures, bool markdown)
    {
        string[][] rows = [["figure", "value", "wanted", "n"], .. figures.Select(f => (string[])[f.What, f.Value, f.Wanted, f.N?.ToString(CultureInfo.InvariantCulture) ?? "card"])];
        if (markdown)
        {
            foreach (var row in (IEnumerable<string[]>)[rows[0], ["---", "---", "---", "---"], .. rows[1..]])
            {
                Console.WriteLine($"| {string.Join(" | ", row)} |");
            }

            return;
        }

        int[] widths = [.. Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
        {
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => column == 3 ? cell.PadLeft(widths[3]) : cell.PadRight(widths[column]))));
        }
    }
}
