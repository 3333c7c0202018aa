using Npgsql;

namespace Anpr.Hub.Storage.Postgres;

/// <content>What works foresee: it is fetched for all of them together, and they are answered with what is known by then.</content>
internal sealed partial class PostgresSession
{
    private readonly HashSet<string> made = new(StringComparer.Ordinal);

    // Those that have asked for something that was not known: they may ask for more once it is.
    private List<Action<IStoreLookup>> Look(IReadOnlyList<Action<IStoreLookup>> foresight)
    {
        var lookup = new Known(this);
        var waiting = new List<Action<IStoreLookup>>();
        foreach (var look in foresight)
        {
            lookup.IsWaiting = false;
            look(lookup);
            if (lookup.IsWaiting)
            {
                waiting.Add(look);
            }
        }

        return waiting;
    }

    private void FetchUnforeseen()
    {
        Interlocked.Increment(ref unforeseen);
        Fetch();
    }

    // Each statement sees what was committed before it, those behind the turn what is there when it comes.
    private void Fetch(bool takesTurn = false)
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
            return;
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

    public void Made(string id) => made.Add(id);

    // Both ends begin with an id that was made in this transaction.
    private bool IsOfMade(string from, string to)
    {
        var length = from.IndexOf('|', StringComparison.Ordinal);
        return length > 0 && made.Count > 0 && made.Contains(from[..length]) && to.AsSpan().StartsWith(from.AsSpan(0, length + 1), StringComparison.Ordinal);
    }

    // What is known by now; what is not known is noted and fetched with all the rest.
    private sealed class Known(PostgresSession session) : IStoreLookup
    {
        /// <summary>Something was asked that was not known.</summary>
        public bool IsWaiting { get; set; }

        public T? Get<T>(Table<T> table, string id)
            where T : class => Noted(session.Of(table).TryGet(id, out var row)) ? row?.Value : null;

        public IReadOnlyList<T> Range<T>(TableIndex<T> index, string from, string to, int limit, bool newestFirst = false)
            where T : class
        {
            var rows = session.Of(index.Table).Range(index.Name, from, to, limit, newestFirst);
            return Noted(rows is not null) && rows!.Count > 0 ? new StoredRows<T>(rows) : [];
        }

        public bool HasPicture(string sha256) => Noted(session.IsPictureKnown(sha256, out var there)) && there;

        private bool Noted(bool known)
        {
            IsWaiting |= !known;
            return known;
        }
    }
}
