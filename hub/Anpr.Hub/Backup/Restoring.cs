using Anpr.Hub.Access;
using Anpr.Hub.Audit;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Backup;

/// <summary>Makes a hub from a backup, after all of it was found whole.</summary>
internal static class Restoring
{
    /// <summary>Checks a backup and copies it.</summary>
    /// <param name="backup">The folder of one backup.</param>
    /// <param name="files">Where the hub is to be; it holds none.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InputException">There is a hub already, or the backup is damaged: then nothing was written.</exception>
    public static BackupManifest Run(string backup, HubFiles files, TimeProvider time)
    {
        var manifest = BackupManifest.Read(backup);
        if (Directory.Exists(files.Path) && Directory.EnumerateFileSystemEntries(files.Path).Any())
        {
            throw new InputException($"{files.Path} is not empty. Move what is there away, or restore into another folder with --data.");
        }

        if (Fault(backup, manifest) is { } fault)
        {
            throw new InputException($"{backup} is damaged: {fault}. Take an older backup.");
        }

        files.Create();
        Copy(backup, files.Path);
        File.Delete(files.File(BackupManifest.FileName));
        using var held = HubLock.Take(files);
        using var audit = new AuditLog(files.Path, time);
        // Lanes may hold heads of entries that came after the backup: what is written now must not be taken for them.
        audit.Branch();
        audit.Append(AccessDesk.LocalName, "hub.restore", result: $"from the backup of {manifest.At:u}, head {manifest.AuditHead}");
        return manifest;
    }

    private static string? Fault(string backup, BackupManifest manifest)
    {
        foreach (var (name, hash) in manifest.Files)
        {
            var path = Path.Combine(backup, name);
            if (!File.Exists(path) || BackupDesk.HashOf(path) != hash)
            {
                return $"{name} {(File.Exists(path) ? "is not what was backed up" : "is missing")}";
            }
        }

        var pictures = 0L;
        foreach (var picture in Pictures(backup))
        {
            pictures++;
            if (BackupDesk.HashOf(picture) != Path.GetFileNameWithoutExtension(picture))
            {
                return $"{Path.GetRelativePath(backup, picture)} is not what was backed up";
            }
        }

        return pictures != manifest.Pictures ? $"{manifest.Pictures} pictures were backed up, and {pictures} are there" : AuditVerifier.Verify(backup).Fault;
    }

    private static IEnumerable<string> Pictures(string backup) =>
        Directory.Exists(Path.Combine(backup, "pictures")) ? Directory.EnumerateFiles(Path.Combine(backup, "pictures"), "*.jpg", SearchOption.AllDirectories) : [];

    private static void Copy(string from, string to)
    {
        foreach (var folder in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, folder)));
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
