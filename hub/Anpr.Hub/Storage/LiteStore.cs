using Microsoft.Extensions.Logging.Abstractions;

namespace Anpr.Hub.Storage;

/// <summary>
/// The embedded store: one LiteDB file, pictures as files beside it. One process at a time, kept so by a lock file.
/// </summary>
public sealed class LiteStore : IStore
{
    private readonly FileStream lockFile;
    private readonly LiteSession session;
    private readonly WriteQueue queue;

    private LiteStore(FileStream lockFile, string path, string pictures, IEnumerable<Table> tables, ILogger log)
    {
        this.lockFile = lockFile;
        // A lock file that says so belongs to a store that was open before.
        session = new LiteSession(path, lockFile.Length > 0, new PictureFiles(pictures));
        var rekeyed = session.Make(tables);
        if (lockFile.Length == 0)
        {
            lockFile.WriteByte((byte)'1');
            lockFile.Flush(flushToDisk: true);
        }

        queue = new WriteQueue(session, log);
        foreach (var table in rekeyed)
        {
            table.Rekey(this);
            session.Keyed(table);
        }
    }

    /// <summary>Opens or creates the store in a data folder: <c>hub.db</c>, its log, and <c>pictures/</c>.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="tables">All tables that will be written.</param>
    /// <param name="log">Told once when the store begins to fail, and once when it works again.</param>
    /// <exception cref="StoreInUseException">Another process has it open.</exception>
    /// <exception cref="StoreDamagedException">Its file is damaged, or was there and is missing.</exception>
    public static LiteStore Open(string folder, IEnumerable<Table> tables, ILogger<LiteStore>? log = null)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, "hub.db");
        var held = Lock(path + ".lock", path);
        try
        {
            var pictures = Path.Combine(folder, "pictures");
            Directory.CreateDirectory(pictures);
            return new LiteStore(held, path, pictures, tables, log ?? NullLogger<LiteStore>.Instance);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Never raised: there is one hub a file.</remarks>
    public event Action<WrittenElsewhere>? Elsewhere
    {
        add { }
        remove { }
    }

    /// <inheritdoc/>
    public Task<TResult> WriteAsync<TResult>(Func<IStoreWriter, TResult> work, Action<IStoreLookup>? foresee = null, CancellationToken cancellation = default)
        => queue.RunAsync(work, foresee, cancellation);

    /// <inheritdoc/>
    public T? Get<T>(Table<T> table, string id)
        where T : class => session.Get(table, id);

    /// <inheritdoc/>
    public IReadOnlyList<T> Range<T>(TableIndex<T> index, string from, string to, int limit, bool newestFirst = false)
        where T : class => session.Range(index, from, to, limit, newestFirst);

    /// <inheritdoc/>
    public IReadOnlyList<T> Like<T>(TableIndex<T> index, string pattern, string from, string to, int limit)
        where T : class => session.Like(index, pattern, from, to, limit);

    /// <inheritdoc/>
    public IReadOnlyList<T> Page<T>(Table<T> table, string after, int limit)
        where T : class => session.Page(table, after, limit);

    /// <inheritdoc/>
    public long Count<T>(Table<T> table)
        where T : class => session.Count(table);

    /// <inheritdoc/>
    public byte[]? Picture(string sha256) => session.Picture(sha256);

    /// <inheritdoc/>
    public bool HasPicture(string sha256) => session.HasPicture(sha256);

    /// <summary>Copies the file of the store as of its last commit. Writes wait meanwhile; where the file system can share blocks, for a moment only.</summary>
    /// <exception cref="IOException">The copy could not be written.</exception>
    internal async Task CopyAsync(string to, CancellationToken cancellation)
    {
        var failed = await queue.RunAsync(
            _ =>
            {
                try
                {
                    session.CopyTo(to);
                    return null;
                }
                catch (Exception error) when (error is IOException or UnauthorizedAccessException)
                {
                    return error; // the other disk's, not the store's: what others write in this group stands
                }
            },
            foresee: null,
            cancellation);
        if (failed is not null)
        {
            throw new IOException(failed.Message, failed);
        }
    }

    /// <summary>The SHA-256 of every picture.</summary>
    internal IEnumerable<string> Pictures => session.Pictures;

    /// <summary>Finishes what waits, writes the log into the data file and lets other processes in.</summary>
    public async ValueTask DisposeAsync()
    {
        await queue.DisposeAsync();
        session.Dispose();
        await lockFile.DisposeAsync();
    }

    // LiteDB's own file lock lets two writers in on Linux, where .NET takes FileShare.Read as a shared lock.
    private static FileStream Lock(string lockPath, string path)
    {
        try
        {
            return new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or FileNotFoundException))
        {
            throw new StoreInUseException(path, error);
        }
    }
}
