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
    private static readonly Comparer<(string Key, string Id)> Order = Comparer<(string Key, string Id)>.Create((a, b) =>
        string.CompareOrdinal(a.Key, b.Key) is not 0 and var order ? order : string.CompareOrdinal(a.Id, b.Id));

    private static readonly List<(string Key, string Id)> None = [];

    private readonly Dictionary<string, T?> records = new(StringComparer.Ordinal);
    private readonly HashSet<string> rekeyed = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<(string Key, string Id)>> keys = new(StringComparer.Ordinal);

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
        if (records.Count == 0)
        {
            return ValuesOf(found, limit);
        }

        var written = Written(index.Name, from, to);
        if (written.Count == 0 && !IsTouched(found))
        {
            return ValuesOf(found, limit);
        }

        var rows = found.Where(row => !records.ContainsKey(row.Id)).Select(row => (row.Key, row.Id, Value: (Func<T>)(() => row.Value)))
            .Concat(written.Select(k => (k.Key, k.Id, Value: (Func<T>)(() => records[k.Id]!))));
        var ordered = newestFirst ? rows.OrderByDescending(r => (r.Key, r.Id), Order) : rows.OrderBy(r => (r.Key, r.Id), Order);
        return [.. ordered.Take(limit).Select(r => r.Value())];
    }

    private List<(string Key, string Id)> Written(string index, string from, string to)
    {
        if (!keys.TryGetValue(index, out var set) || set.Count == 0 || string.CompareOrdinal(set.Max.Key, from) < 0 || string.CompareOrdinal(set.Min.Key, to) > 0 || string.CompareOrdinal(from, to) > 0)
        {
            return None;
        }

        List<(string Key, string Id)>? written = null;
        foreach (var key in set.GetViewBetween((from, ""), (to, Keys.Last.ToString())))
        {
            (written ??= []).Add(key);
        }

        return written ?? None;
    }

    private bool IsTouched(IReadOnlyList<StoredRow<T>> found)
    {
        for (var i = 0; i < found.Count; i++)
        {
            if (records.ContainsKey(found[i].Id))
            {
                return true;
            }
        }

        return false;
    }

    private static IReadOnlyList<T> ValuesOf(List<StoredRow<T>> found, int limit) =>
        found.Count == 0 || limit == 0 ? [] : new StoredRows<T>(found.Count <= limit ? found : found.GetRange(0, limit));

    public override (IReadOnlyList<PendingRow> Rows, IReadOnlyList<string> Gone) Changes() => (
        [.. records.Where(r => r.Value is not null).Select(r => new PendingRow(r.Key, table.Write(r.Value!), [.. table.Indexes.Select(i => i.Key(r.Value!))]))],
        [.. records.Where(r => r.Value is null).Select(r => r.Key)]);

    private void Each(T value, Action<SortedSet<(string Key, string Id)>, string> act)
    {
        foreach (var index in table.Indexes.Append(table.ById))
        {
            if (index.Key(value) is { } key)
            {
                if (!keys.TryGetValue(index.Name, out var set))
                {
                    keys[index.Name] = set = new SortedSet<(string Key, string Id)>(Order);
                }

                act(set, key);
            }
        }
    }
}
