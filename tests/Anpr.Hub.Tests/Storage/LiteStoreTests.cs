using System.Reflection;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Tests.Storage;

public sealed class LiteStoreTests : IAsyncLifetime
{
    private static readonly Table<Note> Notes = new("notes", n => n.Id);
    private static readonly TableIndex<Note> ByWord = Notes.Index("word", n => n.Word);
    private readonly TempFolder folder = new();
    private LiteStore store = null!;

    public ValueTask InitializeAsync()
    {
        store = LiteStore.Open(folder.Path, [Notes]);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Range_KeysInBothOrders_AreOrdinalAndWithinBounds()
    {
        await PutAsync("1", "a", "2", "B", "3", "b", "4", "aa", "5", "c");

        Assert.Equal(["1", "4", "3"], store.Range(ByWord, "a", "b", 10).Select(n => n.Id));
        Assert.Equal(["3", "4"], store.Range(ByWord, "a", "b", 2, newestFirst: true).Select(n => n.Id));
        Assert.Equal(["1", "4"], store.Prefix(ByWord, "a", 10).Select(n => n.Id));
    }

    [Fact]
    public async Task Range_RecordWithoutKey_IsNotFound()
    {
        await store.WriteAsync(w =>
        {
            w.Put(Notes, new Note("1", null));
            return true;
        });

        Assert.Empty(store.Newest(ByWord, 10));
        Assert.NotNull(store.Get(Notes, "1"));
    }

    [Fact]
    public async Task Put_WithAnotherKey_LeavesTheOldKey()
    {
        await PutAsync("1", "old");
        await PutAsync("1", "new");

        Assert.Empty(store.Prefix(ByWord, "old", 1));
        Assert.Single(store.Prefix(ByWord, "new", 1));
        Assert.Equal(1, store.Count(Notes));
    }

    [Fact]
    public async Task Scan_ManyRecordsUnderOneKey_MeetsEachOnce()
    {
        await store.WriteAsync(w =>
        {
            for (var i = 0; i < 1700; i++)
            {
                w.Put(Notes, new Note($"{i:D4}", i < 1200 ? "same" : $"t{i:D4}"));
            }

            return true;
        });

        var met = store.Scan(ByWord, "a", "z").Select(n => n.Id).ToList();

        Assert.Equal(1700, met.Count);
        Assert.Equal(1700, met.Distinct().Count());
        Assert.Equal(1700, store.All(Notes).Count());
    }

    [Fact]
    public async Task Write_OneOfAGroupFails_TakesNoNeighbourWithIt()
    {
        var works = Enumerable.Range(0, 50).Select(i => store.WriteAsync(w =>
        {
            w.Put(Notes, new Note($"{i}", "x"));
            return i == 25 ? throw new InvalidOperationException("this one only") : i;
        })).ToList();

        await Assert.ThrowsAsync<InvalidOperationException>(() => works[25]);
        foreach (var work in works.Where((_, i) => i != 25))
        {
            await work;
        }

        Assert.Equal(49, store.Count(Notes));
        Assert.Null(store.Get(Notes, "25"));
    }

    [Fact]
    public async Task Write_ReadsItsOwnWrites_AndOthersSeeThemAfterwards()
    {
        var seen = await store.WriteAsync(w =>
        {
            w.Put(Notes, new Note("1", "a"));
            return w.Get(Notes, "1") is not null && w.Prefix(ByWord, "a", 5).Count == 1;
        });

        Assert.True(seen);
        Assert.NotNull(store.Get(Notes, "1"));
    }

    [Fact]
    public async Task Open_Twice_IsRefusedAndSaysWhy()
    {
        var refused = Assert.Throws<StoreInUseException>(() => LiteStore.Open(folder.Path, [Notes]));

        Assert.Contains("in use by another hub process", refused.Message, StringComparison.Ordinal);
        await PutAsync("1", "still works");
    }

    [Fact]
    public async Task Reopen_EverythingIsThere()
    {
        await PutAsync("1", "a");
        var hash = await store.WriteAsync(w => w.PutPicture(new byte[] { 1, 2, 3 }));
        await store.DisposeAsync();

        store = LiteStore.Open(folder.Path, [Notes]);

        Assert.Single(store.Prefix(ByWord, "a", 5));
        Assert.Equal([1, 2, 3], store.Picture(hash)!);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)] // above the number from which the file system is flushed as a whole
    public async Task PutPicture_ManyInOneCommit_EachIsThereOnce(int count)
    {
        var hashes = await store.WriteAsync(w => Enumerable.Range(0, count * 2).Select(i => w.PutPicture(new[] { (byte)(i % count) })).ToList());

        Assert.Equal(count, hashes.Distinct().Count());
        Assert.All(hashes, h => Assert.NotNull(store.Picture(h)));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, "pictures"), "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Picture_ChangedOnDisk_IsNeverShown()
    {
        var hash = await store.WriteAsync(w => w.PutPicture(new byte[] { 1, 2, 3 }));
        var file = Directory.GetFiles(Path.Combine(folder.Path, "pictures"), "*.jpg", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(file, [9], TestContext.Current.CancellationToken);

        Assert.Throws<InvalidDataException>(() => store.Picture(hash));
        Assert.Null(store.Picture("../../etc/passwd"));
    }

    [Fact]
    public async Task Read_BesideTheFirstWritesOfEachTable_NeverClosesTheStore()
    {
        using var fresh = new TempFolder();
        var tables = Enumerable.Range(0, 60).Select(i => new Table<Note>($"t{i}", n => n.Id)).ToList();
        var words = tables.ConvertAll(t => t.Index("word", n => n.Word));
        await using var many = LiteStore.Open(fresh.Path, tables);
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            var read = 0L;
            while (!done.IsCancellationRequested)
            {
                var i = (int)(read++ % tables.Count);
                Assert.InRange(many.Count(tables[i]), many.Prefix(words[i], "b", 5).Count, 1);
                Assert.InRange(many.Page(tables[i], "", 5).Count, 0, 1);
            }

            return read;
        })).ToList();

        try
        {
            foreach (var table in tables)
            {
                await many.WriteAsync(w =>
                {
                    w.Put(table, new Note("1", "a"));
                    return true;
                });
            }
        }
        finally
        {
            await done.CancelAsync(); // else a write that fails would leave the readers going for ever
        }

        Assert.All(await Task.WhenAll(readers), read => Assert.True(read > 0));
        Assert.All(tables, table => Assert.Equal(1, many.Count(table)));
    }

    [Fact]
    public async Task Put_IntoATableThatWasNotNamedAtOpening_IsRefusedAndTheStoreGoesOn()
    {
        var other = new Table<Note>("other", n => n.Id);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteAsync(w =>
        {
            w.Put(other, new Note("1", "a"));
            return true;
        }));

        Assert.Contains("table other", refused.Message, StringComparison.Ordinal);
        await PutAsync("1", "a");
    }

    [Fact]
    public void Tables_OfTheHub_AreAllNamed()
    {
        var declared = typeof(HubFeatures).Assembly.GetTypes()
            .Where(t => !t.ContainsGenericParameters)
            .SelectMany(t => t.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(p => p.PropertyType.IsSubclassOf(typeof(Table)))
            .Select(p => ((Table)p.GetValue(null)!).Name);

        Assert.Equal(declared.Order(StringComparer.Ordinal), HubFeatures.Tables.Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Write_AfterClosing_IsRefused()
    {
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => PutAsync("1", "a"));
        store = LiteStore.Open(folder.Path, [Notes]);
    }

    private Task PutAsync(params string[] idsAndWords) => store.WriteAsync(w =>
    {
        foreach (var pair in idsAndWords.Chunk(2))
        {
            w.Put(Notes, new Note(pair[0], pair[1]));
        }

        return true;
    });

    private sealed record Note(string Id, string? Word);
}
