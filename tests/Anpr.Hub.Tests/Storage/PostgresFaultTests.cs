using Anpr.Hub.Storage;
using Anpr.Hub.Storage.Postgres;
using Anpr.Tests.Postgres;
using Npgsql;

namespace Anpr.Hub.Tests.Storage;

public sealed class PostgresFaultTests
{
    private static readonly Table<Note> Notes = new("notes", n => n.Id) { Shared = true };
    private static readonly TableIndex<Note> ByWord = Notes.Index("word", n => n.Word);

    [Fact]
    public async Task KilledDatabase_LosesNothingThatWasAcknowledged_AndTheStoreGoesOn()
    {
        using var server = PostgresServer.Start();
        await using var store = PostgresStore.Open(server.NewDatabase(), [Notes]);
        var stored = new List<string>();
        var waiting = new List<(string Id, Task<bool> Done)>();
        for (var i = 0; i < 400; i++)
        {
            var id = $"{i:D4}";
            waiting.Add((id, PutAsync(store, id)));
            if (i == 200)
            {
                await waiting[50].Done;
                server.Kill();
            }
        }

        foreach (var (id, done) in waiting)
        {
            try
            {
                await done;
                stored.Add(id);
            }
            catch (StoreFailedException)
            {
                // not promised
            }
        }

        Assert.InRange(stored.Count, 51, 399);
        Assert.Throws<StoreFailedException>(() => store.Get(Notes, "0000"));
        server.Restart();
        await AgainAsync(() => PutAsync(store, "last"));

        var there = store.All(Notes).Select(n => n.Id).ToList();
        Assert.Equal(stored, there.Intersect(stored));
        Assert.Equal(there.Count, there.Distinct().Count());
        Assert.Contains("last", there);
    }

    [Fact]
    public async Task RestartedDatabase_WhatWasWrittenElsewhereMeanwhileIsToldAsUnknown()
    {
        using var server = PostgresServer.Start();
        var connection = server.NewDatabase();
        await using var one = PostgresStore.Open(connection, [Notes]);
        await using var two = PostgresStore.Open(connection, [Notes]);
        var heard = System.Threading.Channels.Channel.CreateUnbounded<WrittenElsewhere>();
        two.Elsewhere += written => heard.Writer.TryWrite(written);
        await AgainAsync(async () => await PutAsync(one, "1") && (heard.Reader.Count > 0 ? true : throw new StoreFailedException(new IOException("not heard yet"))));
        WrittenElsewhere told;
        do
        {
            told = await heard.Reader.ReadAsync(TestContext.Current.CancellationToken);
        }
        while (told.Table is null);
        Assert.Equal(("notes", "1"), (told.Table, Assert.Single(told.Ids)));

        server.Kill();
        server.Restart();

        do
        {
            told = await heard.Reader.ReadAsync(TestContext.Current.CancellationToken);
        }
        while (told.Table is not null);
        await AgainAsync(() => PutAsync(one, "2"));
        Assert.Equal("2", Assert.Single((await heard.Reader.ReadAsync(TestContext.Current.CancellationToken)).Ids));
    }

    [Fact]
    public async Task TooLongAKey_IsTheWorksOwnFault_AndTheStoreGoesOn()
    {
        using var server = PostgresServer.Start();
        await using var store = PostgresStore.Open(server.NewDatabase(), [Notes]);
        var random = new Random(1);
        var noise = string.Concat(Enumerable.Range(0, 9000).Select(_ => (char)random.Next('0', 'z')));

        var works = new[] { PutAsync(store, "1"), PutAsync(store, "2", noise), PutAsync(store, "3", "\0"), PutAsync(store, "4") };

        var wrong = await Assert.ThrowsAnyAsync<Exception>(() => works[1]);
        Assert.IsNotType<StoreFailedException>(wrong);
        Assert.IsNotType<StoreFailedException>(await Assert.ThrowsAnyAsync<Exception>(() => works[2]));
        Assert.True(await works[0] && await works[3]);
        Assert.Equal(2, store.Count(Notes));
        Assert.Empty(store.Prefix(ByWord, "zz", 5));
    }

