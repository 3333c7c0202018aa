using Anpr.Hub.Storage;

namespace Anpr.Hub.Tests.Storage;

/// <summary>What the store acknowledged is on the disk, also when the disk fills up in the middle of a commit.</summary>
public sealed class FullDiskTests
{
    private static readonly Table<Note> Notes = new("notes", n => n.Id);
    private static readonly TableIndex<Note> ByWord = Notes.Index("word", n => n.Word);

    [Fact]
    public async Task Write_DiskFillsUpAtAnyPage_KeepsWhatItAcknowledgedAndGoesOn()
    {
        using var disk = new SmallDisk();
        var stored = new List<string>();
        var refused = 0;
        await using var store = LiteStore.Open(disk.Path, [Notes]);
        await WriteAsync(store, stored);
        for (var freeBlocks = 0; freeBlocks < 48; freeBlocks++)
        {
            disk.Fill(freeBlocks);
            for (var batch = 0; batch < 6; batch++)
            {
                try
                {
                    await WriteAsync(store, stored);
                }
                catch (StoreFailedException)
                {
                    refused++;
                    break;
                }
            }

            await AssertOnDiskAsync(disk.Path, stored);
            disk.Clear();
            await WriteAsync(store, stored);
        }

        Assert.True(refused > 0, "the disk was never full");
        Assert.Equal(stored.Count, store.Count(Notes));
    }

    [Fact]
    public async Task Write_LargerThanTheRoomThatIsLeft_IsRefusedAndReadsGoOn()
    {
        using var disk = new SmallDisk();
        await using var store = LiteStore.Open(disk.Path, [Notes]);
        await WriteAsync(store, []);
        disk.Fill(freeBlocks: (34 << 20) / 4096);

        var failed = await Assert.ThrowsAsync<StoreFailedException>(() => store.WriteAsync(writer =>
        {
            for (var i = 0; i < 100; i++)
            {
                writer.Put(Notes, new Note($"{i}", "large", new string('x', 1 << 20)));
            }

            return true;
        }));

        Assert.Contains("Make room", failed.Message, StringComparison.Ordinal);
        Assert.Equal(1, store.Count(Notes));
        disk.Clear();
        await WriteAsync(store, []);
        Assert.Equal(2, store.Count(Notes));
    }

    [Fact]
    public void Read_AfterTheDatabaseClosedItself_SaysSoUntilItIsOpenAgain()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "pictures"));
        using var session = new LiteSession(Path.Combine(folder.Path, "hub.db"), begun: false, new PictureFiles(Path.Combine(folder.Path, "pictures")));
        session.Make([Notes]);
        session.Begin([]).Put(Notes, new Note("1", "a", ""));
        session.Commit();
        session.Dispose();

        Assert.Throws<StoreFailedException>(() => session.Get(Notes, "1"));
        Assert.Throws<StoreFailedException>(() => session.Range(ByWord, "a", "z", 10));
        Assert.Throws<StoreFailedException>(() => session.Page(Notes, "", 10));
        Assert.Throws<StoreFailedException>(() => session.Count(Notes));

        var failed = Record.Exception(() => session.Begin([]));
        Assert.True(failed is not null && session.IsFailure(failed), failed?.ToString());
        session.Rollback();

        Assert.Equal(1, session.Count(Notes));
        session.Begin([]).Put(Notes, new Note("2", "b", ""));
        session.Commit();
        Assert.Equal(2, session.Count(Notes));
    }

    private static async Task WriteAsync(LiteStore store, List<string> stored)
    {
        var id = Guid.CreateVersion7().ToString();
        await store.WriteAsync(writer =>
        {
            writer.Put(Notes, new Note(id, new string('x', 300), ""));
            return true;
        });
        stored.Add(id);
    }

    // As after a kill at this moment: the files as they are, opened anew.
    private static async Task AssertOnDiskAsync(string folder, List<string> stored)
    {
        using var copy = new TempFolder();
        foreach (var file in Directory.GetFiles(folder, "hub*.db"))
        {
            File.Copy(file, Path.Combine(copy.Path, Path.GetFileName(file)));
        }

        await using var again = LiteStore.Open(copy.Path, [Notes]);
        Assert.DoesNotContain(stored, id => again.Get(Notes, id) is null);
        Assert.True(again.Prefix(ByWord, "x", int.MaxValue).Count >= stored.Count);
    }

    private sealed record Note(string Id, string Word, string Body);
}
