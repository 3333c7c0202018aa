using Anpr.Hub.Audit;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Movements;

/// <summary>Import and export with their entries in the audit log.</summary>
public sealed class Transfer(Importer importer, Exporter exporter, AuditLog audit)
{
    /// <summary>Imports sightings; see <see cref="Importer.ImportAsync"/>.</summary>
    /// <param name="who">Who asks.</param>
    /// <param name="name">Name of the file, for the log.</param>
    /// <param name="lines">The file.</param>
    /// <param name="refuse">Is told each bad line.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<ImportSummary> ImportAsync(string who, string name, TextReader lines, Func<long, string, Task> refuse, CancellationToken cancellation)
    {
        audit.Append(who, "sightings.import", about: name, result: "started");
        var summary = await importer.ImportAsync(lines, refuse, cancellation);
        audit.Append(who, "sightings.import", about: name, result: $"{summary.Stored} stored, {summary.Duplicates} duplicates, {summary.Refused} refused", records: summary.Stored);
        return summary;
    }

    /// <summary>The lines of an export. It is logged before the first line is given, and with their number after the last.</summary>
    /// <exception cref="InputException">There is no such kind, or no reason.</exception>
    public IEnumerable<string> Export(string who, string kind, string? reason, string? reasonText = null)
    {
        if (!Exporter.Kinds.Contains(kind, StringComparer.Ordinal))
        {
            throw new InputException($"--what {kind}: give one of {string.Join(", ", Exporter.Kinds)}.");
        }

        try
        {
            return audit.Given(who, $"{kind}.export", "", LookReason.Read(reason, reasonText), exporter.Lines(kind));
        }
        catch (InputException)
        {
            audit.Append(who, $"{kind}.export", result: "refused: no reason");
            throw;
        }
    }
}
