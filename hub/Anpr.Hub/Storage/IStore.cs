namespace Anpr.Hub.Storage;

/// <summary>
/// The seam between the hub and what keeps its records. Reads may run on any thread beside writes and see the last
/// commit; all writes go through one queue, are grouped, and are durable when their task completes.
/// </summary>
public interface IStore : IStoreReader, IAsyncDisposable
{
    /// <summary>
    /// Another hub on the same store has written records of tables that are <see cref="Table.Shared"/>. Raised on any thread, after they are stored.
    /// </summary>
    event Action<WrittenElsewhere>? Elsewhere;

    /// <summary>
    /// Runs <paramref name="work"/> as one transaction and completes once it is durably stored. Works that wait at the same
    /// time share a commit. The work runs on the writer's thread, must touch nothing but the writer it is given, and may
    /// be run a second time when a neighbour in the same group failed.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The store was closed before the work could run.</exception>
    /// <exception cref="StoreFailedException">The disk is full or fails: nothing is promised.</exception>
    /// <param name="work">What to do.</param>
    /// <param name="foresee">
    /// Reads what the work is going to read, so that a store behind a network can fetch it for a whole group at once. It is run several
    /// times before the work, with null and empty answers where something is not known yet. Null: what the work reads is fetched one by one.
    /// </param>
    /// <param name="cancellation">Before the work is taken up.</param>
    Task<TResult> WriteAsync<TResult>(Func<IStoreWriter, TResult> work, Action<IStoreLookup>? foresee = null, CancellationToken cancellation = default);
}

/// <summary>What another hub has written.</summary>
/// <param name="Table">Name of the table; null when notices may have been lost: then anything may be new.</param>
/// <param name="Ids">The records.</param>
public sealed record WrittenElsewhere(string? Table, IReadOnlyList<string> Ids);

/// <summary>How one record, or a range of them, is found.</summary>
public interface IStoreLookup
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

    /// <summary>True when a picture with this SHA-256 (lower-case hex) is kept; its bytes are not looked at.</summary>
    bool HasPicture(string sha256);
}

/// <summary>
/// What can be asked of the store. Everything may throw <see cref="StoreFailedException"/> while the disk fails; nothing is
/// ever missing from an answer for that reason.
/// </summary>
public interface IStoreReader : IStoreLookup
{
    /// <summary>The records with these ids, in their order; those that are not there are left out.</summary>
    IReadOnlyList<T> Get<T>(Table<T> table, IReadOnlyCollection<string> ids)
        where T : class => [.. ids.Select(id => Get(table, id)).OfType<T>()];

    /// <summary>
    /// Records of an index whose keys are <c>text|time</c> (<see cref="Keys.Time"/>), whose text fits a pattern of 0-9 and A-Z (<c>?</c> one character,
    /// <c>*</c> any number) and whose time lies between the two (included), newest first. Quick where the index is
    /// <see cref="TableIndex{T}.Searched"/> and the pattern has three known characters in a row.
    /// </summary>
    IReadOnlyList<T> Like<T>(TableIndex<T> index, string pattern, string from, string to, int limit)
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

    /// <summary>Writes a record under the keys that its table declares now; it stays as it is, and other hubs are told nothing. Nothing happens when there is none.</summary>
    void Rekey<T>(Table<T> table, string id)
        where T : class;

    /// <summary>Removes the record with this id; nothing happens when there is none.</summary>
    void Delete<T>(Table<T> table, string id)
        where T : class;

    /// <summary>Says that an id was made in this transaction: no record that is kept has it in a key, so that none is looked for.</summary>
    void Made(string id);

    /// <summary>Keeps a picture and returns its SHA-256 (lower-case hex). The same bytes are kept once.</summary>
    string PutPicture(ReadOnlyMemory<byte> bytes);

    /// <summary>Removes a picture that no record names any more; nothing happens when there is none.</summary>
    void DeletePicture(string sha256);
}
