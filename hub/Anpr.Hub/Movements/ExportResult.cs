using System.Globalization;
using System.Text;
using Anpr.Hub.Csv;
using CsvHelper;
using CsvHelper.Configuration;
using MiniExcelLibs;

namespace Anpr.Hub.Movements;

/// <summary>A table as a file to keep: CSV as it is read, XLSX once it is whole.</summary>
/// <param name="form">CSV or XLSX.</param>
/// <param name="name">The file's name without ending.</param>
/// <param name="table">What it holds.</param>
internal sealed class ExportResult(ExportForm form, string name, ExportTable table) : IResult
{
    private const int RowsOfAFlush = 500;

    // The library would let half a line's end stand bare.
    private static readonly CsvConfiguration Form = new(CultureInfo.InvariantCulture) { NewLine = "\r\n", ShouldQuote = field => field.Field.AsSpan().ContainsAny(",\"\r\n ") };

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        Head(httpContext.Response, form, name);
        return form == ExportForm.Csv ? WriteCsvAsync(table, httpContext.Response.Body, httpContext.RequestAborted) : WriteXlsxAsync(table, httpContext.Response.Body, httpContext.RequestAborted);
    }

    /// <summary>What a browser must know to keep an answer as a file, and nobody on the way may.</summary>
    public static void Head(HttpResponse response, ExportForm form, string name)
    {
        response.ContentType = form.ContentType;
        response.Headers.ContentDisposition = $"attachment; filename=\"{name}.{form.Name}\"";
        response.Headers.CacheControl = "no-store";
    }

    /// <summary>Writes CSV; the note, if there is one, is the last line.</summary>
    public static async Task WriteCsvAsync(ExportTable table, Stream output, CancellationToken cancellation)
    {
        await using var text = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
        await using var csv = new CsvWriter(text, Form, leaveOpen: true);
        foreach (var column in table.Columns)
        {
            csv.WriteField(column);
        }

        await csv.NextRecordAsync();
        var count = 0;
        foreach (var row in table.Rows)
        {
            foreach (var value in row)
            {
                csv.WriteField(value is string typed ? CsvTable.Guarded(typed) : Text(value));
            }

            await csv.NextRecordAsync();
            if (++count % RowsOfAFlush == 0)
            {
                await text.FlushAsync(cancellation);
            }
        }

        if (table.Note() is { } note)
        {
            csv.WriteField(note);
            await csv.NextRecordAsync();
        }
    }

    /// <summary>Writes XLSX: the rows, and a sheet that says whether they are all.</summary>
    public static async Task WriteXlsxAsync(ExportTable table, Stream output, CancellationToken cancellation)
    {
        // A zip file is finished by going back in it, which an answer under way cannot.
        using var file = new MemoryStream();
        var sheets = new Dictionary<string, object>(StringComparer.Ordinal) { ["records"] = table.Rows.Select(row => Cells(table.Columns, row)), ["about"] = About(table) };
        await file.SaveAsAsync(sheets, cancellationToken: cancellation);
        file.Position = 0;
        await file.CopyToAsync(output, cancellation);
    }

    // Read when the rows are written.
    private static IEnumerable<IDictionary<string, object?>> About(ExportTable table)
    {
        yield return new Dictionary<string, object?>(StringComparer.Ordinal) { ["note"] = table.Note() ?? "These are all records that answer the question." };
    }

    private static IDictionary<string, object?> Cells(IReadOnlyList<string> columns, IReadOnlyList<object?> row) =>
        columns.Zip(row).ToDictionary(c => c.First, c => c.Second is DateTimeOffset ? Text(c.Second) : c.Second, StringComparer.Ordinal);

    private static string Text(object? value) => value switch
    {
        null => "",
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        bool yes => yes ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
