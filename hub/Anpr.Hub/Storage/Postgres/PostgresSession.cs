using System.Security.Cryptography;
using Npgsql;

namespace Anpr.Hub.Storage.Postgres;

/// <summary>
/// The writer's transactions. What the works of a group will read is fetched for all of them together, what they write stays in memory until
/// the commit and is sent together: a group of any size costs a handful of ways to the database.
/// </summary>
/// <param name="source">Where to connect.</param>
/// <param name="tables">All tables that will be written.</param>
/// <param name="me">This hub, for its notices.</param>
/// <param name="unsure">Is told when a commit may have been stored although its works were told that it failed. All hubs wait meanwhile: it only signals.</param>
internal sealed partial class PostgresSession(NpgsqlDataSource source, IReadOnlyList<Table> tables, string me, Action unsure) : IStoreWriter, WriteQueue.ITransactions, IDisposable
{
    // A sighting's own records, the vehicles that may be its, their sightings beside it in time, what was seen with those. A round in which
    // nothing more is wanted is the last.
    private const int Rounds = 4;

    private readonly HashSet<string> known = [.. tables.Select(t => t.Name)];
    private readonly Dictionary<string, Fetched> fetched = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Pending> pending = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> pictures = new(StringComparer.Ordinal);
    private readonly HashSet<string> picturesGone = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> picturesKnown = new(StringComparer.Ordinal);
    private readonly HashSet<string> picturesWanted = new(StringComparer.Ordinal);
    private NpgsqlConnection? connection;
    private NpgsqlTransaction? transaction;
    private string number = "";
    private bool unanswered;
    private long unforeseen;

    /// <summary>Ways to the database that works took by themselves, because nobody had foreseen what they read. All hubs wait meanwhile.</summary>
    public long Unforeseen => Interlocked.Read(ref unforeseen);

    public IStoreWriter Begin(IReadOnlyList<Action<IStoreLookup>> foresight)
    {
        IReadOnlyList<Action<IStoreLookup>> waiting;
        try
        {
            waiting = TakeTurn(foresight);
        }
        catch (Exception error) when (connection is not null && IsFailure(error))
        {
            Dispose(); // the database may have been started anew since: nothing was sent yet
            waiting = TakeTurn(foresight);
        }

        if (unanswered)
        {
            unanswered = false;
            unsure();
        }

        for (var round = 1; round < Rounds && waiting.Count > 0; round++)
        {
            waiting = Look(waiting);
            Fetch();
        }

        return this;
    }

    // What is wanted first is known before it is this hub's turn, and comes with it.
    private List<Action<IStoreLookup>> TakeTurn(IReadOnlyList<Action<IStoreLookup>> foresight)
    {
        fetched.Clear();
        pending.Clear();
        pictures.Clear();
        picturesGone.Clear();
        picturesKnown.Clear();
        picturesWanted.Clear();
        var waiting = Look(foresight);
        connection ??= source.OpenConnection();
        transaction = connection.BeginTransaction();
        Fetch(takesTurn: true);
        return waiting;
    }

    public void Commit()
    {
        using var batch = new NpgsqlBatch(connection, transaction);
        if (pictures.Count > 0)
        {
            batch.Add(Sql.PutPictures, [pictures.Keys.ToArray(), pictures.Values.ToArray()]);
        }

        if (picturesGone.Count > 0)
        {
            batch.Add(Sql.DeletePictures, [picturesGone.ToArray()]);
        }

        var notices = new List<string>();
        foreach (var table in pending.Values)
        {
            var (rows, gone) = table.Changes();
            if (rows.Count > 0)
            {
                batch.Add(Sql.Put(table.Table), [rows.Select(r => r.Id).ToArray(), rows.Select(r => r.Body).ToArray(), .. Enumerable.Range(0, rows[0].Keys.Count).Select(k => rows.Select(r => r.Keys[k]).ToArray())]);
            }

            if (gone.Count > 0)
            {
                batch.Add(Sql.Delete(table.Table), [gone.ToArray()]);
            }

            notices.AddRange(table.Table.Shared ? Notices.Write(me, table.Table.Name, table.Changed) : []);
        }

        if (notices.Count > 0)
        {
            batch.Add(Sql.Notify, [notices.ToArray()]);
        }

        batch.Add(Sql.Commit, []);
        try
        {
            batch.ExecuteNonQuery();
        }
        catch (Exception error) when (IsFailure(error) && IsStored())
        {
            return; // the answer was lost, not the commit
        }

        End();
    }

    // A commit that nobody answered may have been stored: the database knows.
    private bool IsStored()
    {
        try
        {
            Dispose();
            using var asking = source.OpenConnection();
            using var outcome = asking.Command(Sql.Outcome, [number]);
            return outcome.ExecuteScalar() as string == "committed";
        }
        catch (Exception error) when (IsFailure(error))
        {
            unanswered = true; // told as failed: who listens reads anew once there is a database
            return false;
        }
    }

    public void Rollback()
    {
        try
        {
            transaction?.Rollback();
            End();
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            Dispose(); // the database ends what a lost connection had begun
        }
    }

