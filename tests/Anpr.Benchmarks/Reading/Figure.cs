using System.Globalization;

namespace Anpr.Benchmarks.Reading;

/// <summary>One line of a table of figures.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">The figure, in words with its unit.</param>
/// <param name="Wanted">What it should be; empty where nothing is laid down.</param>
/// <param name="N">How many cases it is of; null when it is no measurement of ours.</param>
internal sealed record Figure(string What, string Value, string Wanted, int? N)
{
    /// <summary>The line of a page above the table that is written into it.</summary>
    public const string Begin = "<!-- figures -->";

    /// <summary>The line below it.</summary>
    public const string End = "<!-- /figures -->";

    /// <summary>A number with three decimals.</summary>
    public static string Number(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>A share of a count, with the count.</summary>
    public static Figure Share(string what, int part, int of, string wanted) => new(what, of == 0 ? "none" : FormattableString.Invariant($"{100.0 * part / of:0.0} % ({part})"), wanted, of);

    /// <summary>Prints them as columns.</summary>
    public static void Print(IReadOnlyList<Figure> figures)
    {
        var rows = Rows(figures);
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
        {
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => column == 3 ? cell.PadLeft(widths[3]) : cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    /// <summary>Puts them as a table of Markdown into a page, between the lines <see cref="Begin"/> and <see cref="End"/>.</summary>
    /// <param name="page">The page's text.</param>
    /// <param name="above">What stands above the table: machine, versions, seeds.</param>
    /// <param name="figures">The rows.</param>
    /// <exception cref="InvalidDataException">The page lacks one of the two lines.</exception>
    public static string Into(string page, string above, IReadOnlyList<Figure> figures)
    {
        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        if (begin < 0 || end < begin)
        {
            throw new InvalidDataException($"there is no line '{Begin}' with a line '{End}' below it: put both where the table belongs");
        }

        var rows = Rows(figures).Select(row => $"| {string.Join(" | ", row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |").ToList();
        rows.Insert(1, "|---|---|---|---|");
        return $"{page[..(begin + Begin.Length)]}\n{above}\n\n{string.Join('\n', rows)}\n{page[end..]}";
    }

    private static string[][] Rows(IReadOnlyList<Figure> figures) =>
        [["figure", "value", "wanted", "n"], .. figures.Select(f => (string[])[f.What, f.Value, f.Wanted, f.N?.ToString(CultureInfo.InvariantCulture) ?? "card"])];
}
