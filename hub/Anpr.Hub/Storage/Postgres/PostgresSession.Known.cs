namespace Anpr.Hub.Storage.Postgres;

/// <content>What a work that foresees is answered with.</content>
internal sealed partial class PostgresSession
{
    private readonly HashSet<string> made = new(StringComparer.Ordinal);

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
