using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Backup;

/// <summary>
/// Takes backups of a hub while it runs: store, pictures, audit log, users and keys, each in a folder of its own. Pictures never change, so
/// that those of the backup before are linked, not copied. Each backup stands for itself.
/// </summary>
internal sealed partial class BackupDesk(HubFiles files, IStore store, AuditLog audit, TimeProvider time)
{
    private const string Prefix = "anpr-", Format = "yyyyMMdd'T'HHmmss'Z'", Part = ".part", Pictures = "pictures";

    // What another step copies, what belongs to the running process, and what it makes anew.
    private static readonly string[] Left = ["hub.db", "hub.db.lock", "hub-log.db", AuditLog.FileName, "audit.erasing", "hub.sock", "hub.lock"];

    /// <summary>Takes one, and removes those that are too old once it is whole.</summary>
    /// <param name="into">Folder of all backups; made when it is missing.</param>
    /// <param name="keep">Older ones go; null keeps all.</param>
    /// <param name="who">Who asks, for the audit log.</param>
    /// <param name="cancellation">Leaves nothing that could be taken for a backup.</param>
    /// <returns>The backup's folder.</returns>
    /// <exception cref="InputException">The folder lies in the hub's own.</exception>
    public async Task<string> TakeAsync(string into, TimeSpan? keep, string who, CancellationToken cancellation)
    {
        into = Path.GetFullPath(into);
        if ((into + Path.DirectorySeparatorChar).StartsWith(Path.GetFullPath(files.Path) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new InputException($"{into} lies in the hub's own folder: one disk would lose both. Give a folder on another disk.");
        }

        var now = time.GetUtcNow();
        audit.Append(who, "hub.backup", about: into, result: "begun");
        new HubFiles(into).Create();
        var before = All(into) is [.., var last] ? last : null;
        var whole = Path.Combine(into, Prefix + now.ToString(Format, CultureInfo.InvariantCulture));
        var part = whole + Part;
        Clear(part);
        new HubFiles(part).Create();
        try
        {
            var pictures = await CopyAsync(part, before, cancellation);
            var hashes = Directory.EnumerateFiles(part).Concat(Directory.EnumerateDirectories(part).Where(d => Path.GetFileName(d) != Pictures).SelectMany(d => Directory.EnumerateFiles(d)))
                .ToDictionary(f => Path.GetRelativePath(part, f), HashOf, StringComparer.Ordinal);
            new BackupManifest(now, store is LiteStore, AuditVerifier.Verify(part).Head, hashes, pictures).Write(part);
            Sync(); // what has its name must survive a power cut
            Directory.Move(part, whole);
        }
        catch
        {
            Clear(part);
            throw;
        }

        var gone = keep is { } longest ? All(into).Where(b => TimeOf(b) < TimeOf(whole) - longest).ToList() : [];
        gone.ForEach(Clear);
        audit.Append(who, "hub.backup", about: whole, result: gone.Count > 0 ? $"taken; {gone.Count} older ones removed" : "taken");
        return whole;
    }

    /// <summary>The whole backups in a folder, oldest first.</summary>
    public static IReadOnlyList<string> All(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateDirectories(folder, Prefix + "*").Where(b => TimeOf(b) is not null && File.Exists(Path.Combine(b, BackupManifest.FileName))).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The SHA-256 of a file, lower-case hex.</summary>
    public static string HashOf(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    private async Task<long> CopyAsync(string part, string? before, CancellationToken cancellation)
    {
        // The records first: a picture that comes later is named by none of them, one that goes later is missed as one that was deleted.
        if (store is LiteStore lite)
        {
            await lite.CopyAsync(Path.Combine(part, "hub.db"), cancellation);
            await File.WriteAllTextAsync(Path.Combine(part, "hub.db.lock"), "1", cancellation); // it was begun
        }

        var until = TimeProvider.System.GetUtcNow(); // as the files' own times, whatever clock the hub goes by
        audit.CopyTo(part);
        foreach (var file in Directory.EnumerateFiles(files.Path).Where(f => !Left.Contains(Path.GetFileName(f)) && !f.EndsWith(".new", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(part, Path.GetFileName(file)));
        }

        foreach (var folder in Directory.EnumerateDirectories(files.Path).Where(d => Path.GetFileName(d) != Pictures))
        {
            var copy = Directory.CreateDirectory(Path.Combine(part, Path.GetFileName(folder))).FullName;
            foreach (var file in Directory.EnumerateFiles(folder))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
        }

        return store is LiteStore ? CopyPictures(part, before, until, cancellation) : 0;
    }

    private long CopyPictures(string part, string? before, DateTimeOffset until, CancellationToken cancellation)
    {
        var count = 0L;
        var from = files.File(Pictures);
        Directory.CreateDirectory(Path.Combine(part, Pictures));
        foreach (var picture in Directory.EnumerateFiles(from, "*.jpg", SearchOption.AllDirectories).Where(p => File.GetLastWriteTimeUtc(p) <= until.UtcDateTime))
        {
            cancellation.ThrowIfCancellationRequested();
            var name = Path.GetRelativePath(from, picture);
            var copy = Path.Combine(part, Pictures, name);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            try
            {
                if (before is null || Link(Path.Combine(before, Pictures, name), copy) != 0)
                {
                    File.Copy(picture, copy);
                }

                count++;
            }
            catch (FileNotFoundException)
            {
                // its period was over while the backup was taken
            }
        }

        return count;
    }

    private static DateTimeOffset? TimeOf(string backup) =>
        DateTimeOffset.TryParseExact(Path.GetFileName(backup)[Prefix.Length..], Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "sync")]
    private static partial void Sync();

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string from, string to);
}
