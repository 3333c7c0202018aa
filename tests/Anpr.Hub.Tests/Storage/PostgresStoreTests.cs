using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;
using Npgsql;

namespace Anpr.Hub.Tests.Storage;

public sealed class PostgresStoreTests(PostgresFixture postgres) : StoreContract, IClassFixture<PostgresFixture>
{
    private readonly string connection = postgres.Server.NewDatabase();

    private protected override IStore Open(IReadOnlyList<Table> tables) => PostgresStore.Open(connection, tables);

    private protected override void MakeOnly(IReadOnlyList<Table> tables) => PostgresStore.Upgrade(connection, tables);

    [Fact]
    public async Task Rekey_RecordThatAnotherHubChangesMeanwhile_StaysChangedAndIsToldToNobody()
    {
        var old = new Table<Note>("shared_notes", n => n.Id) { Shared = true };
        await using var one = PostgresStore.Open(connection, [old]);
        await one.WriteAsync(w =>
        {
            w.Put(old, new Note("1", "first"));
            return true;
        });
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        var last = new TaskCompletionSource();
        one.Elsewhere += written =>
        {
            written.Ids.ToList().ForEach(told.Enqueue);
            if (written.Ids.Contains("last"))
            {
                last.TrySetResult();
            }
        };
        var later = new Table<Note>("shared_notes", n => n.Id) { Shared = true };
        var byWord = later.Index("word", n => n.Word);

        // The other hub's turn lasts until this one has looked for what it will write and waits for its own.
        await using var other = new NpgsqlConnection(connection);
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var turn = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await AskAsync("SELECT pg_advisory_xact_lock(4723)::text");
        var opening = Task.Run(() => PostgresStore.Open(connection, [later]), TestContext.Current.CancellationToken);
        while (!opening.IsCompleted && await AskAsync("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())") is not 1L)
        {
            await Task.Yield();
        }

        await AskAsync("UPDATE shared_notes SET body = '{\"id\":\"1\",\"word\":\"second\"}' WHERE id = '1'");
        await turn.CommitAsync(TestContext.Current.CancellationToken);
        await using var two = await opening;
        await two.WriteAsync(w =>
        {
            w.Put(later, new Note("last", null));
            return true;
        });

        Assert.Equal("second", two.Get(later, "1")!.Word);
        Assert.Equal(["1"], two.Range(byWord, "second", "second", 9).Select(n => n.Id));
        await last.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("1", told);

        async Task<object?> AskAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, other);
            return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Nothing is sorted, and no row is read to be left out.</summary>
    [Fact]
    public async Task Plan_OfWhatTheWriterAsks_IsOneWalkAlongOneIndex()
    {
        await using var store = PostgresStore.Open(connection, HubFeatures.Tables);
        await using var asking = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connection) { Options = $"-c enable_seqscan=off {PostgresStore.PlannedOnce}" }.ConnectionString);
        await asking.OpenAsync(TestContext.Current.CancellationToken);
        foreach (var table in HubFeatures.Tables)
        {
            foreach (var index in table.IndexNames.Append(Table.IdName))
            {
                foreach (var newestFirst in (bool[])[true, false])
                {
                    var plan = await PlanAsync("text[], text[], bigint[]", Sql.Ranges(table, index, newestFirst), "'{a}', '{b}', '{1}'");
                    Assert.Contains(newestFirst ? "Index Scan Backward using" : "Index Scan using", plan, StringComparison.Ordinal);
                    Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
                    Assert.DoesNotContain("Filter", plan, StringComparison.Ordinal);
                }
            }

            Assert.Contains($"Index Scan using {table.Name}_pkey", await PlanAsync("text[]", Sql.Get(table), "'{a}'"), StringComparison.Ordinal);
            Assert.Contains($"Index Scan using {table.Name}_pkey", await PlanAsync("text[]", Sql.Delete(table), "'{a}'"), StringComparison.Ordinal);
        }

        async Task<string> PlanAsync(string types, string sql, string values)
        {
            await using var batch = new NpgsqlBatch(asking) { BatchCommands = { new($"PREPARE asked({types}) AS {sql}"), new($"EXPLAIN EXECUTE asked({values})"), new("DEALLOCATE asked") } };
            await using var reader = await batch.ExecuteReaderAsync(TestContext.Current.CancellationToken);
            var lines = new List<string>();
            while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            {
                lines.Add(reader.GetString(0));
            }

            return string.Join('\n', lines);
        }
    }
}
