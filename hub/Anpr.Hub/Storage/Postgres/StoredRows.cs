using System.Collections;

namespace Anpr.Hub.Storage.Postgres;

/// <summary>Rows that become records when they are looked at: of what is fetched for others, or beside what is looked for, nobody looks at most.</summary>
internal sealed class StoredRows<T>(List<StoredRow<T>> rows) : IReadOnlyList<T>
    where T : class
{
    public int Count => rows.Count;

    public T this[int index] => rows[index].Value;

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var row in rows)
        {
            yield return row.Value;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
