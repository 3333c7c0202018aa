namespace Anpr.Hub.Storage.Postgres;

/// <summary>A row that was read: its record is made of its bytes when it is asked for.</summary>
internal sealed class StoredRow<T>(Table<T> table, string id, string key, byte[] body)
    where T : class
{
    private T? value;

    /// <summary>The record's id.</summary>
    public string Id => id;

    /// <summary>Its key in the index by which it was found.</summary>
    public string Key => key;

    /// <summary>The record.</summary>
    public T Value => value ??= table.Read(body);
}