    public bool IsFailure(Exception error) => PostgresStore.IsFailure(error);

    public T? Get<T>(Table<T> table, string id)
        where T : class
    {
        if (pending.TryGetValue(table.Name, out var changes) && ((Pending<T>)changes).TryGet(id, out var value))
        {
            return value;
        }

        if (!Of(table).TryGet(id, out var row))
        {
            FetchUnforeseen();
            Of(table).TryGet(id, out row);
        }

        return row?.Value;
    }

    public IReadOnlyList<T> Range<T>(TableIndex<T> index, string from, string to, int limit, bool newestFirst = false)
        where T : class
    {
        var changes = PendingOf(index.Table);
        for (var wanted = limit; ;)
        {
            var rows = Rows(index, from, to, wanted, newestFirst);
            var changed = rows.Count < wanted || changes.Count == 0 ? 0 : rows.Count(r => changes.TryGet(r.Id, out _));
            if (rows.Count < wanted || rows.Count - changed >= limit)
            {
                return changes.Merge(index, from, to, limit, newestFirst, rows);
            }

            wanted = limit + (2 * changed); // of what the database holds, so many no longer count
        }
    }

    public IReadOnlyList<T> Like<T>(TableIndex<T> index, string pattern, string from, string to, int limit)
        where T : class => throw new NotSupportedException("a transaction looks for whole keys only");

    public IReadOnlyList<T> Page<T>(Table<T> table, string after, int limit)
        where T : class
    {
        var records = new List<T>(Range(table.ById, after, Keys.Last.ToString(), limit == int.MaxValue ? limit : limit + 1));
        if (records.Count > 0 && table.Id(records[0]) == after)
        {
            records.RemoveAt(0);
        }

        return records.Count > limit ? records[..limit] : records;
    }

    public long Count<T>(Table<T> table)
        where T : class
    {
        var changes = PendingOf(table);
        Interlocked.Increment(ref unforeseen);
        using var command = connection!.Command(Sql.Count(table), [changes.Ids.ToArray()]);
        return (long)command.ExecuteScalar()! + changes.Live;
    }

    public byte[]? Picture(string sha256)
    {
        if (pictures.TryGetValue(sha256, out var put))
        {
            return put;
        }

        if (picturesGone.Contains(sha256))
        {
            return null;
        }

        Interlocked.Increment(ref unforeseen);
        using var command = connection!.Command(Sql.Picture, [sha256]);
        return (byte[]?)command.ExecuteScalar();
    }

    public bool HasPicture(string sha256)
    {
        if (pictures.ContainsKey(sha256) || picturesGone.Contains(sha256))
        {
            return pictures.ContainsKey(sha256);
        }

        if (!IsPictureKnown(sha256, out var there))
        {
            Fetch();
            IsPictureKnown(sha256, out there);
        }

        return there;
    }

    public void Put<T>(Table<T> table, T value)
        where T : class
    {
        if (!known.Contains(table.Name))
        {
            throw new InvalidOperationException($"the store was opened without the table {table.Name}");
        }

        PendingOf(table).Set(table.Id(value), value);
    }

    public void Rekey<T>(Table<T> table, string id)
        where T : class
    {
        if (Get(table, id) is { } record && !PendingOf(table).TryGet(id, out _))
        {
            PendingOf(table).Rekey(id, record);
        }
    }

    public void Delete<T>(Table<T> table, string id)
        where T : class => PendingOf(table).Set(id, null);

    public string PutPicture(ReadOnlyMemory<byte> bytes)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes.Span));
        pictures[sha256] = bytes.ToArray();
        picturesGone.Remove(sha256);
        return sha256;
    }

    public void DeletePicture(string sha256)
    {
        pictures.Remove(sha256);
        picturesGone.Add(sha256);
    }

    public void Dispose()
    {
        End();
        connection?.Dispose();
        connection = null;
    }

    private void End()
    {
        transaction?.Dispose();
        transaction = null;
        made.Clear();
    }

    private List<StoredRow<T>> Rows<T>(TableIndex<T> index, string from, string to, int limit, bool newestFirst)
        where T : class
    {
        if (IsOfMade(from, to))
        {
            return [];
        }

        var table = Of(index.Table);
        if (table.Range(index.Name, from, to, limit, newestFirst) is { } rows)
        {
            return rows;
        }

        FetchUnforeseen();
        return table.Range(index.Name, from, to, limit, newestFirst)!;
    }

    private Fetched<T> Of<T>(Table<T> table)
        where T : class
    {
        if (!fetched.TryGetValue(table.Name, out var rows))
        {
            fetched[table.Name] = rows = new Fetched<T>(table);
        }

        return (Fetched<T>)rows;
    }

    private Pending<T> PendingOf<T>(Table<T> table)
        where T : class
    {
        if (!pending.TryGetValue(table.Name, out var changes))
        {
            pending[table.Name] = changes = new Pending<T>(table);
        }

        return (Pending<T>)changes;
    }
}
