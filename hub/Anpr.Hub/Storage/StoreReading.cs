namespace Anpr.Hub.Storage;

/// <summary>Queries that every store answers through its range query.</summary>
public static class StoreReading
{
    private const int PageSize = 500;

    /// <summary>Records whose key begins with <paramref name="prefix"/>.</summary>
    public static IReadOnlyList<T> Prefix<T>(this IStoreLookup store, TableIndex<T> index, string prefix, int limit, bool newestFirst = false)
        where T : class
        => store.Range(index, prefix, prefix + Keys.Last, limit, newestFirst);

    /// <summary>The newest records of an index, newest first.</summary>
    public static IReadOnlyList<T> Newest<T>(this IStoreLookup store, TableIndex<T> index, int limit)
        where T : class
        => store.Range(index, "0", Keys.Last.ToString(), limit, newestFirst: true);

    /// <summary>Every record of the table in id order, read page by page; writes between two pages may be seen.</summary>
    public static IEnumerable<T> All<T>(this IStoreReader store, Table<T> table)
        where T : class
    {
        for (var after = ""; ;)
        {
            var page = store.Page(table, after, PageSize);
            foreach (var value in page)
            {
                yield return value;
            }

            if (page.Count < PageSize)
            {
                yield break;
            }

            after = table.Id(page[^1]);
        }
    }

    /// <summary>Every record whose key lies between the two (included), in key order, read page by page; a record is met once.</summary>
    public static IEnumerable<T> Scan<T>(this IStoreReader store, TableIndex<T> index, string from, string to)
        where T : class
        => Pages((begin, size) => store.Range(index, begin, to, size), value => index.Key(value)!, index.Table.Id, from);

    /// <summary>Every record of a range in either direction, read page by page; a record is met once.</summary>
    /// <param name="read">The records from a key (included) on, at most so many.</param>
    /// <param name="key">A record's key.</param>
    /// <param name="id">A record's id.</param>
    /// <param name="begin">Where the range begins.</param>
    public static IEnumerable<T> Pages<T>(Func<string, int, IReadOnlyList<T>> read, Func<T, string> key, Func<T, string> id, string begin)
        where T : class
    {
        HashSet<string> met = [];
        for (var size = PageSize; ;)
        {
            var page = read(begin, size);
            foreach (var value in page.Where(v => !met.Contains(id(v))))
            {
                yield return value;
            }

            if (page.Count < size)
            {
                yield break;
            }

            // The next page begins at the last key, which more records may share, in an order that no store promises: it repeats some of
            // those that were met. A page of one key only must grow.
            var last = key(page[^1]);
            if (last == begin)
            {
                size *= 2;
            }
            else
            {
                (begin, size) = (last, PageSize);
                met.Clear();
            }

            met.UnionWith(page.Where(v => key(v) == last).Select(id));
        }
    }
}
