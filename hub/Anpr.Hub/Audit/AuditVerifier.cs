namespace Anpr.Hub.Audit;

/// <summary>What checking a log found.</summary>
/// <param name="Entries">Sound entries from the start.</param>
/// <param name="Head">Number and hash of the last sound one, "0:000…" when there is none.</param>
/// <param name="Fault">The first fault in words with its line, null when the chain is whole.</param>
public sealed record AuditVerdict(long Entries, string Head, string? Fault);

/// <summary>Checks the chain of an audit log. Works beside a running hub.</summary>
public static class AuditVerifier
{
    /// <summary>Checks the log of a data folder from its first line.</summary>
    /// <param name="folder">The hub's data folder.</param>
    /// <param name="noted">A head ("number:hash") that was noted earlier, or null: it must still be in the chain. The chain
    /// alone cannot show that its newest entries were cut off; a noted head can.</param>
    public static AuditVerdict Verify(string folder, string? noted = null)
    {
        var path = Path.Combine(folder, AuditLog.FileName);
        AuditEntry? last = null;
        var found = noted is null;
        var line = 0;
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var whole = EndsWithLine(file);
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } text)
        {
            line++;
            var entry = AuditChain.Read(text);
            if (entry is null && !whole && reader.Peek() < 0)
            {
                break; // still being written, or torn by a crash: the hub drops it at its next start
            }

            var fault = entry is null ? "it is no audit entry" : AuditChain.Fault(last, entry);
            if (fault is not null)
            {
                return new AuditVerdict(last?.Number ?? 0, HeadOf(last), $"line {line}: {fault}");
            }

            last = entry;
            found |= string.Equals(noted, HeadOf(last), StringComparison.OrdinalIgnoreCase);
        }

        return new AuditVerdict(last?.Number ?? 0, HeadOf(last), found ? null : $"the noted entry {noted} is not in the log: entries were cut off or replaced");
    }

    private static bool EndsWithLine(FileStream file)
    {
        if (file.Length == 0)
        {
            return true;
        }

        file.Seek(-1, SeekOrigin.End);
        var end = file.ReadByte();
        file.Position = 0;
        return end == '\n';
    }

    private static string HeadOf(AuditEntry? entry) => $"{entry?.Number ?? 0}:{entry?.Hash ?? AuditChain.Root}";
}
