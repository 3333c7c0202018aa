namespace Anpr.Hub.Storage.Postgres;

/// <summary>A row with its record, which is made of its bytes when it is asked for.</summary>
internal sealed class StoredRow<T>
    where T : class
{
    private readonly Table<T>? table;
    private byte[]? body;
    private T? value;

    /// <summary>A row that was read.</summary>
    public StoredRow(Table<T> table, string id, string key, byte[] body) => (this.table, Id, Key, this.body) = (table, id, key, body);

    /// <summary>A row that is to be written.</summary>
    public StoredRow(string id, string key, T value) => (Id, Key, this.value) = (id, key, value);

    /// <summary>The order of rows in an index: by key, then by id.</summary>
    public static Comparison<StoredRow<T>> Order { get; } = (a, b) => Compare(a.Key, a.Id, b.Key, b.Id);

    /// <summary>The record's id.</summary>
    public string Id { get; }

    /// <summary>Its key in the index by which it was found.</summary>
    public string Key { get; }

    /// <summary>The record.</summary>
    public T Value
    {
        get
        {
            if (value is null)
            {
                value = table!.Read(Id, body!);
                body = null;
            }

            return value;
        }
    }

    /// <summary><see cref="Order"/> of keys and ids.</summary>
    public static int Compare(string key, string id, string otherKey, string otherId) =>
        string.CompareOrdinal(key, otherKey) is not 0 and var order ? order : string.CompareOrdinal(id, otherId);
}
