namespace Anpr.Hub.Storage;

/// <summary>
/// The seam between the hub and what keeps its records. Reads may run on any thread beside writes and see the last
/// commit; all writes go through one queue, are grouped, and are durable when their task completes.
/// </summary>
public interface IStore : IStoreReader, IAsyncDisposable
{
    /// <summary>
    /// Runs <paramref name="work"/> as one transaction and completes once it is durably stored. Works that wait at the same
    /// time share a commit. The work runs on the writer's thread, must touch nothing but the writer it is given, and may
    /// be run a second time when a neighbour in the same group failed.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The store was closed before the work could run.</exception>
    /// <exception cref="StoreFailedException">The disk is full or fails: nothing is promised.</exception>
    Task<TResult> WriteAsync<TResult>(Func<IStoreWriter, TResult> work, CancellationToken cancellation = default);
}

/// <summary>
/// What can be asked of the store. Everything may throw <see cref="StoreFailedException"/> while the disk fails; nothing is
/// ever missing from an answer for that reason.
/// </summary>
public interface IStoreReader
{
    /// <summary>The record with this id, or null.</summary>
    T? Get<T>(Table<T> table, string id)
        where T : class;

    /// <summary>
    /// Records whose key lies between <paramref name="from"/> and <paramref name="to"/> (both included, ordinal), in key
    /// order, at most <paramref name="limit"/>.
    /// </summary>
    IReadOnlyList<T> Range<T>(TableIndex<T> index, string from, string to, int limit, bool newestFirst = false)
        where T : class;

    /// <summary>All records in id order, at most <paramref name="limit"/>, beginning after the id <paramref name="after"/>.</summary>
    IReadOnlyList<T> Page<T>(Table<T> table, string after, int limit)
        where T : class;

    /// <summary>Number of records in the table.</summary>
    long Count<T>(Table<T> table)
        where T : class;

    /// <summary>The picture with this SHA-256 (lower-case hex), or null when the store has none.</summary>
    /// <exception cref="InvalidDataException">The kept bytes no longer have that hash; they must not be shown.</exception>
    byte[]? Picture(string sha256);
}

/// <summary>What a transaction can do; it reads its own writes.</summary>
public interface IStoreWriter : IStoreReader
{
    /// <summary>Inserts the record or replaces the one with its id.</summary>
    void Put<T>(Table<T> table, T value)
        where T : class;

    /// <summary>Removes the record with this id; nothing happens when there is none.</summary>
    void Delete<T>(Table<T> table, string id)
        where T : class;

    /// <summary>Keeps a picture and returns its SHA-256 (lower-case hex). The same bytes are kept once.</summary>
    string PutPicture(ReadOnlyMemory<byte> bytes);
}
