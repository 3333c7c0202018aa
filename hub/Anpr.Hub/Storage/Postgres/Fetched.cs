using Npgsql;

namespace Anpr.Hub.Storage.Postgres;

/// <summary>What a transaction has read of one table, and what it is going to read.</summary>
internal abstract class Fetched
{
    /// <summary>Adds the statements that fetch what was asked for and is not known.</summary>
    public abstract void AddTo(NpgsqlBatch batch);

    /// <summary>Takes the answers to what <see cref="AddTo"/> added, and moves on behind them.</summary>
    public abstract void Take(NpgsqlDataReader reader);
}

/// <inheritdoc/>
internal sealed class Fetched<T>(Table<T> table) : Fetched
    where T : class
{
    private readonly Dictionary<string, StoredRow<T>?> records = new(StringComparer.Ordinal);
    private readonly Dictionary<Asked, Found> ranges = [];
    private readonly HashSet<string> wantedRecords = new(StringComparer.Ordinal);
    private readonly Dictionary<Asked, int> wantedRanges = [];
    private readonly List<List<KeyValuePair<Asked, int>>> asked = [];

    /// <summary>False when nobody has looked for the record; it is then fetched next time.</summary>
    public bool TryGet(string id, out StoredRow<T>? row)
    {
        if (records.TryGetValue(id, out row))
        {
            return true;
        }

        wantedRecords.Add(id);
        return false;
    }

    /// <summary>Null when nobody has looked so far through the range; it is then fetched next time. Who looks less far finds it there.</summary>
    public List<StoredRow<T>>? Range(string index, string from, string to, int limit, bool newestFirst)
    {
        var range = new Asked(index, from, to, newestFirst);
        if (ranges.TryGetValue(range, out var found) && (limit <= found.Limit || found.Rows.Count < found.Limit))
        {
            return found.Rows.Count <= limit ? found.Rows : found.Rows.GetRange(0, limit);
        }

        wantedRanges[range] = Math.Max(limit, wantedRanges.GetValueOrDefault(range));
        return null;
    }

    public override void AddTo(NpgsqlBatch batch)
    {
        if (wantedRecords.Count > 0)
        {
            batch.Add(Sql.Get(table), [wantedRecords.ToArray()]);
        }

        asked.Clear();
        foreach (var alike in wantedRanges.GroupBy(r => (r.Key.Index, r.Key.NewestFirst)))
        {
            asked.Add([.. alike]);
            batch.Add(Sql.Ranges(table, alike.Key.Index, alike.Key.NewestFirst), [alike.Select(r => r.Key.From).ToArray(), alike.Select(r => r.Key.To).ToArray(), alike.Select(r => (long)r.Value).ToArray()]);
        }
    }

    public override void Take(NpgsqlDataReader reader)
    {
        if (wantedRecords.Count > 0)
        {
            foreach (var id in wantedRecords)
            {
                records[id] = null;
            }

            while (reader.Read())
            {
                var row = RowOf(table, reader, 0);
                records[row.Id] = row;
            }

            reader.NextResult();
            wantedRecords.Clear();
        }

        foreach (var alike in asked)
        {
            var rows = alike.ConvertAll(_ => new List<StoredRow<T>>());
            while (reader.Read())
            {
                rows[(int)reader.GetInt64(0) - 1].Add(RowOf(table, reader, 1));
            }

            reader.NextResult();
            for (var i = 0; i < rows.Count; i++)
            {
                var (range, limit) = alike[i];
                Sort(rows[i], range.NewestFirst);
                ranges[range] = new(limit, rows[i]);
            }
        }

        wantedRanges.Clear();
    }

    /// <summary>The row in three columns from <paramref name="at"/> on: id, key (null: its id), body.</summary>
    public static StoredRow<T> RowOf(Table<T> table, NpgsqlDataReader reader, int at)
    {
        var id = reader.GetString(at);
        return new(table, id, reader.IsDBNull(at + 1) ? id : reader.GetString(at + 1), reader.GetFieldValue<byte[]>(at + 2));
    }

    // SQL promises no order here, but mostly keeps it.
    private static void Sort(List<StoredRow<T>> rows, bool newestFirst)
    {
        var order = newestFirst ? (a, b) => StoredRow<T>.Order(b, a) : StoredRow<T>.Order;
        for (var i = 1; i < rows.Count; i++)
        {
            if (order(rows[i - 1], rows[i]) > 0)
            {
                rows.Sort(order);
                return;
            }
        }
    }

    private readonly record struct Asked(string Index, string From, string To, bool NewestFirst)
    {
        // Ranges that begin alike are few.
        public override int GetHashCode() => From.GetHashCode(StringComparison.Ordinal);

        public bool Equals(Asked other) => From == other.From && To == other.To && NewestFirst == other.NewestFirst && Index == other.Index;
    }

    // The rows of a range, and how many there might have been.
    private readonly record struct Found(int Limit, List<StoredRow<T>> Rows);
}
