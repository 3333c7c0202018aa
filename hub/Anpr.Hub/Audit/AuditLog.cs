using System.Text;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Audit;

/// <summary>
/// Who looked at what, when and why: an append-only file, each line bound to the one before by its hash. An entry is on
/// disk when <see cref="Append"/> returns, so write it before showing what was asked for. Thread-safe; one process a file.
/// </summary>
public sealed class AuditLog : IDisposable
{
    /// <summary>The file's name in the hub's data folder.</summary>
    public const string FileName = "audit.jsonl";

    // Longest field in characters; keeps the last line within reach from the end of the file.
    private const int MaxField = 500;

    private readonly Lock gate = new();
    private readonly FileStream file;
    private readonly TimeProvider time;
    private readonly string path;
    private AuditEntry? last;
    private long whole;

    /// <summary>Opens the log of a data folder, or begins it.</summary>
    /// <exception cref="InputException">The last whole line is no audit entry.</exception>
    public AuditLog(string folder, TimeProvider time)
    {
        this.time = time;
        path = Path.Combine(folder, FileName);
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

    /// <summary>Number and hash of the newest entry, "0:000…" in an empty log. Noted elsewhere, it proves later that nothing before it was cut off or changed.</summary>
    public string Head
    {
        get
        {
            lock (gate)
            {
                return $"{last?.Number ?? 0}:{last?.Hash ?? AuditChain.Root}";
            }
        }
    }

    /// <summary>Writes one entry. <paramref name="what"/> is "feature.act"; see <see cref="AuditEntry"/> for the fields.</summary>
    /// <exception cref="AuditFailedException">It could not be written: then do not show what was asked for.</exception>
    public AuditEntry Append(string who, string what, string about = "", string why = "", string result = "")
    {
        lock (gate)
        {
            var entry = AuditChain.Seal(new AuditEntry(
                (last?.Number ?? 0) + 1, time.GetUtcNow(), Short(who), Short(what), Short(about), Short(why), Short(result), last?.Hash ?? AuditChain.Root, ""));
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
    }

    /// <summary>The newest entries that match, newest first. Reading is a look too: the caller appends "audit.read" first.</summary>
    /// <param name="who">Part of the user's name, any when empty.</param>
    /// <param name="what">Part of the act, any when empty.</param>
    /// <param name="limit">At most this many, 1 or more.</param>
    public IReadOnlyList<AuditEntry> Newest(string who, string what, int limit)
    {
        var kept = new Queue<AuditEntry>();
        foreach (var line in File.ReadLines(path))
        {
            if (AuditChain.Read(line) is { } entry
                && entry.Who.Contains(who, StringComparison.OrdinalIgnoreCase)
                && entry.What.Contains(what, StringComparison.OrdinalIgnoreCase))
            {
                kept.Enqueue(entry);
                if (kept.Count > limit)
                {
                    kept.Dequeue();
                }
            }
        }

        return [.. kept.Reverse()];
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

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
