using Npgsql;

namespace Anpr.Hub.Storage.Postgres;

/// <content>What works foresee: it is fetched for all of them together, and they are answered with what is known by then.</content>
internal sealed partial class PostgresSession
{
    private void Look(IReadOnlyList<Action<IStoreLookup>> foresight)
    {
        var lookup = new Known(this);
        foreach (var look in foresight)
        {
            look(lookup);
        }
    }

    private void FetchUnforeseen()
    {
        Interlocked.Increment(ref unforeseen);
        Fetch();
    }

    // False when nothing was wanted. Each statement sees what was committed before it, those behind the turn what is there when it comes.
    private bool Fetch(bool takesTurn = false)
    {
        using var batch = new NpgsqlBatch(connection, transaction);
        if (takesTurn)
        {
            batch.Add(Sql.Turn, []);
        }

        foreach (var table in fetched.Values)
        {
            table.AddTo(batch);
        }

        if (picturesWanted.Count > 0)
        {
            batch.Add(Sql.HasPictures, [picturesWanted.ToArray()]);
        }

        if (batch.BatchCommands.Count == 0)
        {
            return false;
        }

        using var reader = batch.ExecuteReader();
        if (takesTurn)
        {
            reader.Read();
            number = reader.GetString(0);
            reader.NextResult();
        }

        foreach (var table in fetched.Values)
        {
            table.Take(reader);
        }

        foreach (var sha256 in picturesWanted)
        {
            picturesKnown[sha256] = false;
        }

        while (picturesWanted.Count > 0 && reader.Read())
        {
            picturesKnown[reader.GetString(0)] = true;
        }

        picturesWanted.Clear();
        return true;
    }

    private bool IsPictureKnown(string sha256, out bool there)
    {
        if (picturesKnown.TryGetValue(sha256, out there))
        {
            return true;
        }

        picturesWanted.Add(sha256);
        return false;
    }

    // What is known by now; what is not known is noted and fetched with all the rest.
    private sealed class Known(PostgresSession session) : IStoreLookup
    {
        public T? Get<T>(Table<T> table, string id)
            where T : class => session.Of(table).TryGet(id, out var row) ? row?.Value : null;

        public IReadOnlyList<T> Range<T>(TableIndex<T> index, string from, string to, int limit, bool newestFirst = false)
            where T : class => session.Of(index.Table).Range(index.Name, from, to, limit, newestFirst) is { Count: > 0 } rows ? new Records<T>(rows) : [];

        public bool HasPicture(string sha256) => session.IsPictureKnown(sha256, out var there) && there;
    }

    // Rows that become records when they are looked at: of what is fetched for others nobody looks at most.
    private sealed class Records<T>(List<StoredRow<T>> rows) : IReadOnlyList<T>
        where T : class
    {
        public int Count => rows.Count;

        public T this[int index] => rows[index].Value;

        public IEnumerator<T> GetEnumerator() => rows.Select(r => r.Value).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
