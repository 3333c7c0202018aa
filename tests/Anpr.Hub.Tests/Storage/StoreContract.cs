using Anpr.Hub.Storage;
using CsCheck;

namespace Anpr.Hub.Tests.Storage;

/// <summary>What every store keeps to; each test runs against each of them.</summary>
public abstract partial class StoreContract : IAsyncLifetime
{
    private protected static readonly Table<Note> Notes = new("notes", n => n.Id);
    private protected static readonly TableIndex<Note> ByWord = Notes.Index("word", n => n.Word, searched: true);

    private protected IStore Store { get; private set; } = null!;

    public ValueTask InitializeAsync()
    {
        Store = Open([Notes]);
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Store.DisposeAsync();
    }

    // The same store each time within one test.
    private protected abstract IStore Open(IReadOnlyList<Table> tables);

    // Makes tables and indexes in the closed store, as a start does that is killed before the records have their keys.
    private protected abstract void MakeOnly(IReadOnlyList<Table> tables);

    [Fact]
    public async Task Range_KeysInBothOrders_AreOrdinalAndWithinBounds()
    {
        await PutAsync("1", "a", "2", "B", "3", "b", "4", "aa", "5", "c");

        Assert.Equal(["1", "4", "3"], Store.Range(ByWord, "a", "b", 10).Select(n => n.Id));
        Assert.Equal(["3", "4"], Store.Range(ByWord, "a", "b", 2, newestFirst: true).Select(n => n.Id));
        Assert.Equal(["1", "4"], Store.Prefix(ByWord, "a", 10).Select(n => n.Id));
    }

    [Fact]
    public async Task Range_RecordWithoutKey_IsNotFound()
    {
        await Store.WriteAsync(w =>
        {
            w.Put(Notes, new Note("1", null));
            return true;
        });

        Assert.Empty(Store.Newest(ByWord, 10));
        Assert.NotNull(Store.Get(Notes, "1"));
    }

    [Fact]
    public async Task Index_DeclaredAfterRecordsWereStored_FindsThem()
    {
        await PutAsync("1", "a", "2", "b");
        await Store.DisposeAsync();
        var later = new Table<Note>(Notes.Name, n => n.Id);
        var byWord = later.Index("word", n => n.Word, searched: true);
        var byEnd = later.Index("end", n => n.Word?[^1..]);

        Store = Open([later]);

        Assert.Equal(["2"], Store.Range(byEnd, "b", "b", 10).Select(n => n.Id));
        Assert.Equal(["1", "2"], Store.Range(byWord, "a", "b", 10).Select(n => n.Id));
    }

    [Fact]
    public async Task Index_StartThatWasCutOffBeforeAllHadTheirKeys_IsGoneOnWith()
    {
        await PutAsync("1", "a", "2", "b");
        await Store.DisposeAsync();
        var later = new Table<Note>(Notes.Name, n => n.Id);
        var byEnd = later.Index("end", n => n.Word?[^1..]);
        MakeOnly([later]);

        Store = Open([later]);

        Assert.Equal(["2"], Store.Range(byEnd, "b", "b", 10).Select(n => n.Id));
    }

    [Fact]
    public async Task HasPicture_InAndBesideATransaction_IsWhatPutAndDeleteSay()
    {
        var (kept, gone, never) = (await PictureAsync([1]), await PictureAsync([2]), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData([3])));
        var seen = await Store.WriteAsync(
            w =>
            {
                w.DeletePicture(gone);
                var put = w.PutPicture(new byte[] { 4 });
                return (w.HasPicture(kept), w.HasPicture(gone), w.HasPicture(never), w.HasPicture(put));
            },
            lookup => lookup.HasPicture(kept));

        Assert.Equal((true, false, false, true), seen);
        Assert.Equal((true, false, false), (Store.HasPicture(kept), Store.HasPicture(gone), Store.HasPicture(never)));