    /// <summary>The commit comes through, its answer does not: what is stored is told as stored.</summary>
    [Fact]
    public async Task Commit_WhoseAnswerIsLost_IsStoredAndSaysSo()
    {
        using var server = PostgresServer.Start();
        await using var cut = new CutConnection(server.Port);
        await using var store = PostgresStore.Open(Through(server.NewDatabase(), cut), [Notes]);
        Assert.True(await PutAsync(store, "1"));

        cut.AfterCommit = Cut.Answer;
        Assert.True(await PutAsync(store, "2"));

        Assert.Equal(1, cut.Count);
        Assert.True(await PutAsync(store, "3"));
        Assert.Equal(["1", "2", "3"], store.All(Notes).Select(n => n.Id));
    }

    [Fact]
    public async Task Commit_ThatIsLostItself_FailsAndIsNotStored()
    {
        using var server = PostgresServer.Start();
        await using var cut = new CutConnection(server.Port);
        await using var store = PostgresStore.Open(Through(server.NewDatabase(), cut), [Notes]);

        cut.AfterCommit = Cut.Commit;
        await Assert.ThrowsAsync<StoreFailedException>(() => PutAsync(store, "1"));

        Assert.Equal(1, cut.Count);
        Assert.Empty(store.All(Notes));
    }

    /// <summary>Neither the answer nor a way to ask: what was told as failed may be there, so that all who listen read anew.</summary>
    [Fact]
    public async Task Commit_ThatNobodyCanTell_LetsListenersReadAnew()
    {
        using var server = PostgresServer.Start();
        await using var cut = new CutConnection(server.Port);
        await using var store = PostgresStore.Open(Through(server.NewDatabase(), cut), [Notes]);
        Assert.True(await PutAsync(store, "1"));
        var anew = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cut.AfterCommit = Cut.AnswerAndDoor;
        await Assert.ThrowsAsync<StoreFailedException>(() => PutAsync(store, "2"));
        store.Elsewhere += written => _ = written.Table is null && anew.TrySetResult();

        cut.Open();
        await AgainAsync(() => PutAsync(store, "3"));

        await anew.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal(["1", "2", "3"], store.All(Notes).Select(n => n.Id));
    }

    /// <summary>Who reads anew takes seconds: the turn that all hubs wait for is not held meanwhile.</summary>
    [Fact]
    public async Task Listener_ThatReadsAnewForLong_HoldsNoTurn()
    {
        using var server = PostgresServer.Start();
        await using var cut = new CutConnection(server.Port);
        await using var store = PostgresStore.Open(Through(server.NewDatabase(), cut), [Notes]);
        Assert.True(await PutAsync(store, "1"));
        cut.AfterCommit = Cut.AnswerAndDoor;
        await Assert.ThrowsAsync<StoreFailedException>(() => PutAsync(store, "2"));
        using var read = new ManualResetEventSlim();
        store.Elsewhere += _ => read.Wait(TestContext.Current.CancellationToken);

        try
        {
            cut.Open();
            await AgainAsync(() => PutAsync(store, "3")).WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        finally
        {
            read.Set();
        }

        Assert.NotNull(store.Get(Notes, "3"));
    }

    private static string Through(string connection, CutConnection cut) => new NpgsqlConnectionStringBuilder(connection) { Port = cut.Port }.ConnectionString;

    private static Task<bool> PutAsync(PostgresStore store, string id, string word = "w") => store.WriteAsync(writer =>
    {
        writer.Put(Notes, new Note(id, word));
        return true;
    });

    // A database that was just started may refuse the first connections.
    private static async Task AgainAsync(Func<Task<bool>> act)
    {
        for (var i = 0; ; i++)
        {
            try
            {
                await act();
                return;
            }
            catch (StoreFailedException) when (i < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }

    private sealed record Note(string Id, string Word);
}
