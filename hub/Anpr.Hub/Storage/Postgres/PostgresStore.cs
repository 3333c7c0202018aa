using DbUp;
using DbUp.Engine;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Anpr.Hub.Storage.Postgres;

/// <summary>
/// The store of a hub that has outgrown one machine: any number of hubs over one PostgreSQL cluster. Its tables hold the same records, in the
/// same bytes and under the same keys, as the embedded store.
/// </summary>
public sealed class PostgresStore : IStore
{
    private readonly NpgsqlDataSource source;
    private readonly PostgresSession session;
    private readonly WriteQueue queue;
    private readonly Notices notices;

    private PostgresStore(NpgsqlDataSource source, IReadOnlyList<Table> tables, ILogger log)
    {
        this.source = source;
        var me = Guid.NewGuid().ToString("N");
        session = new PostgresSession(source, tables, me, () => notices!.TellUnknown());
        queue = new WriteQueue(session, log);
        notices = new Notices(source, me, written => Elsewhere?.Invoke(written), log);
    }

    /// <inheritdoc/>
    public event Action<WrittenElsewhere>? Elsewhere;

    /// <summary>Ways to the database that works took by themselves since the store was opened: what they read should have been foreseen.</summary>
    internal long Unforeseen => session.Unforeseen;

    /// <summary>Connects, and makes the tables and indexes that are missing.</summary>
    /// <param name="connection">Npgsql's connection string.</param>
    /// <param name="tables">All tables that will be written.</param>
    /// <param name="log">Told once when the store begins to fail, and once when it works again.</param>
    /// <exception cref="StoreUnreachableException">The string is none, or nobody answers or lets it in.</exception>
    public static PostgresStore Open(string connection, IReadOnlyList<Table> tables, ILogger<PostgresStore>? log = null)
    {
        var settings = Settings(connection);
        try
        {
            var rekeyed = Upgrade(settings.ConnectionString, tables);
            var store = new PostgresStore(NpgsqlDataSource.Create(settings), tables, log ?? NullLogger<PostgresStore>.Instance);
            foreach (var table in rekeyed)
            {
                table.Rekey(store);
                store.Ask(Sql.Keyed, table.Name); // last: a start that was cut off is gone on with
            }

            return store;
        }
        catch (NpgsqlException error)
        {
            throw new StoreUnreachableException($"PostgreSQL at {settings.Host}, database {settings.Database}: {error.Message.Split('\n')[0].Trim().TrimEnd('.')}. Start it, or mend --store.", error);
        }
    }

    /// <inheritdoc/>
    public Task<TResult> WriteAsync<TResult>(Func<IStoreWriter, TResult> work, Action<IStoreLookup>? foresee = null, CancellationToken cancellation = default)
        => queue.RunAsync(work, foresee, cancellation);

    /// <inheritdoc/>
    public T? Get<T>(Table<T> table, string id)
        where T : class => Read(table, Sql.Get(table), [new[] { id }]) is [var only] ? only : null;

    /// <inheritdoc/>
    public IReadOnlyList<T> Range<T>(TableIndex<T> index, string from, string to, int limit, bool newestFirst = false)
        where T : class => Read(index.Table, Sql.Range(index.Table, index.Name, newestFirst), [from, to, (long)limit]);

    /// <inheritdoc/>
    public IReadOnlyList<T> Like<T>(TableIndex<T> index, string pattern, string from, string to, int limit)
        where T : class => Read(index.Table, Sql.Like(index.Table, index.Name), [pattern.Replace('*', '%').Replace('?', '_'), from, to, (long)limit]);

    /// <inheritdoc/>
    public IReadOnlyList<T> Page<T>(Table<T> table, string after, int limit)
        where T : class => Read(table, Sql.Page(table), [after, (long)limit]);

    /// <inheritdoc/>
    public long Count<T>(Table<T> table)
        where T : class => (long)Ask(Sql.Count(table), Array.Empty<string>())!;

    /// <inheritdoc/>
    public byte[]? Picture(string sha256) => (byte[]?)Ask(Sql.Picture, sha256);

    /// <inheritdoc/>
    public bool HasPicture(string sha256) => Ask(Sql.HasPictures, new[] { sha256 }) is not null;

