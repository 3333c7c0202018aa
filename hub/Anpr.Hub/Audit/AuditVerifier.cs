namespace Anpr.Hub.Audit;

/// <summary>What checking a log found.</summary>
/// <param name="Entries">Sound entries from the start.</param>
/// <param name="Head">Number and hash of the last sound one, "0:000…" when there is none.</param>
/// <param name="Fault">The first fault in words with its line, null when the chain is whole.</param>
/// <param name="Erased">Of the sound ones, those whose content was erased; the log says of each by which entry.</param>
/// <param name="Heads">Heads held elsewhere that were met in the log.</param>
public sealed record AuditVerdict(long Entries, string Head, string? Fault, long Erased = 0, int Heads = 0)
{
    /// <summary>Names of logs of other hubs of which heads were given: they are to be checked there.</summary>
    public IReadOnlyList<string> Others { get; init; } = [];
}

/// <summary>Checks the chain of an audit log. Works beside a running hub.</summary>
public static class AuditVerifier
{
    /// <summary>Checks the log of a data folder from its first line.</summary>
    /// <param name="folder">The hub's data folder.</param>
    /// <param name="noted">A head ("number:hash") that was noted earlier, or null: it must still be in the chain. The chain
    /// alone cannot show that its newest entries were cut off; a noted head can.</param>
    /// <param name="heads">Heads that lanes hold: each must still be in the chain, so that a log that was written anew is found out.</param>
    public static AuditVerdict Verify(string folder, string? noted = null, IReadOnlyList<AuditHead>? heads = null)
    {
        using var file = AuditFile.Open(Path.Combine(folder, AuditLog.FileName));
        var verdict = Verify(() => AuditFile.Lines(file), noted, heads ?? []);
        return verdict.Fault is not null && new WipeJournal(folder).IsOpen
            ? verdict with { Fault = $"{verdict.Fault}. An erasure is under way, or was cut off: start the hub, or check again in a minute" }
            : verdict;
    }

    /// <summary>The same, over the lines as they are at each reading: a hub that erases between two readings makes a log look broken that is not.</summary>
    internal static AuditVerdict Verify(Func<IEnumerable<AuditLine>> read, string? noted, IReadOnlyList<AuditHead> heads)
    {
        var verdict = Once(read, noted, heads);
        return verdict.Fault is null ? verdict : Once(read, noted, heads);
    }

    private static AuditVerdict Once(Func<IEnumerable<AuditLine>> read, string? noted, IReadOnlyList<AuditHead> heads)
    {
        var said = read().Where(l => l.Text.Contains("\"erases\":", StringComparison.Ordinal))
            .Select(l => AuditChain.Read(l.Text)?.Erases).OfType<string>().Select(ErasedEntries.Read).OfType<ErasedEntries>().ToList();
        return new LogCheck(noted, heads, said).Of(read());
    }

    private sealed class LogCheck(string? noted, IReadOnlyList<AuditHead> heads, IReadOnlyList<ErasedEntries> said)
    {
        private readonly ILookup<(string Replica, long Number), AuditHead> wanted = heads.ToLookup(h => (h.Replica, h.Number));
        private readonly HashSet<string> replicas = new(StringComparer.Ordinal);
        private readonly HashSet<(string Replica, long Number)> passed = [];
        private readonly ErasedEntries erasedWhole = ErasedEntries.Join(said.Where(e => e.Whole));
        private readonly ErasedEntries erasedContent = ErasedEntries.Join(said);
        private AuditEntry? last;
        private bool found = noted is null;
        private long erased;
        private int met;

        public AuditVerdict Of(IEnumerable<AuditLine> lines)
        {
            var number = 0;
            foreach (var line in lines)
            {
                number++;
                var entry = AuditChain.Read(line.Text);
                var fault = entry is null ? "it is no audit entry" : AuditChain.Fault(last, entry) ?? Against(entry);
                if (fault is not null)
                {
                    return Verdict($"line {number}: {fault}");
                }

                Take(entry!);
            }

            return Verdict(AtEnd());
        }

        private string? Against(AuditEntry entry)
        {
            if ((entry.Content is null && !erasedContent.Covers(entry.Number)) || (entry.Person is null && !erasedWhole.Covers(entry.Number)))
            {
                return $"the content of entry {entry.Number} was erased, and no entry says so";
            }

            var here = wanted[(entry.Replica, entry.Number)].ToList();
            met += here.Count;
            passed.UnionWith(here.Select(h => (h.Replica, h.Number)));
            return here.Find(h => !string.Equals(h.Hash, entry.Hash, StringComparison.Ordinal)) is { } other
                ? $"entry {entry.Number} is not the one whose head lanes were given at {other.At:u}: the log was written anew, here or before"
                : null;
        }

        private void Take(AuditEntry entry)
        {
            last = entry;
            replicas.Add(entry.Replica);
            found |= string.Equals(noted, AuditChain.HeadOf(entry), StringComparison.OrdinalIgnoreCase);
            erased += entry.Content is null || entry.Person is null ? 1 : 0;
        }

        private string? AtEnd()
        {
            if (!found)
            {
                return $"the noted entry {noted} is not in the log: entries were cut off or replaced";
            }

            var gone = heads.Where(h => replicas.Contains(h.Replica) && h.Number > (last?.Number ?? 0)).ToList();
            if (gone.Count > 0)
            {
                return $"lanes were given the head of entry {gone.Max(h => h.Number)} of {gone[0].Replica} at {gone.Max(h => h.At):u}, and the log ends at {last?.Number ?? 0}: entries were cut off";
            }

            var branched = heads.FirstOrDefault(h => replicas.Contains(h.Replica) && !passed.Contains((h.Replica, h.Number)));
            if (branched is not null)
            {
                return $"entry {branched.Number} of {branched.Replica}, whose head lanes were given at {branched.At:u}, is not in the log: it was cut off, or the log comes from a backup that is older";
            }

            return heads.Count > 0 && met == 0
                ? $"lanes hold heads of {string.Join(", ", heads.Select(h => h.Replica).Distinct(StringComparer.Ordinal))} and none of this log ({string.Join(", ", replicas)}): it was begun anew, or it is another hub's"
                : null;
        }

        private AuditVerdict Verdict(string? fault) => new(last?.Number ?? 0, AuditChain.HeadOf(last), fault, erased, met)
        {
            Others = [.. heads.Select(h => h.Replica).Distinct(StringComparer.Ordinal).Where(r => !replicas.Contains(r)).Order(StringComparer.Ordinal)],
        };
    }
}
