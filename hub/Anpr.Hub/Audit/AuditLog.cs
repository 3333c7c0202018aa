using System.Security.Cryptography;
using System.Text;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Audit;

/// <summary>
/// Who looked at what, when and why: an append-only file, each line bound to the one before by its hash. An entry is on
/// disk when <see cref="Append"/> returns, so write it before showing what was asked for. What a line says beside the chain
/// can be erased (<see cref="Erase"/>). Thread-safe; one process a file.
/// </summary>
public sealed class AuditLog : IDisposable
{
    /// <summary>The file's name in the hub's data folder.</summary>
    public const string FileName = "audit.jsonl";

    // Longest field in characters; keeps the last line within reach from the end of the file.
    private const int MaxField = 500;

    // Wiped lines that one entry names, and that one journal holds.
    private const int WipedTogether = 200;

    private readonly Lock gate = new();
    private readonly Lock erasing = new(); // taken before the gate
    private readonly FileStream file;
    private readonly TimeProvider time;
    private readonly string path;
    private readonly WipeJournal journal;
    private AuditEntry? last;
    private long whole;

    /// <summary>Opens the log of a data folder, or begins it.</summary>
    /// <exception cref="InputException">The last whole line is no audit entry.</exception>
    public AuditLog(string folder, TimeProvider time)
    {
        this.time = time;
        path = Path.Combine(folder, FileName);
        journal = new WipeJournal(folder);
        // Unbuffered: what a full disk refused must not be written later, behind the entry that took its place.
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        file = new FileStream(path, options);
        try
        {
            last = LastWhole(out var torn);
            file.SetLength(whole);
            Replica = last?.Replica ?? NewReplica();
            journal.Finish(file, last?.Number ?? 0);
            if (torn > 0)
            {
                Append("hub", "audit.recovered", result: $"{torn} bytes of an unfinished entry were dropped when the hub started");
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Name of this log among those of all hubs: made when it is begun, and kept in each entry.</summary>
    public string Replica { get; private set; } = "";

    /// <summary>Number and hash of the newest entry, "0:000…" in an empty log. Noted elsewhere, it proves later that nothing before it was cut off or changed.</summary>
    public string Head
    {
        get
        {
            lock (gate)
            {
                return AuditChain.HeadOf(last);
            }
        }
    }

    /// <summary>The newest entry; null in an empty log.</summary>
    internal AuditEntry? Last
    {
        get
        {
            lock (gate)
            {
                return last;
            }
        }
    }

    /// <summary>
    /// Writes one entry. <paramref name="what"/> is one of <see cref="AuditActs"/>, which decides its kind; see <see cref="AuditEntry"/> for the fields.
    /// <paramref name="covert"/> is the owner of the covert watchlist entry that it is about: its content is for them and for auditors.
    /// </summary>
    /// <exception cref="AuditFailedException">It could not be written: then do not show what was asked for.</exception>
    /// <exception cref="ArgumentException">There is no such act.</exception>
    public AuditEntry Append(string who, string what, string about = "", string why = "", string result = "", long? records = null, string? covert = null)
    {
        if (!AuditActs.All.ContainsKey(what))
        {
            throw new ArgumentException($"'{what}' is no act: name it in AuditActs and in docs/audit.md", nameof(what));
        }

        lock (gate)
        {
            return Add(who, what, about, why, result, records, erases: null, covert);
        }
    }

    /// <summary>
    /// Erases what entries say beside the chain, for good: about what, why and with what result, and with <paramref name="whole"/> who as well.
    /// An entry of kind erasure is written first and names them, so that nothing can be erased unseen.
    /// </summary>
    /// <param name="which">Those that are asked for; entries that are written from now on are left.</param>
    /// <param name="whole">The person goes too.</param>
    /// <param name="who">Who erases.</param>
    /// <param name="about">What for: never what is erased.</param>
    /// <param name="why">CODE:REF, or empty where a period is over.</param>
    /// <param name="until">Looks no further than the first entry for which this is false; null: to the end.</param>
    /// <returns>How many entries were erased.</returns>
    /// <exception cref="AuditFailedException">The disk is full or fails; what was not erased yet is left.</exception>
    public int Erase(Func<AuditEntry, bool> which, bool whole, string who, string about, string why, Func<AuditEntry, bool>? until = null)
    {
        lock (erasing)
        {
            var to = Last?.Number ?? 0;
            var erased = 0;
            using var reader = AuditFile.Open(path);
            var found = AuditFile.Lines(reader)
                .Select(line => (Line: line, Entry: AuditChain.Read(line.Text)))
                .TakeWhile(l => l.Entry is not { } entry || (entry.Number <= to && until?.Invoke(entry) != false))
                .Where(l => l.Entry is { } entry && (entry.Content is not null || (whole && entry.Person is not null)) && which(entry))
                .Select(l => new WipedLine(l.Line.Offset, l.Line.Bytes, l.Entry! with { Content = null, Person = whole ? null : l.Entry.Person }));
            foreach (var lines in found.Chunk(WipedTogether))
            {
                Wipe(lines, whole, who, about, why);
                erased += lines.Length;
            }

            return erased;
        }
    }

    /// <summary>All names that this log ever had: it gets another when it is restored from a backup.</summary>
    internal IReadOnlySet<string> Names()
    {
        using var reader = AuditFile.Open(path);
        return AuditFile.Lines(reader).Select(l => AuditChain.Read(l.Text)?.Replica).OfType<string>().Append(Replica).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Copies the log as it is now into another folder.</summary>
    internal void CopyTo(string folder)
    {
        lock (erasing) // no line is half wiped in the copy; one that is being appended is dropped by the hub that opens it
        {
            File.Copy(path, Path.Combine(folder, FileName), overwrite: true);
        }
    }

    /// <summary>Goes on under a new name: what follows is another branch than the one that this log's heads may have told of.</summary>
    internal void Branch()
    {
        lock (gate)
        {
            Replica = NewReplica();
        }
    }

    /// <summary>The newest entries that match, newest first. Reading is a look too: the caller appends it first.</summary>
    /// <param name="who">Part of the user's name, any when empty.</param>
    /// <param name="what">Part of the act, or a kind (<see cref="AuditKinds"/>); any when empty.</param>
    /// <param name="limit">At most this many, 1 or more.</param>
    public IReadOnlyList<AuditEntry> Newest(string who, string what, int limit)
    {
        using var reader = AuditFile.Open(path);
        return
        [
            .. AuditFile.Backwards(reader).Select(AuditChain.Read).OfType<AuditEntry>()
                .Where(e => e.Who.Contains(who, StringComparison.OrdinalIgnoreCase) && (e.Kind == what || e.What.Contains(what, StringComparison.OrdinalIgnoreCase)))
                .Take(limit),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    // Under the gate.
    private AuditEntry Add(string who, string what, string about, string why, string result, long? records, string? erases, string? covert = null)
    {
        var entry = AuditChain.Seal(new AuditEntry(
            (last?.Number ?? 0) + 1, time.GetUtcNow(), Replica, AuditKinds.Of(what), Short(what), records, erases, "", "", last?.Hash ?? AuditChain.Root, "",
            new AuditPerson(Short(who), AuditChain.NewKey()), new AuditContent(Short(about), Short(why), Short(result), AuditChain.NewKey(), covert)));
        try
        {
            file.SetLength(whole); // a part of an entry that could not be taken back before
            file.Position = whole;
            file.Write(Encoding.UTF8.GetBytes(AuditChain.Write(entry) + "\n"));
            file.Flush(flushToDisk: true);
        }
        catch (IOException error)
        {
            TakeBack();
            throw new AuditFailedException(path, error);
        }

        whole = file.Position;
        last = entry;
        return entry;
    }

    private void Wipe(WipedLine[] lines, bool whole, string who, string about, string why)
    {
        var erases = ErasedEntries.Of(whole, lines.Select(l => l.Entry.Number)).ToString();
        lock (gate)
        {
            try
            {
                // A crash from here on leaves the journal: the next start goes on where this one ended, if the entry was written.
                journal.Write(lines, (last?.Number ?? 0) + 1);
                Add(who, "audit.wiped", about, why, "", lines.Length, erases);
                journal.Finish(file, last!.Number);
            }
            catch (IOException error) when (error is not AuditFailedException)
            {
                throw new AuditFailedException(path, error);
            }
        }
    }

    private static string NewReplica() =>
        $"{new string([.. Environment.MachineName.ToLowerInvariant().Where(c => char.IsAsciiLetterOrDigit(c) || c == '-').Take(40)])}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";

    private static string Short(string field) => field.Length <= MaxField ? field : string.Concat(field.AsSpan(0, MaxField - 1), "…");

    private void TakeBack()
    {
        try
        {
            file.SetLength(whole);
        }
        catch (IOException)
        {
            // the next entry does it first
        }
    }

    // A crash while a line was written leaves a line without its end: nobody was shown anything for it, so it goes.
    private AuditEntry? LastWhole(out long torn)
    {
        var tail = new byte[Math.Min(file.Length, 16 * MaxField * 4)];
        file.Position = file.Length - tail.Length;
        file.ReadExactly(tail);
        var end = tail.AsSpan().LastIndexOf((byte)'\n') + 1;
        torn = tail.Length - end;
        whole = file.Length - torn;

        if (end == 0)
        {
            return null;
        }

        var start = tail.AsSpan(0, end - 1).LastIndexOf((byte)'\n') + 1;
        return AuditChain.Read(Encoding.UTF8.GetString(tail, start, end - start))
            ?? throw new InputException($"{path}: the last line is no audit entry. Run `hub verify` and keep a copy of the file before mending it.");
    }
}