    /// <summary>Finishes what waits and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await queue.DisposeAsync();
        await notices.DisposeAsync();
        session.Dispose();
        await source.DisposeAsync();
    }

    // What is wrong with a work's own values must not look like a failing store.
    internal static bool IsFailure(Exception error) => error switch
    {
        PostgresException { SqlState: "42501" } => true, // rights were taken away
        PostgresException { SqlState: [var a, var b, ..] } => $"{a}{b}" is "08" or "28" or "3D" or "25" or "40" or "53" or "55" or "57" or "58" or "XX",
        NpgsqlException or ObjectDisposedException or IOException or TimeoutException => true,
        _ => false,
    };

    private static NpgsqlConnectionStringBuilder Settings(string connection)
    {
        try
        {
            var settings = new NpgsqlConnectionStringBuilder(connection) { ApplicationName = "anpr-hub", MaxAutoPrepare = 200, AutoPrepareMinUsages = 2, KeepAlive = 30 };
            if (string.IsNullOrEmpty(settings.Host) || string.IsNullOrEmpty(settings.Database))
            {
                throw new StoreUnreachableException("--store: give Host and Database, such as 'Host=db.example;Database=anpr;Username=anpr'.", inner: null);
            }

            // Tables grow from nothing: a plan that was made while they were small must not read them whole later. A hub that has lost its
            // network in the middle of a transaction must not keep the others waiting.
            settings.Options = $"{settings.Options} -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off -c lock_timeout=10s -c idle_in_transaction_session_timeout=15s".Trim();
            return settings;
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new StoreUnreachableException($"--store: {error.Message.Split('\n')[0].TrimEnd('.')}. Give an Npgsql connection string, such as 'Host=db.example;Database=anpr;Username=anpr'.", error);
        }
    }

    // One script for each table and index, remembered by its name: what is declared later is made later. Answers the tables whose records
    // are not yet all found by an index that was, now or before a start that was cut off.
    internal static List<Table> Upgrade(string connection, IReadOnlyList<Table> tables)
    {
        var scripts = tables
            .SelectMany(t => (SqlScript[])
            [
                new(t.Name, Sql.MakeTable(t)),
                .. t.IndexNames.Select(i => new SqlScript($"{t.Name}.{i}", Sql.MakeIndex(t, i))),
                .. t.SearchedNames.Select(i => new SqlScript($"{t.Name}.{i}.parts", Sql.MakeSearched(t, i))),
            ])
            .Prepend(new SqlScript("0.unkeyed", Sql.MakeUnkeyed))
            .Prepend(new SqlScript("0.trigrams", "CREATE EXTENSION IF NOT EXISTS pg_trgm"))
            .Prepend(new SqlScript(Sql.Pictures, "CREATE TABLE pictures (id text COLLATE \"C\" PRIMARY KEY, bytes bytea NOT NULL); ALTER TABLE pictures ALTER bytes SET STORAGE EXTERNAL"));
        using var alone = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Pooling = false }.ConnectionString); // its end lets go of the lock
        alone.Open();
        using (var turn = new NpgsqlCommand("SELECT pg_advisory_lock(4724)", alone))
        {
            turn.ExecuteNonQuery(); // another hub may start at the same time
        }

        var result = DeployChanges.To.PostgresqlDatabase(connection).WithScripts(scripts).WithTransactionPerScript().LogToNowhere().Build().PerformUpgrade();
        if (!result.Successful)
        {
            throw result.Error is NpgsqlException ? result.Error : new StoreUnreachableException($"{result.ErrorScript?.Name}: {result.Error.Message}", result.Error);
        }

        using var asking = new NpgsqlCommand(Sql.Unkeyed, alone);
        using var reader = asking.ExecuteReader();
        var unkeyed = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read())
        {
            unkeyed.Add(reader.GetString(0));
        }

        return [.. tables.Where(t => unkeyed.Contains(t.Name))];
    }

    private IReadOnlyList<T> Read<T>(Table<T> table, string sql, object[] values)
        where T : class
    {
        try
        {
            using var command = source.Command(sql, values);
            using var reader = command.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read())
            {
                rows.Add(Fetched<T>.RowOf(table, reader, 0).Value);
            }

            return rows;
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw new StoreFailedException(error);
        }
    }

    private object? Ask(string sql, object value)
    {
        try
        {
            using var command = source.Command(sql, [value]);
            return command.ExecuteScalar();
        }
        catch (Exception error) when (IsFailure(error))
        {
            throw new StoreFailedException(error);
        }
    }
}
