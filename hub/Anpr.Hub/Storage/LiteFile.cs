using LiteDB;

namespace Anpr.Hub.Storage;

/// <summary>
/// Opens the file of the embedded store, or begins it. LiteDB shortens or overwrites a file that it does not know, so the
/// file is looked at first.
/// </summary>
internal static class LiteFile
{
    // LiteDB 5: pages of 8192 bytes; the first holds its name at 32 and its file format after it.
    private const int PageBytes = 8192;
    private const int NameAt = 32;
    private const byte Format = 8;

    private static ReadOnlySpan<byte> Name => "** This is a LiteDB file **"u8;

    /// <summary>The log beside the file.</summary>
    public static string LogOf(string path) => Path.ChangeExtension(path, null) + "-log.db";

    /// <param name="path">Full path.</param>
    /// <param name="begun">It was open before: it must be there.</param>
    /// <exception cref="StoreDamagedException">It is missing, is another file, or LiteDB cannot read it.</exception>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public static LiteDatabase Open(string path, bool begun)
    {
        if (Fault(path, begun) is { } fault)
        {
            throw new StoreDamagedException(path, fault);
        }

        // Ordinal comparison: keys sort the same on every machine and in every store.
        return Read(path, () => new LiteDatabase(new ConnectionString { Filename = path, Connection = ConnectionType.Direct, Collation = Collation.Binary }));
    }

    /// <summary>Reads the file when it is opened.</summary>
    /// <exception cref="StoreDamagedException">LiteDB cannot read it.</exception>
    public static TResult Read<TResult>(string path, Func<TResult> read)
    {
        try
        {
            return read();
        }
#pragma warning disable CA1031 // a damaged file makes LiteDB throw whatever it stumbles over
        catch (Exception error) when (error is not (IOException or UnauthorizedAccessException or LiteException { InnerException: IOException }))
#pragma warning restore CA1031
        {
            throw new StoreDamagedException(path, $"is damaged ({error.Message.Split('\n')[0].Trim().TrimEnd('.')})", error);
        }
    }

    private static string? Fault(string path, bool begun)
    {
        var file = new FileInfo(path);
        if (!file.Exists || (file.Length == 0 && !begun))
        {
            return begun ? "is missing" : null;
        }

        var head = new byte[NameAt + Name.Length + 1];
        using (var stream = file.OpenRead())
        {
            if (file.Length < PageBytes || stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length || !head.AsSpan(NameAt, Name.Length).SequenceEqual(Name) || head[^1] != Format)
            {
                return "is no store of a hub";
            }
        }

        // A kill while the file grew leaves a part of a page, and the log that holds it whole.
        var log = new FileInfo(LogOf(path));
        return file.Length % PageBytes == 0 || log is { Exists: true, Length: > 0 } ? null : "was cut off";
    }
}
