using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Anpr.Hub.Storage;

/// <summary>
/// Pictures as files named by the SHA-256 of their bytes, in 256 folders. A file appears under its name only when it is
/// whole. Written by one thread; read by any.
/// </summary>
internal sealed partial class PictureFiles(string folder)
{
    // From this number of new files on, one flush of the file system costs less than a flush for each.
    private const int FlushTogether = 16;

    private readonly HashSet<string> unflushed = new(StringComparer.Ordinal);
    private readonly HashSet<string> gone = new(StringComparer.Ordinal);

    public string Put(ReadOnlySpan<byte> bytes)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var path = PathOf(sha256);
        gone.Remove(path);
        if (File.Exists(path))
        {
            return sha256;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        unflushed.Add(path);
        var temporary = path + ".new";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1))
        {
            file.Write(bytes);
        }

        return sha256;
    }

    /// <summary>Lets the picture go at the next flush.</summary>
    public void Delete(string sha256)
    {
        if (!IsHash(sha256))
        {
            return;
        }

        var path = PathOf(sha256);
        if (unflushed.Remove(path))
        {
            File.Delete(path + ".new");
        }

        if (File.Exists(path))
        {
            gone.Add(path);
        }
    }

    /// <summary>
    /// Makes everything that was put since the last call durable, and visible under its name; what was deleted has gone for good. When the
    /// records that named it could not be removed after all, they are removed by the next attempt: a file that no record names would stay for ever.
    /// </summary>
    public void Flush()
    {
        foreach (var path in gone)
        {
            File.Delete(path);
        }

        FlushFolders(gone);
        gone.Clear();
        if (unflushed.Count == 0)
        {
            return;
        }

        if (unflushed.Count < FlushTogether)
        {
            foreach (var path in unflushed)
            {
                FlushPath(path + ".new", flushFileSystem: false);
            }
        }
        else
        {
            FlushPath(folder, flushFileSystem: true);
        }

        foreach (var path in unflushed)
        {
            File.Move(path + ".new", path, overwrite: true);
        }

        FlushFolders(unflushed);
        FlushPath(folder, flushFileSystem: false); // the 256 folders may be new themselves
        unflushed.Clear();
    }

    /// <summary>Takes back everything that was put or deleted since the last flush.</summary>
    public void Forget()
    {
        gone.Clear();
        foreach (var path in unflushed)
        {
            try
            {
                File.Delete(path + ".new");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // the next put of the same bytes writes over it
            }
        }

        unflushed.Clear();
    }

    /// <summary>The SHA-256 of every picture that is visible.</summary>
    public IEnumerable<string> All => Directory.EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories).Select(f => Path.GetFileNameWithoutExtension(f));

    /// <summary>True when it is kept, or will be at the next flush.</summary>
    public bool Has(string sha256) => IsHash(sha256) && PathOf(sha256) is var path && !gone.Contains(path) && (unflushed.Contains(path) || File.Exists(path));

    public byte[]? Read(string sha256)
    {
        if (!IsHash(sha256) || !File.Exists(PathOf(sha256)))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(PathOf(sha256));
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == sha256
            ? bytes
            : throw new InvalidDataException($"The picture {PathOf(sha256)} no longer has the bytes that were stored. Restore it from a backup.");
    }

    internal static bool IsHash(string text) =>
        text.Length == 64 && text.All(c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f');

    internal string PathOf(string sha256) => Path.Combine(folder, sha256[..2], sha256 + ".jpg");

    private static void FlushFolders(IEnumerable<string> paths)
    {
        foreach (var parent in paths.Select(path => Path.GetDirectoryName(path)!).Distinct(StringComparer.Ordinal))
        {
            FlushPath(parent, flushFileSystem: false);
        }
    }

    private static void FlushPath(string path, bool flushFileSystem)
    {
        var descriptor = Open(path, 0);
        if (descriptor < 0)
        {
            throw new IOException($"{path} cannot be opened to flush it (errno {Marshal.GetLastPInvokeError()}).");
        }

        var result = flushFileSystem ? SyncFileSystem(descriptor) : Sync(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result != 0)
        {
            throw new IOException($"{path} cannot be flushed to disk (errno {error}). Is the disk full?");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystem(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
