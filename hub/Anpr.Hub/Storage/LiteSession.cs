using Anpr.LiteDb;
using LiteDB;

namespace Anpr.Hub.Storage;

/// <summary>
/// Reads and writes over one LiteDB file. A record is a document of its id, its bytes and one field per index key, so
/// that no mapper is needed and every store can hold the same bytes. Transactions belong to the writer's thread.
/// </summary>
internal sealed class LiteSession(string path, bool begun, PictureFiles pictures) : IStoreWriter, WriteQueue.ITransactions, IDisposable
{
    private const string Body = "b";

    // Names of tables with an index under which not all their records have a key yet.
    private const string Unkeyed = "unkeyed";
    private const long PageBytes = 8192;

    // Pages that a record or one of its keys may touch: its own, and its neighbours' at each level of the index.
    private const int PagesOfEach = 6;

    // Set aside for each file before each transaction; three times what a group of 512 messages was seen to write.
    private const long HeldBytes = 8 << 20;

    // Readers pass through it, a commit holds it: LiteDB 5.0.20 lets its checkpoint wait behind one read after the other, and gives up after a minute.
    private readonly Lock turnstile = new();
    private readonly HashSet<string> made = new(StringComparer.Ordinal);
    private volatile LiteDatabase? database = LiteFile.Open(path, begun);
    private long usedBytes;
    private long roomBytes;

    /// <summary>
    /// Makes tables and indexes that are missing; before anybody reads, and no later: a read of LiteDB 5.0.20 that meets another
    /// thread's transaction which has just made the collection fails, and that closes the database.
    /// </summary>
    /// <returns>The tables whose records are not yet all found by an index that was made now, or before a start that was cut off.</returns>
    /// <exception cref="StoreDamagedException">LiteDB cannot read what is in the file.</exception>
    public IReadOnlyList<Table> Make(IEnumerable<Table> tables)
    {
        try
        {
            return LiteFile.Read(path, () => MakeAll(tables));
        }
        catch (StoreDamagedException)
        {
            Abandon();
            throw;
        }
    }

    // What the damaged file left open is kept from its finalizer, which would end the process.
    private void Abandon()
    {
        try
        {
            LeftTransactions.Close(database!);
        }
#pragma warning disable CA1031 // why it is abandoned has been said
        catch (Exception)
#pragma warning restore CA1031
        {
            // It holds memory only.
        }
    }

    private List<Table> MakeAll(IEnumerable<Table> tables)
    {
        var indexes = database!.GetCollection("$indexes").FindAll().Select(i => (i["collection"].AsString, i["name"].AsString)).ToHashSet();
        var unkeyed = database.GetCollection(Unkeyed);
        var rekeyed = new List<Table>();
        foreach (var table in tables)
        {
            DiskRoom.Hold(LiteFile.LogOf(path), HeldBytes);
            DiskRoom.Hold(path, HeldBytes);
            var records = database!.GetCollection(table.Name);
            if (table.IndexNames.Any(i => !indexes.Contains((table.Name, Field(i)))) && records.LongCount() > 0)
            {
                unkeyed.Upsert(new BsonDocument { ["_id"] = table.Name }); // before there is an index: a start that is cut off is gone on with
            }

            foreach (var index in table.IndexNames.Select(Field).Append("_id"))
            {
                records.EnsureIndex(index, "$." + index);
            }

            if (unkeyed.FindById(table.Name) is not null)
            {
                rekeyed.Add(table);
            }

            made.Add(table.Name);
        }

        database!.Checkpoint();
        return rekeyed;
    }

    /// <summary>All records of the table have their keys. Before anybody else writes.</summary>
    public void Keyed(Table table)
    {
        database!.GetCollection(Unkeyed).Delete(table.Name);
        database.Checkpoint();
    }

    public T? Get<T>(Table<T> table, string id)
        where T : class
        => Read(table, records => records.FindById(id)) is { } document ? Value(table, document) : null;

    public IReadOnlyList<T> Range<T>(TableIndex<T> index, string from, string to, int limit, bool newestFirst = false)
        where T : class
    {
        if (string.CompareOrdinal(from, to) > 0)
        {
            return []; // LiteDB would turn them round
        }

        var field = Field(index);
        return Read(index.Table, records =>
        {
            var query = records.Query().Where(Between(field, from, to));
            var ordered = newestFirst ? query.OrderByDescending(field) : query.OrderBy(field);
            return ordered.Limit(limit).ToList();
        }).ConvertAll(document => Value(index.Table, document));
    }

    // Walks through the keys of the whole index, and reads the records that fit.
    public IReadOnlyList<T> Like<T>(TableIndex<T> index, string pattern, string from, string to, int limit)
        where T : class
    {
        var like = BsonExpression.Create($"$.{Field(index)} LIKE @0", $"{pattern.Replace('*', '%').Replace('?', '_')}|%");
        return Read(index.Table, records => records.Query().Where(like).ToList()
            .Select(document => (Time: document[Field(index)].AsString.Split('|')[^1], Document: document))
            .Where(row => string.CompareOrdinal(row.Time, from) >= 0 && string.CompareOrdinal(row.Time, to) <= 0)
            .OrderByDescending(row => row.Time, StringComparer.Ordinal).Take(limit).ToList()).ConvertAll(row => Value(index.Table, row.Document));
    }

    public IReadOnlyList<T> Page<T>(Table<T> table, string after, int limit)
        where T : class
        => Read(table, records => records.Query().Where(BsonExpression.Create("$._id > @0", after)).OrderBy("_id").Limit(limit).ToList())
            .ConvertAll(document => Value(table, document));

