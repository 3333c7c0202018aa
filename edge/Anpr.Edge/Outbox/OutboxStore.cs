using Anpr.LiteDb;
using LiteDB;

namespace Anpr.Edge.Outbox;

/// <summary>
/// The outbox's file. Not thread-safe. What was written survives kill -9 and a power cut.
/// </summary>
internal sealed class OutboxStore : IDisposable
{
    private const string ClosedTotalKey = "closed_total";
    private readonly LiteDatabase _database;
    private readonly ILiteCollection<BsonDocument> _messages;
    private readonly ILiteCollection<BsonDocument> _open;
    private readonly ILiteCollection<BsonDocument> _overviews;
    private readonly ILiteCollection<BsonDocument> _refused;
    private readonly ILiteCollection<BsonDocument> _meta;

    /// <summary>Opens or makes <paramref name="file"/>.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    /// <exception cref="LiteException">The file is no outbox.</exception>
    public OutboxStore(string file)
    {
        _database = new LiteDatabase(new ConnectionString { Filename = file, Connection = ConnectionType.Direct });
        _messages = _database.GetCollection("messages");
        _open = _database.GetCollection("open");
        _overviews = _database.GetCollection("overviews");
        _refused = _database.GetCollection("refused");
        _meta = _database.GetCollection("meta");
        try
        {
            ClosedTotal = _meta.FindById(ClosedTotalKey)?["n"].AsInt64 ?? 0;
        }
        catch
        {
            LeftTransactions.Close(_database);
            throw;
        }
    }

    /// <summary>Passages closed since the file was made.</summary>
    public long ClosedTotal { get; private set; }

    /// <summary>All messages, oldest first.</summary>
    public IEnumerable<OutboxMessage> Messages() => _messages.Find(Query.All()).Select(Message);

    /// <summary>Up to <paramref name="count"/> messages after <paramref name="sequence"/>, oldest first.</summary>
    public IReadOnlyList<OutboxMessage> After(long sequence, int count) =>
        [.. _messages.Find(BsonExpression.Create("$._id > @0", sequence), 0, count).Select(Message)];

    /// <summary>Passages that were open at the last commit.</summary>
    public IReadOnlyList<Guid> OpenPassages() => [.. _open.FindAll().Select(d => d["_id"].AsGuid)];

    /// <summary>Overviews that wait.</summary>
    public IReadOnlyList<WaitingOverview> Overviews() => [.. _overviews.FindAll().Select(d =>
        new WaitingOverview(d["_id"].AsGuid, d["revision"].AsInt32, d["sha256"].AsString, d["length"].AsInt32, d["sequence"].AsInt64))];

    /// <summary>Messages that the hub refused.</summary>
    public IReadOnlyList<(OutboxMessage Message, string Reason)> Refused() =>
        [.. _refused.FindAll().Select(d => (Message(d), d["reason"].AsString))];

    /// <summary>Writes all of <paramref name="batch"/> or nothing; on disk when it returns.</summary>
    public void Write(OutboxBatch batch)
    {
        // LiteDB binds a transaction to its thread: nothing here may await.
        _database.BeginTrans();
        try
        {
            WriteAll(batch);
            _database.Commit();
            // LiteDB 5.0.20 writes its log on a queue: Commit may return true before, and even though, the last page reached the disk
            // (seen on a full one). The checkpoint waits for the queue, and works the log into the file.
            _database.Checkpoint();
            _ = _meta.FindById(ClosedTotalKey);
        }
        catch (Exception e) when (e is not IOException)
        {
            // After a failed write to the disk LiteDB has closed itself, and there is nothing to roll back.
            _database.Rollback();
            throw;
        }

        ClosedTotal += batch.Closed.Count;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => LeftTransactions.Close(_database);

    private void WriteAll(OutboxBatch batch)
    {
        _messages.InsertBulk(batch.Add.Select(Document));
        foreach (var (sequence, reason) in batch.Aside)
        {
            if (_messages.FindById(sequence) is { } document)
            {
                document["reason"] = reason;
                _refused.Upsert(document);
                _messages.Delete(sequence);
            }
        }

        foreach (var sequence in batch.Remove)
        {
            _messages.Delete(sequence);
        }

        foreach (var passage in batch.Opened)
        {
            _open.Upsert(new BsonDocument { ["_id"] = passage });
        }

        foreach (var passage in batch.Closed)
        {
            _open.Delete(passage);
        }

        WriteOverviews(batch);
        if (batch.Closed.Count > 0)
        {
            _meta.Upsert(new BsonDocument { ["_id"] = ClosedTotalKey, ["n"] = ClosedTotal + batch.Closed.Count });
        }
    }

    private void WriteOverviews(OutboxBatch batch)
    {
        foreach (var o in batch.Overviews)
        {
            _overviews.Upsert(new BsonDocument
            {
                ["_id"] = o.Sighting,
                ["revision"] = o.Revision,
                ["sha256"] = o.Sha256,
                ["length"] = o.Length,
                ["sequence"] = o.Sequence,
            });
        }

        foreach (var sighting in batch.OverviewsGone)
        {
            _overviews.Delete(sighting);
        }
    }

    private static BsonDocument Document(OutboxMessage m) => new()
    {
        ["_id"] = m.Sequence,
        ["passage"] = m.Passage,
        ["record"] = m.Record,
        ["revision"] = m.Revision,
        ["body"] = m.Body,
    };

    private static OutboxMessage Message(BsonDocument d) =>
        new(d["_id"].AsInt64, d["passage"].AsGuid, d["record"].AsGuid, d["revision"].AsInt32, d["body"].AsBinary);
}
