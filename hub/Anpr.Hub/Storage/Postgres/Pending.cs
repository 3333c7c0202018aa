namespace Anpr.Hub.Storage.Postgres;

/// <summary>What a transaction has written to one table and the database does not hold yet.</summary>
internal abstract class Pending(Table table)
{
    /// <summary>The table.</summary>
    public Table Table { get; } = table;

    /// <summary>The ids of all records that were put or deleted.</summary>
    public abstract IReadOnlyCollection<string> Ids { get; }

    /// <summary>Those of them that are another than before: others are told of them.</summary>
    public abstract IEnumerable<string> Changed { get; }

    /// <summary>The rows to insert or replace, and the ids to delete.</summary>
    public abstract (IReadOnlyList<PendingRow> Rows, IReadOnlyList<string> Gone) Changes();
}

/// <summary>A row as the database keeps it.</summary>
/// <param name="Id">The record's id.</param>
/// <param name="Body">Its bytes.</param>
/// <param name="Keys">One key for each index, null where it has none.</param>
internal readonly record struct PendingRow(string Id, byte[] Body, IReadOnlyList<string?> Keys);

/// <inheritdoc/>
internal sealed class Pending<T>(Table<T> table) : Pending(table)
    where T : class
{
    private static readonly Comparer<(string Key, string Id)> Order = Comparer<(string Key, string Id)>.Create((a, b) => StoredRow<T>.Compare(a.Key, a.Id, b.Key, b.Id));

    private readonly Dictionary<string, T?> records = new(StringComparer.Ordinal);
    private readonly HashSet<string> rekeyed = new(StringComparer.Ordinal);

    // Of those indexes in which something was looked for.
    private readonly Dictionary<string, (TableIndex<T> Index, SortedSet<(string Key, string Id)> Set)> keys = new(StringComparer.Ordinal);

    /// <summary>How many records were put or deleted.</summary>
    public int Count => records.Count;

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> Ids => records.Keys;

    /// <inheritdoc/>
    public override IEnumerable<string> Changed => rekeyed.Count == 0 ? records.Keys : records.Keys.Where(id => !rekeyed.Contains(id));

    /// <summary>How many of them are there.</summary>
    public int Live => records.Values.Count(r => r is not null);

    /// <summary>True when the transaction wrote or deleted the record; null of <paramref name="value"/> says deleted.</summary>
    public bool TryGet(string id, out T? value) => records.TryGetValue(id, out value);

    /// <summary>Puts the record, or deletes it when there is none.</summary>
    public void Set(string id, T? value)
    {
        rekeyed.Remove(id);
        if (records.TryGetValue(id, out var old) && old is not null)
        {
            Each(old, (set, key) => set.Remove((key, id)));
        }

        records[id] = value;
        if (value is not null)
        {
            Each(value, (set, key) => set.Add((key, id)));
        }
    }

    /// <summary>Puts a record that is the same as before, under the keys of now.</summary>
    public void Rekey(string id, T value)
    {
        Set(id, value);
        rekeyed.Add(id);
    }

    /// <summary>What the database found in a range, as it will be once this is written.</summary>
    public IReadOnlyList<T> Merge(TableIndex<T> index, string from, string to, int limit, bool newestFirst, List<StoredRow<T>> found)
    {
        var written = records.Count == 0 ? [] : Written(index, from, to);
        if (written.Count == 0 && !IsTouched(found))
        {
            return ValuesOf(found, limit);
        }

        if (newestFirst)
        {
            written.Reverse();
        }

        var rows = new List<StoredRow<T>>(found.Count + written.Count);
        var next = 0;
        foreach (var row in found)
        {
            for (; next < written.Count && StoredRow<T>.Order(written[next], row) is var order && (newestFirst ? order > 0 : order < 0); next++)
            {
                rows.Add(written[next]);
            }

            if (!records.ContainsKey(row.Id))
            {
                rows.Add(row);
            }
        }

        rows.AddRange(written[next..]);
        return ValuesOf(rows, limit);
    }

    private List<StoredRow<T>> Written(TableIndex<T> index, string from, string to)
    {
        var set = KeysOf(index);
        if (set.Count == 0 || string.CompareOrdinal(set.Max.Key, from) < 0 || string.CompareOrdinal(set.Min.Key, to) > 0 || string.CompareOrdinal(from, to) > 0)
        {
            return [];
        }

        return [.. set.GetViewBetween((from, ""), (to, Keys.Last.ToString())).Select(k => new StoredRow<T>(k.Id, k.Key, records[k.Id]!))];
    }

    private bool IsTouched(List<StoredRow<T>> found) => records.Count > 0 && found.Exists(row => records.ContainsKey(row.Id));

    private static IReadOnlyList<T> ValuesOf(List<StoredRow<T>> found, int limit) =>
        found.Count == 0 || limit == 0 ? [] : new StoredRows<T>(found.Count <= limit ? found : found.GetRange(0, limit));

    public override (IReadOnlyList<PendingRow> Rows, IReadOnlyList<string> Gone) Changes() => (
        [.. records.Where(r => r.Value is not null).Select(r => new PendingRow(r.Key, table.Write(r.Value!), [.. table.Indexes.Select(i => i.Key(r.Value!))]))],
        [.. records.Where(r => r.Value is null).Select(r => r.Key)]);

    private SortedSet<(string Key, string Id)> KeysOf(TableIndex<T> index)
    {
        if (!keys.TryGetValue(index.Name, out var known))
        {
            var written = records.Values.OfType<T>().Select(v => (Key: index.Key(v)!, Id: table.Id(v))).Where(k => k.Key is not null);
            keys[index.Name] = known = (index, new SortedSet<(string Key, string Id)>(written, Order));
        }

        return known.Set;
    }

    private void Each(T value, Action<SortedSet<(string Key, string Id)>, string> act)
    {
        foreach (var (index, set) in keys.Values)
        {
            if (index.Key(value) is { } key)
            {
                act(set, key);
            }
        }
    }
}
