using System.Globalization;
using System.Text;
using Anpr.Hub.Ops;
using CsvHelper;
using CsvHelper.Configuration;

namespace Anpr.Hub.Csv;

/// <summary>One row of a CSV file.</summary>
/// <param name="Line">The line on which it begins, from 1; the header is line 1.</param>
/// <param name="Fault">Why its text is no row of this table; empty when it is one.</param>
/// <param name="Cells">By column, trimmed; columns that the file lacks are absent.</param>
internal sealed record CsvRow(int Line, string Fault, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>The cell of a column; empty when the file lacks it.</summary>
    public string this[string column] => Cells.GetValueOrDefault(column, "");
}

/// <summary>CSV (RFC 4180) with a header, as spreadsheets and other programs write it: commas, semicolons or tabs; UTF-8, or Latin-1 where it is not.</summary>
internal static class CsvTable
{
    /// <summary>Rows that are read of one file.</summary>
    public const int MostRows = 100_000;

    private const int LongestCell = 1000;
    private static readonly char[] Delimiters = [',', ';', '\t'];

    // What a spreadsheet takes for a formula; such a cell is written with ' before it.
    private static readonly char[] Formula = ['=', '+', '-', '@', '\t', '\r', '\n'];

    /// <summary>Reads a file.</summary>
    /// <param name="bytes">The whole of it.</param>
    /// <param name="columns">Columns that are understood; the file may lack those that are not required.</param>
    /// <param name="required">Columns that must be there.</param>
    /// <exception cref="InputException">The header is missing or has other columns, or there are too many rows; the message says which.</exception>
    public static IReadOnlyList<CsvRow> Read(ReadOnlySpan<byte> bytes, IReadOnlyList<string> columns, IReadOnlyList<string> required)
    {
        var text = Text(bytes);
        var first = text.AsSpan(0, Math.Max(0, text.IndexOf('\n') is var end and >= 0 ? end : text.Length)).ToString();
        var broken = false;
        var configuration = new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            Delimiter = Delimiters.MaxBy(d => first.Count(c => c == d)).ToString(),
            TrimOptions = TrimOptions.Trim,
            BadDataFound = _ => broken = true,
        };
        using var source = new StringReader(text);
        using var parser = new CsvParser(source, configuration);
        var header = Header(parser.Read() ? parser.Record ?? [] : [], columns, required);
        var rows = new List<CsvRow>();
        for (var line = parser.RawRow + 1; parser.Read(); line = parser.RawRow + 1)
        {
            var cells = parser.Record ?? [];
            if (cells.All(string.IsNullOrWhiteSpace) && !broken)
            {
                continue;
            }

            if (rows.Count == MostRows)
            {
                throw new InputException($"the file has more than {MostRows} rows. Divide it.");
            }

            rows.Add(Row(line, cells, header, broken));
            broken = false;
        }

        return rows;
    }

    /// <summary>Writes a file, UTF-8. A cell that a spreadsheet would take for a formula gets <c>'</c> before it; <see cref="Read"/> takes that away again.</summary>
    public static byte[] Write(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = new CsvWriter(text, new CsvConfiguration(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.None }))
        {
            foreach (var row in rows.Prepend(columns))
            {
                foreach (var cell in row)
                {
                    csv.WriteField(Guarded(cell));
                }

                csv.NextRecord();
            }
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>A cell as it is written: what lanes and people write is nobody's program.</summary>
    public static string Guarded(string cell) => cell.Length > 0 && (Formula.Contains(cell[0]) || IsGuarded(cell)) ? "'" + cell : cell;

    private static string[] Header(string[] found, IReadOnlyList<string> columns, IReadOnlyList<string> required)
    {
        string[] header = [.. found.Select(c => c.Trim().ToLowerInvariant())];
        var cure = $"The first line names the columns; known are {string.Join(", ", columns)}, needed {string.Join(", ", required)}.";
        if (header.FirstOrDefault(c => !columns.Contains(c, StringComparer.Ordinal)) is { } unknown)
        {
            throw new InputException($"line 1: there is no column '{Short(unknown)}'. {cure}");
        }

        if (required.FirstOrDefault(c => !header.Contains(c, StringComparer.Ordinal)) is { } missing)
        {
            throw new InputException($"line 1: the column '{missing}' is missing. {cure}");
        }

        return header.Distinct(StringComparer.Ordinal).Count() == header.Length ? header : throw new InputException($"line 1: a column is there twice. {cure}");
    }

    private static CsvRow Row(int line, string[] cells, string[] header, bool broken)
    {
        var fault = broken ? "a quotation mark stands where none may: put the cell in quotation marks and write each inside it twice"
            : cells.Length != header.Length ? $"{cells.Length} cells for {header.Length} columns"
            : cells.Any(c => c.Length > LongestCell) ? $"a cell has more than {LongestCell} characters"
            : "";
        var named = header.Zip(cells).ToDictionary(p => p.First, p => IsGuarded(p.Second) ? p.Second[1..] : p.Second, StringComparer.Ordinal);
        return new CsvRow(line, fault, named);
    }

    private static bool IsGuarded(string cell) => cell.Length > 1 && cell[0] == '\'' && (Formula.Contains(cell[1]) || cell[1] == '\'');

    private static string Short(string text) => text.Length <= 40 ? text : text[..40] + "...";

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException)
        {
            return Encoding.Latin1.GetString(bytes);
        }
    }
}
