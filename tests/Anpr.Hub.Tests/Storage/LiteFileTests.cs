using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using CsCheck;

namespace Anpr.Hub.Tests.Storage;

/// <summary>A damaged or missing file is said in one line and left as it is; it never counts as an empty hub.</summary>
public sealed class LiteFileTests : IAsyncLifetime
{
    private static readonly Table<Note> Notes = new("notes", n => n.Id);
    private readonly TempFolder folder = new();

    private string Db => Path.Combine(folder.Path, "hub.db");

    public async ValueTask InitializeAsync()
    {
        HubIdentity.Init(new HubFiles(folder.Path), [], TimeProvider.System).Dispose();
        await using var store = LiteStore.Open(folder.Path, [Notes]);
        await store.WriteAsync(w =>
        {
            for (var i = 0; i < 200; i++)
            {
                w.Put(Notes, new Note($"{i}", new string('x', 100)));
            }

            return true;
        });
    }

    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Open_FileMissing_IsRefused()
    {
        File.Delete(Db);

        AssertRefused("is missing");
        Assert.False(File.Exists(Db));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(8191)]
    public void Open_FileTooShort_IsRefusedAndLeft(int length)
    {
        var bytes = File.ReadAllBytes(Db)[..length];

        AssertRefusedAndLeft(bytes, "is no store of a hub");
    }

    [Fact]
    public void Open_FileCutWithinAPage_IsRefusedAndLeft() => AssertRefusedAndLeft(File.ReadAllBytes(Db)[..^100], "was cut off");

    [Fact]
    public void Open_AnyOtherBytes_IsRefusedAndLeft() =>
        Gen.Byte.Array[1, 40_000].Sample(bytes => AssertRefusedAndLeft(bytes, "is no store of a hub"), iter: 30, threads: 1);

    [Fact]
    public async Task Open_FlippedBytes_OpensOrSaysSo()
    {
        var sound = await File.ReadAllBytesAsync(Db, TestContext.Current.CancellationToken);
        await Gen.Select(Gen.Int[0, sound.Length - 1], Gen.Byte).Array[1, 400].SampleAsync(
            async flips =>
            {
                var bytes = (byte[])sound.Clone();
                Array.ForEach(flips, flip => bytes[flip.Item1] ^= flip.Item2);
                await File.WriteAllBytesAsync(Db, bytes);
                var failed = await Record.ExceptionAsync(() => LiteStore.Open(folder.Path, [Notes]).DisposeAsync().AsTask());
                Assert.True(failed is null or StoreDamagedException, failed?.ToString());
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public async Task Commands_OnADamagedStore_SayOneLineWithFileAndCure()
    {
        await File.WriteAllBytesAsync(Db, new byte[20_000], TestContext.Current.CancellationToken);

        foreach (var args in new[] { new[] { "export", "--what", "sightings", "--reason", "OP:1" }, ["run", "--grpc", "127.0.0.1:0", "--console", "127.0.0.1:0"] })
        {
            var result = await HubProcess.RunAsync([.. args, "--data", folder.Path]);

            Assert.Equal((2, ""), (result.Code, result.Out));
            Assert.StartsWith($"anpr hub: {Db} is no store of a hub. Put it back from a backup", Assert.Single(result.Error.Trim().Split('\n')), StringComparison.Ordinal);
        }
    }

    private void AssertRefusedAndLeft(byte[] bytes, string words)
    {
        File.WriteAllBytes(Db, bytes);
        AssertRefused(words);
        Assert.Equal(bytes, File.ReadAllBytes(Db));
    }

    private void AssertRefused(string words)
    {
        var refused = Assert.Throws<StoreDamagedException>(() => LiteStore.Open(folder.Path, [Notes]));
        Assert.StartsWith($"{Db} {words}. Put it back from a backup", refused.Message, StringComparison.Ordinal);
    }

    private sealed record Note(string Id, string Word);
}