        Task<string> PictureAsync(byte[] bytes) => Store.WriteAsync(w => w.PutPicture(bytes));
    }

    [Fact]
    public async Task Put_WithAnotherKey_LeavesTheOldKey()
    {
        await PutAsync("1", "old");
        await PutAsync("1", "new");

        Assert.Empty(Store.Prefix(ByWord, "old", 1));
        Assert.Single(Store.Prefix(ByWord, "new", 1));
        Assert.Equal(1, Store.Count(Notes));
    }

    [Fact]
    public async Task Scan_ManyRecordsUnderOneKey_MeetsEachOnce()
    {
        await Store.WriteAsync(w =>
        {
            for (var i = 0; i < 1700; i++)
            {
                w.Put(Notes, new Note($"{i:D4}", i < 1200 ? "same" : $"t{i:D4}"));
            }

            return true;
        });

        var met = Store.Scan(ByWord, "a", "z").Select(n => n.Id).ToList();

        Assert.Equal(1700, met.Count);
        Assert.Equal(1700, met.Distinct().Count());
        Assert.Equal(1700, Store.All(Notes).Count());
    }

    [Theory]
    [InlineData("*12*", "3 2 1")]
    [InlineData("AB*", "4 1")]
    [InlineData("A?12*", "1")]
    [InlineData("*E", "4 2 1")]
    [InlineData("AB12CDE", "1")]
    public async Task Like_TextsThatFit_AreFoundNewestFirstWithinTheTimes(string pattern, string ids)
    {
        await PutAsync(
            "0", "AB12CDE|0000000000001", "1", "AB12CDE|0000000000002", "2", "XY12ZZE|0000000000003", "3", "12|0000000000004", "4", "AB34CDE|0000000000005", "5", "AB12CDE|0000000000007");

        Assert.Equal(ids.Split(' ', StringSplitOptions.RemoveEmptyEntries), Store.Like(ByWord, pattern, "0000000000002", "0000000000005", 10).Where(n => pattern != "AB12CDE" || n.Id == "1").Select(n => n.Id));
        Assert.Equal(ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(1), Store.Like(ByWord, pattern, "0000000000002", "0000000000005", 1).Select(n => n.Id));
    }

    [Fact]
    public async Task Write_OneOfAGroupFails_TakesNoNeighbourWithIt()
    {
        var works = Enumerable.Range(0, 50).Select(i => Store.WriteAsync(w =>
        {
            w.Put(Notes, new Note($"{i}", "x"));
            return i == 25 ? throw new InvalidOperationException("this one only") : i;
        })).ToList();

        await Assert.ThrowsAsync<InvalidOperationException>(() => works[25]);
        foreach (var work in works.Where((_, i) => i != 25))
        {
            await work;
        }

        Assert.Equal(49, Store.Count(Notes));
        Assert.Null(Store.Get(Notes, "25"));
    }

    [Fact]
    public async Task Write_ReadsItsOwnWrites_AndOthersSeeThemAfterwards()
    {
        var seen = await Store.WriteAsync(w =>
        {
            w.Put(Notes, new Note("1", "a"));
            return w.Get(Notes, "1") is not null && w.Prefix(ByWord, "a", 5).Count == 1;
        });

        Assert.True(seen);
        Assert.NotNull(Store.Get(Notes, "1"));
    }

    [Fact]
    public async Task Reopen_EverythingIsThere()
    {
        await PutAsync("1", "a");
        var hash = await Store.WriteAsync(w => w.PutPicture(new byte[] { 1, 2, 3 }));
        await Store.DisposeAsync();

        Store = Open([Notes]);

        Assert.Single(Store.Prefix(ByWord, "a", 5));
        Assert.Equal([1, 2, 3], Store.Picture(hash)!);
    }

    [Fact]
    public async Task DeletePicture_AnyOrderOfPutsAndDeletes_EndsAsTheLastOneSays() => await Gen.Select(Gen.Int[0, 3], Gen.Bool, Gen.Bool).Array[1, 25].SampleAsync(
        async steps =>
        {
            // Picture, put or delete, and whether a new transaction begins.
            byte[] Bytes(int picture) => [9, (byte)picture];
            string Hash(int picture) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Bytes(picture)));
            var expected = new Dictionary<int, bool>();
            var transaction = new List<(int Picture, bool Put)>();
            foreach (var (picture, put, begins) in steps.Append((0, false, true)))
            {
                if (begins && transaction.Count > 0)
                {
                    var works = transaction.ToList();
                    await Store.WriteAsync(w =>
                    {
                        foreach (var (which, keep) in works)
                        {
                            if (keep)
                            {
                                w.PutPicture(Bytes(which));
                            }
                            else
                            {
                                w.DeletePicture(Hash(which));
                            }
                        }

                        return true;
                    });
                    transaction.ForEach(w => expected[w.Picture] = w.Put);
                    transaction.Clear();
                    Assert.All(expected, e => Assert.Equal(e.Value ? Bytes(e.Key) : null, Store.Picture(Hash(e.Key))));
                }

                transaction.Add((picture, put));
            }
        },
        iter: 30, threads: 1);

    [Fact]
    public async Task DeletePicture_InAWorkThatFails_LeavesIt()
    {
        var hash = await Store.WriteAsync(w => w.PutPicture(new byte[] { 1, 2, 3 }));

        await Assert.ThrowsAsync<InvalidOperationException>(() => Store.WriteAsync<bool>(w =>
        {
            w.DeletePicture(hash);
            throw new InvalidOperationException("this one only");
        }));

        await PutAsync("1", "a");
        Assert.Equal([1, 2, 3], Store.Picture(hash)!);
    }

    [Fact]
    public async Task Put_IntoATableThatWasNotNamedAtOpening_IsRefusedAndTheStoreGoesOn()
    {
        var other = new Table<Note>("other", n => n.Id);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Store.WriteAsync(w =>
        {
            w.Put(other, new Note("1", "a"));
            return true;
        }));

        Assert.Contains("table other", refused.Message, StringComparison.Ordinal);
        await PutAsync("1", "a");
    }

    [Fact]
    public async Task Table_WhollyInItsIds_IsReadInEveryWay()
    {
        var pairs = new Table<Pair>("pairs", p => Keys.Join(p.A, p.B), id => id.Split('|') is [var a, var b] ? new(a, b) : throw new InvalidDataException(id));
        await Store.DisposeAsync();
        Store = Open([Notes, pairs]);
        var (one, two, other, late) = (new Pair("a", "1"), new Pair("a", "2"), new Pair("b", "1"), new Pair("a", "3"));
        await Store.WriteAsync(w =>
        {
            Array.ForEach([one, two, other], p => w.Put(pairs, p));
            return true;
        });

        Assert.Equal(two, Store.Get(pairs, "a|2"));
        Assert.Equal([two, one], Store.Prefix(pairs.ById, "a|", 10, newestFirst: true));
        Assert.Equal([two, other], Store.Page(pairs, "a|1", 10));
        var within = await Store.WriteAsync(w =>
        {
            w.Put(pairs, late);
            w.Delete(pairs, "a|1");
            return w.Prefix(pairs.ById, "a|", 10, newestFirst: true).ToList();
        });
        Assert.Equal([late, two], within);
        Assert.Equal([two, late], Store.Prefix(pairs.ById, "a|", 10));
    }

    [Fact]
    public async Task Write_AfterClosing_IsRefused()
    {
        await Store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => PutAsync("1", "a"));
        Store = Open([Notes]);
    }

    private protected Task PutAsync(params string[] idsAndWords) => Store.WriteAsync(w =>
    {
        foreach (var pair in idsAndWords.Chunk(2))
        {
            w.Put(Notes, new Note(pair[0], pair[1]));
        }

        return true;
    });

    private protected sealed record Note(string Id, string? Word);

    private sealed record Pair(string A, string B);
}
