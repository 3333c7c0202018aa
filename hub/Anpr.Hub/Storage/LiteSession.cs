using LiteDB;

namespace Anpr.Hub.Storage;

/// <summary>
/// Reads and writes over one LiteDB file. A record is a document of its id, its bytes and one field per index key, so
/// that no mapper is needed and every store can hold the same bytes. Transactions belong to the writer's thread.
/// </summary>
internal sealed class LiteSession(Func<LiteDatabase> open, PictureFiles pictures) : IStoreWriter, WriteQueue.ITransactions, IDisposable
{
    private const string Body = "b";
    private volatile LiteDatabase database = open();
    private bool broken;
    private readonly HashSet<string> indexed = new(StringComparer.Ordinal);

    public T? Get<T>(Table<T> table, string id)
        where T : class
        => Collection(table).FindById(id) is { } document ? Value(table, document) : null;

    public IReadOnlyList<T> Range<T>(TableIndex<T> index, string from, string to, int limit, bool newestFirst = false)
        where T : class
    {
        var field = Field(index);
        var query = Collection(index.Table).Query().Where(Between(field, from, to));
        var ordered = newestFirst ? query.OrderByDescending(field) : query.OrderBy(field);
        return ordered.Limit(limit).ToEnumerable().Select(document => Value(index.Table, document)).ToList();
    }

    public IReadOnlyList<T> Page<T>(Table<T> table, string after, int limit)
        where T : class
        => Collection(table).Query().Where(BsonExpression.Create("$._id > @0", after)).OrderBy("_id").Limit(limit)
            .ToEnumerable().Select(document => Value(table, document)).ToList();

    public long Count<T>(Table<T> table)
        where T : class => Collection(table).LongCount();

    public byte[]? Picture(string sha256) => pictures.Read(sha256);

    public void Put<T>(Table<T> table, T value)
        where T : class
    {
        EnsureIndexes(table);
        var document = new BsonDocument { ["_id"] = table.Id(value), [Body] = table.Write(value) };
        foreach (var index in table.Indexes)
        {
            if (index.Key(value) is { } key)
            {
                document[Field(index)] = key;
            }
        }

        Collection(table).Upsert(document);
    }

    public void Delete<T>(Table<T> table, string id)
        where T : class => Collection(table).Delete(id);

    public string PutPicture(ReadOnlyMemory<byte> bytes) => pictures.Put(bytes.Span);

    public IStoreWriter Begin()
    {
        if (broken)
        {
            database = open();
            broken = false;
        }

        database.BeginTrans();
        return this;
    }

    public void Commit()
    {
        // Pictures first: a record never names a picture that a power cut could take away.
        pictures.Flush();
        database.Commit();
    }

    public void Rollback()
    {
        pictures.Forget();
        indexed.Clear();
        if (!broken)
        {
            database.Rollback();
        }
    }

    public bool IsFailure(Exception error)
    {
        // What LiteDB says of a document (a key too long) is the work's own fault and must not look like a full disk.
        var failed = error is IOException or ObjectDisposedException or LiteException { InnerException: IOException }
            or LiteException { ErrorCode: LiteException.DATABASE_SHUTDOWN or LiteException.LOCK_TIMEOUT or LiteException.INVALID_DATAFILE_STATE };
        if (failed)
        {
            Break();
        }

        return failed;
    }

    /// <summary>LiteDB closes itself when the disk fails it (it may be full): the next transaction opens the file anew.</summary>
    private void Break()
    {
        broken = true;
        Dispose();
    }

    public void Dispose()
    {
        try
        {
            database.Dispose();
        }
        catch (Exception error) when (error is LiteException or IOException)
        {
            // its log holds every commit; the next one that opens the file takes it from there
        }
    }

    private static T Value<T>(Table<T> table, BsonDocument document)
        where T : class => table.Read(document[Body].AsBinary);

    private static string Field<T>(TableIndex<T> index)
        where T : class => "k_" + index.Name;

    // As a parameter, not in the text: LiteDB compiles and keeps every text that it meets, at 4 ms each.
    private static BsonExpression Between(string field, string from, string to) =>
        BsonExpression.Create($"$.{field} BETWEEN @0 AND @1", from, to);

    // Only the writer makes indexes: making one waits for the collection's write lock, which a reader must never do.
    private void EnsureIndexes<T>(Table<T> table)
        where T : class
    {
        if (!indexed.Add(table.Name))
        {
            return;
        }

        foreach (var index in table.Indexes)
        {
            Collection(table).EnsureIndex(Field(index), "$." + Field(index));
        }
    }

    private ILiteCollection<BsonDocument> Collection<T>(Table<T> table)
        where T : class => database.GetCollection(table.Name);
}
