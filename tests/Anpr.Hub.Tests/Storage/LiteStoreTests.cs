using System.Reflection;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Tests.Storage;

public sealed class LiteStoreTests : StoreContract
{
    private readonly TempFolder folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        folder.Dispose();
    }

    private protected override IStore Open(IReadOnlyList<Table> tables) => LiteStore.Open(folder.Path, tables);

    private protected override void MakeOnly(IReadOnlyList<Table> tables)
    {
        using var session = new LiteSession(Path.Combine(folder.Path, "hub.db"), begun: true, new PictureFiles(Path.Combine(folder.Path, "pictures")));
        session.Make(tables);
    }

    [Fact]
    public async Task Copy_WhereNothingCanBeWritten_FailsAloneAndNotTheWritesBesideIt()
    {
        using var busy = new ManualResetEventSlim();
        var before = Store.WriteAsync(_ =>
        {
            busy.Wait(TestContext.Current.CancellationToken);
            return true;
        });
        var copying = ((LiteStore)Store).CopyAsync(Path.Combine(folder.Path, "missing", "hub.db"), TestContext.Current.CancellationToken);
        var writing = PutAsync("1", "a"); // of the same group
        busy.Set();

        await Assert.ThrowsAsync<IOException>(() => copying);
        await before;
        await writing;
        Assert.NotNull(Store.Get(Notes, "1"));
    }

    [Fact]
    public async Task Open_Twice_IsRefusedAndSaysWhy()
    {
        var refused = Assert.Throws<StoreInUseException>(() => LiteStore.Open(folder.Path, [Notes]));

        Assert.Contains("in use by another hub process", refused.Message, StringComparison.Ordinal);
        await PutAsync("1", "still works");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)] // above the number from which the file system is flushed as a whole
    public async Task PutPicture_ManyInOneCommit_EachIsThereOnce(int count)
    {
        var hashes = await Store.WriteAsync(w => Enumerable.Range(0, count * 2).Select(i => w.PutPicture(new[] { (byte)(i % count) })).ToList());

        Assert.Equal(count, hashes.Distinct().Count());
        Assert.All(hashes, h => Assert.NotNull(Store.Picture(h)));
        Assert.Empty(Directory.GetFiles(Path.Combine(folder.Path, "pictures"), "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Picture_ChangedOnDisk_IsNeverShown()
    {
        var hash = await Store.WriteAsync(w => w.PutPicture(new byte[] { 1, 2, 3 }));
        var file = Directory.GetFiles(Path.Combine(folder.Path, "pictures"), "*.jpg", SearchOption.AllDirectories).Single();
        await File.WriteAllBytesAsync(file, [9], TestContext.Current.CancellationToken);

        Assert.Throws<InvalidDataException>(() => Store.Picture(hash));
        Assert.Null(Store.Picture("../../etc/passwd"));
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
    public void Tables_OfTheHub_AreAllNamed()
    {
        var declared = typeof(HubFeatures).Assembly.GetTypes()
            .Where(t => !t.ContainsGenericParameters)
            .SelectMany(t => t.GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(p => p.PropertyType.IsSubclassOf(typeof(Table)))
            .Select(p => ((Table)p.GetValue(null)!).Name);

        Assert.Equal(declared.Order(StringComparer.Ordinal), HubFeatures.Tables.Select(t => t.Name).Order(StringComparer.Ordinal));
    }
}
