using System.Globalization;
using System.Security.Cryptography;

namespace Anpr.Hub.Csv;

/// <summary>A row that was not taken, and why.</summary>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="Field">The column that is wrong; empty when it is the whole row.</param>
/// <param name="Why">What is wrong, and the cure.</param>
public sealed record RefusedRow(int Line, string Field, string Why);

/// <summary>What came of a CSV file: good rows are kept, each other one is named.</summary>
/// <param name="Rows">Rows that were read.</param>
/// <param name="Added">Rows that were not known.</param>
/// <param name="Changed">Rows that changed what was known.</param>
/// <param name="Unchanged">Rows that were known as they are.</param>
/// <param name="Refused">One for each fault, in the order of the file.</param>
public sealed record ImportReport(int Rows, int Added, int Changed, int Unchanged, IReadOnlyList<RefusedRow> Refused)
{
    /// <summary>Rows that were refused.</summary>
    public int RefusedRows => Refused.Select(r => r.Line).Distinct().Count();

    /// <summary>What stands for a file in the audit log: its SHA-256.</summary>
    public static string Mark(ReadOnlySpan<byte> file) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(file))}";

    /// <summary>The refused rows as CSV.</summary>
    public byte[] ToCsv() => CsvTable.Write(["line", "field", "why"], Refused.Select(r => (IReadOnlyList<string>)[r.Line.ToString(CultureInfo.InvariantCulture), r.Field, r.Why]));

    /// <summary>In one sentence.</summary>
    public string Summary => $"{Rows} rows: {Added} added, {Changed} changed, {Unchanged} as they were, {RefusedRows} refused";
}
