using Anpr.Hub.Storage;

namespace Anpr.Benchmarks.Link;

/// <summary>The hub's store in memory: what the linker costs without a disk behind it.</summary>
internal sealed class MemoryStore : IStoreWriter
{
    private static readonly Comparer<(string Key, string Id)> Order = Comparer<(string Key, string Id)>.Create((a, b) =>
    {
        var order = string.CompareOrdinal(a.Key, b.Key);
        return order != 0 ? order : string.CompareOrdinal(a.Id, b.Id);
    });

    private readonly Dictionary<string, SortedDictionary<string, object>> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<(string Key, string Id)>> _indexes = new(StringComparer.Ordinal);

    public T? Get<T>(Table<T> table, string id)
        where T : class => Rows(table).TryGetValue(id, out var value) ? (T)value : null;

    public IReadOnlyList<T> Range<T>(TableIndex<T> index, string from, string to, int limit, bool newestFirst = false)
        where T : class
    {
        var keys = Keys(index);
        if (keys.Count == 0 || string.CompareOrdinal(from, to) > 0)
        {
            return [];
        }

        var view = keys.GetViewBetween((from, ""), (to, "\uffff"));
        var rows = Rows(index.Table);
        return [.. (newestFirst ? view.Reverse() : view).Take(limit).Select(key => (T)rows[key.Id])];
    }

    public bool HasPicture(string sha256) => false;

    public void Rekey<T>(Table<T> table, string id)
        where T : class => throw new NotSupportedException();

    public IReadOnlyList<T> Like<T>(TableIndex<T> index, string pattern, string from, string to, int limit)
        where T : class => throw new NotSupportedException();

    public IReadOnlyList<T> Page<T>(Table<T> table, string after, int limit)
        where T : class => [.. Rows(table).SkipWhile(row => string.CompareOrdinal(row.Key, after) <= 0).Take(limit).Select(row => (T)row.Value)];

    public long Count<T>(Table<T> table)
        where T : class => Rows(table).Count;

    public byte[]? Picture(string sha256) => null;

    public void Put<T>(Table<T> table, T value)
        where T : class
    {
        var id = table.Id(value);
        Delete(table, id);
        Rows(table)[id] = value;
        foreach (var index in table.Indexes.Append(table.ById))
        {
            if (index.Key(value) is { } key)
            {
                Keys(index).Add((key, id));
            }
        }
    }

    public void Delete<T>(Table<T> table, string id)
        where T : class
    {
        if (!Rows(table).Remove(id, out var old))
        {
            return;
        }

        foreach (var index in table.Indexes.Append(table.ById))
        {
            if (index.Key((T)old) is { } key)
            {
                Keys(index).Remove((key, id));
            }
        }
    }

    public void Made(string id)
    {
        // it costs nothing to look
    }

    public void DeletePicture(string sha256) => throw new NotSupportedException();

    public string PutPicture(ReadOnlyMemory<byte> bytes) => throw new NotSupportedException("the traffic has no pictures");

    private SortedDictionary<string, object> Rows<T>(Table<T> table)
        where T : class
    {
        if (!_tables.TryGetValue(table.Name, out var rows))
        {
            _tables[table.Name] = rows = new(StringComparer.Ordinal);
        }

        return rows;
    }

    private SortedSet<(string Key, string Id)> Keys<T>(TableIndex<T> index)
        where T : class
    {
        var name = index.Table.Name + "." + index.Name;
        if (!_indexes.TryGetValue(name, out var keys))
        {
            _indexes[name] = keys = new(Order);
        }

        return keys;
    }
}
