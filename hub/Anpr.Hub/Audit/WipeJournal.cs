using System.Globalization;
using System.Text;
using Anpr.Hub.Access;

namespace Anpr.Hub.Audit;

/// <summary>A line as it is after its content was erased.</summary>
/// <param name="Offset">Where it stands in the file.</param>
/// <param name="Bytes">Its length, which it keeps: blanks take the place of what has gone.</param>
/// <param name="Entry">What is left.</param>
internal sealed record WipedLine(long Offset, int Bytes, AuditEntry Entry)
{
    /// <summary>Its text, as long as it was before.</summary>
    public byte[] Text()
    {
        var text = new byte[Bytes];
        text.AsSpan().Fill((byte)' ');
        Encoding.UTF8.GetBytes(AuditChain.Write(Entry), text);
        return text;
    }
}

/// <summary>
/// What is being overwritten in an audit log, on disk before the first byte is: a crash between leaves no torn line. A journal whose erasing
/// entry was never written counts for nothing.
/// </summary>
internal sealed class WipeJournal(string folder)
{
    private readonly string path = Path.Combine(folder, "audit.erasing");

    /// <summary>True while an erasure is under way.</summary>
    public bool IsOpen => File.Exists(path);

    /// <param name="lines">What is to be written.</param>
    /// <param name="number">Number that the erasing entry will have.</param>
    public void Write(IEnumerable<WipedLine> lines, long number)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{number}\n");
        foreach (var line in lines)
        {
            text.Append(CultureInfo.InvariantCulture, $"{line.Offset}\t{Encoding.UTF8.GetString(line.Text())}\n");
        }

        HubFiles.Write(path, text.ToString());
    }

    /// <summary>Overwrites what an open journal says, if the log has its erasing entry, and ends the journal.</summary>
    public void Finish(FileStream file, long last)
    {
        if (!IsOpen)
        {
            return;
        }

        var lines = File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (last >= long.Parse(lines[0], CultureInfo.InvariantCulture))
        {
            foreach (var line in lines.Skip(1))
            {
                var tab = line.IndexOf('\t', StringComparison.Ordinal);
                file.Position = long.Parse(line.AsSpan(0, tab), CultureInfo.InvariantCulture);
                file.Write(Encoding.UTF8.GetBytes(line[(tab + 1)..]));
            }

            file.Flush(flushToDisk: true);
        }

        File.Delete(path);
    }
}