    public long Count<T>(Table<T> table)
        where T : class => Read(table, records => records.LongCount());

    public IEnumerable<string> Pictures => pictures.All;

    public byte[]? Picture(string sha256) => pictures.Read(sha256);

    public bool HasPicture(string sha256) => pictures.Has(sha256);

    public void Put<T>(Table<T> table, T value)
        where T : class
    {
        if (!made.Contains(table.Name))
        {
            throw new InvalidOperationException($"the store was opened without the table {table.Name}");
        }

        var document = new BsonDocument { ["_id"] = table.Id(value), [Body] = table.Write(value) };
        foreach (var index in table.Indexes)
        {
            if (index.Key(value) is { } key)
            {
                document[Field(index)] = key;
            }
        }

        Use(Touched(table) + (document[Body].AsBinary.Length / PageBytes));
        Collection(table).Upsert(document);
    }

    public void Rekey<T>(Table<T> table, string id)
        where T : class
    {
        if (Get(table, id) is { } record)
        {
            Put(table, record);
        }
    }

    public void Delete<T>(Table<T> table, string id)
        where T : class
    {
        Use(Touched(table));
        Collection(table).Delete(id);
    }

    public string PutPicture(ReadOnlyMemory<byte> bytes) => pictures.Put(bytes.Span);

    public void DeletePicture(string sha256) => pictures.Delete(sha256);

    public void Made(string id)
    {
        // it costs nothing to look
    }

    /// <summary>Copies the data file. On the writer's thread, where nothing but the last checkpoint is in it: what the transaction writes stands in the log.</summary>
    public void CopyTo(string to) => File.Copy(path, to, overwrite: true);

    // Its reads cost no way over a network: nothing is fetched ahead.
    public IStoreWriter Begin(IReadOnlyList<Action<IStoreLookup>> foresight)
    {
        // LiteDB must never meet a full disk: its Commit may return although the last page was lost, its checkpoint may wait
        // for ever, and a transaction that failed on its way ends the process when it is collected.
        DiskRoom.Hold(LiteFile.LogOf(path), HeldBytes);
        DiskRoom.Hold(path, HeldBytes);
        (usedBytes, roomBytes) = (0, HeldBytes);
        (database ??= LiteFile.Open(path, begun: true)).BeginTrans();
        return this;
    }

    public void Commit()
    {
        // Pictures first: a record never names a picture that a power cut could take away.
        pictures.Flush();
        lock (turnstile)
        {
            database!.Commit();

            // LiteDB 5.0.20 writes its log on a queue, and Commit may return before its end. The checkpoint waits for the queue.
            database.Checkpoint();
        }
    }

    public void Rollback()
    {
        pictures.Forget();
        try
        {
            database?.Rollback();
        }
        catch (Exception error) when (IsFailure(error))
        {
            Reopen();
        }
    }

    public bool IsFailure(Exception error) => error is IOException or ObjectDisposedException or StoreDamagedException or LiteException { InnerException: IOException }
        // What LiteDB says of a document (a key too long) is the work's own fault and must not look like a full disk.
        or LiteException { ErrorCode: LiteException.ENGINE_DISPOSED or LiteException.DATABASE_SHUTDOWN or LiteException.LOCK_TIMEOUT or LiteException.INVALID_DATAFILE_STATE };

    public void Dispose()
    {
        try
        {
            database?.Dispose();
        }
        catch (Exception error) when (IsFailure(error))
        {
            // its log holds every commit; the next one that opens the file takes it from there
        }
    }

    /// <summary>LiteDB closes itself for good when the disk fails it. What cannot be opened now is tried again by the next transaction.</summary>
    private void Reopen()
    {
        Dispose();
        database = null;
        try
        {
            database = LiteFile.Open(path, begun: true);
        }
        catch (Exception error) when (IsFailure(error))
        {
            // reads say so until then
        }
    }

    /// <exception cref="StoreFailedException">The store is not open, or closed under the read.</exception>
    private TResult Read<T, TResult>(Table<T> table, Func<ILiteCollection<BsonDocument>, TResult> read)
        where T : class
    {
        lock (turnstile)
        {
            // no commit is under way; one that comes now waits for this read, and no other
        }

        try
        {
            return read(Collection(table));
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw new StoreFailedException(error);
        }
    }

    // A large transaction needs more than is held. It is looked for, not set aside: that would cost more than the writing.
    private void Use(long pages)
    {
        usedBytes += pages * PageBytes;
        if (usedBytes > roomBytes)
        {
            roomBytes = usedBytes + HeldBytes;
            DiskRoom.Need(path, 2 * roomBytes); // the log, and the checkpoint after it
        }
    }

    private static int Touched<T>(Table<T> table)
        where T : class => PagesOfEach * (2 + table.Indexes.Count);

    private static T Value<T>(Table<T> table, BsonDocument document)
        where T : class => table.Read(document["_id"].AsString, document[Body].AsBinary);

    private static string Field<T>(TableIndex<T> index)
        where T : class => Field(index.Name);

    private static string Field(string index) => index == Table.IdName ? "_id" : "k_" + index;

    // As a parameter, not in the text: LiteDB compiles and keeps every text that it meets, at 4 ms each.
    private static BsonExpression Between(string field, string from, string to) =>
        BsonExpression.Create($"$.{field} BETWEEN @0 AND @1", from, to);

    private ILiteCollection<BsonDocument> Collection<T>(Table<T> table)
        where T : class => (database ?? throw new IOException($"{path} is not open")).GetCollection(table.Name);
}
