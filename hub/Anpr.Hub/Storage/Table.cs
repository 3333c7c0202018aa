using System.Text.Json;
using System.Text.Json.Serialization;

namespace Anpr.Hub.Storage;

/// <summary>What a store must know of a table to make it: its name and those of its indexes.</summary>
public abstract class Table
{
    /// <summary>What stands for the id where an index is named.</summary>
    internal const string IdName = "id";

    private protected Table(string name) => Name = name;

    /// <summary>Name of the table in the store.</summary>
    public string Name { get; }

    /// <summary>True when other hubs on the same store want to know at once what is written.</summary>
    public bool Shared { get; init; }

    internal abstract IEnumerable<string> IndexNames { get; }

    /// <summary>Names of the indexes whose texts are searched by parts.</summary>
    internal abstract IEnumerable<string> SearchedNames { get; }

    /// <summary>Copies every record from one store to another, some hundreds at a time; what is there already is replaced.</summary>
    /// <param name="from">Nobody writes to it.</param>
    /// <param name="to">The other store.</param>
    /// <param name="copied">Is told after each group how many records more were copied.</param>
    /// <param name="cancellation">Between two groups.</param>
    internal abstract Task CopyAsync(IStore from, IStore to, Action<int> copied, CancellationToken cancellation);

    /// <summary>
    /// Gives every record its keys, so that it is found by an index that was declared after it was stored. Others may write meanwhile: each record
    /// is read within the transaction that writes it.
    /// </summary>
    internal abstract void Rekey(IStore store);

    internal abstract long CountIn(IStore store);
}

/// <summary>
/// A kind of record that the store keeps: how it is named, how it becomes bytes, and by which keys it is found.
/// A feature declares its own tables as static fields and needs nothing else from the store.
/// </summary>
/// <typeparam name="T">An immutable record.</typeparam>
public sealed class Table<T> : Table
    where T : class
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower), new ProtoJson() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private const int CopiedTogether = 1000;

    private readonly List<TableIndex<T>> indexes = [];
    private TableIndex<T>? byId;

    /// <summary>A table whose records are kept as JSON.</summary>
    /// <param name="name">Lower case letters and underscores; unique in the store.</param>
    /// <param name="id">The record's own key, at most 200 characters.</param>
    public Table(string name, Func<T, string> id)
        : base(name)
    {
        (Id, Write, Read) = (id, value => JsonSerializer.SerializeToUtf8Bytes(value, Json), (_, bytes) => JsonSerializer.Deserialize<T>(bytes, Json)!);
    }

    /// <summary>A table whose records are wholly in their ids: nothing else is kept, sent or read.</summary>
    /// <param name="name">Lower case letters and underscores; unique in the store.</param>
    /// <param name="id">The record's own key, at most 200 characters.</param>
    /// <param name="read">The record of an id.</param>
    public Table(string name, Func<T, string> id, Func<string, T> read)
        : base(name)
    {
        (Id, Write, Read) = (id, _ => [], (key, _) => read(key));
    }

    /// <summary>The record's own key.</summary>
    public Func<T, string> Id { get; }

    /// <summary>The records in the order of their ids. It costs nothing: every store has it.</summary>
    public TableIndex<T> ById => byId ??= new TableIndex<T>(this, IdName, Id);

    /// <summary>All declared indexes, in their order of declaration.</summary>
    public IReadOnlyList<TableIndex<T>> Indexes => indexes;

    internal override IEnumerable<string> IndexNames => indexes.Select(index => index.Name);

    internal override IEnumerable<string> SearchedNames => indexes.Where(index => index.Searched).Select(index => index.Name);

    internal override async Task CopyAsync(IStore from, IStore to, Action<int> copied, CancellationToken cancellation)
    {
        foreach (var group in from.All(this).Chunk(CopiedTogether))
        {
            cancellation.ThrowIfCancellationRequested();
            await to.WriteAsync(
                writer =>
                {
                    foreach (var record in group)
                    {
                        writer.Put(this, record);
                    }

                    return true;
                },
                cancellation: cancellation);
            copied(group.Length);
        }
    }

    internal override void Rekey(IStore store)
    {
        foreach (var ids in store.All(this).Select(Id).Chunk(CopiedTogether))
        {
            store.WriteAsync(
                writer =>
                {
                    foreach (var id in ids)
                    {
                        writer.Rekey(this, id);
                    }

                    return true;
                },
                lookup =>
                {
                    foreach (var id in ids)
                    {
                        lookup.Get(this, id);
                    }
                }).GetAwaiter().GetResult();
        }
    }

    internal override long CountIn(IStore store) => store.Count(this);

    internal Func<T, byte[]> Write { get; }

    /// <summary>The record of an id and its bytes.</summary>
    internal Func<string, byte[], T> Read { get; }

    /// <summary>
    /// Declares one more way to find records. Keys are compared character by character (ordinal), so times must be
    /// written with a fixed width: see <see cref="Keys"/>. A null key leaves the record out of range queries.
    /// </summary>
    /// <param name="name">Letters and digits; unique in the table.</param>
    /// <param name="key">The key of a record.</param>
    /// <param name="searched">Its keys are <c>text|time</c>, and texts are looked for by their parts.</param>
    public TableIndex<T> Index(string name, Func<T, string?> key, bool searched = false)
    {
        var index = new TableIndex<T>(this, name, key, searched);
        indexes.Add(index);
        return index;
    }
}

/// <summary>One way to find the records of a table.</summary>
/// <param name="Table">The table it belongs to.</param>
/// <param name="Name">Letters and digits; unique in the table.</param>
/// <param name="Key">The key of a record, at most 400 characters; null when it is not to be found this way.</param>
/// <param name="Searched">Its keys are <c>text|time</c>, and texts are looked for by their parts: see <see cref="IStoreReader.Like"/>.</param>
public sealed record TableIndex<T>(Table<T> Table, string Name, Func<T, string?> Key, bool Searched = false)
    where T : class;
