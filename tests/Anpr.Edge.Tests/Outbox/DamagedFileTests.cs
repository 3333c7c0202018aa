using Anpr.Edge.Outbox;
using Anpr.Edge.Passage;
using Anpr.Edge.Tests.Hub;
using CsCheck;
using static Anpr.Edge.Tests.Outbox.Passages;
using static Anpr.Edge.Tests.Outbox.PassageOutboxTests;

namespace Anpr.Edge.Tests.Outbox;

/// <summary>Whatever the outbox's file holds, the lane goes on recording.</summary>
public sealed class DamagedFileTests
{
    [Fact]
    public Task Opened_OnAnyBytes_RecordsAllTheSame() =>
        Gen.Byte.Array[0, 20_000].SampleAsync(RecordsAsync, iter: 30, threads: 1);

    [Fact]
    public async Task Opened_OnAFileWithFlippedBytes_RecordsAllTheSame()
    {
        var whole = await WholeFileAsync();
        await Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte).Array[1, 200].SampleAsync(
            flips =>
            {
                var bytes = whole.ToArray();
                foreach (var (at, value) in flips)
                {
                    bytes[at] = value;
                }

                return RecordsAsync(bytes);
            },
            iter: 60,
            threads: 1);
    }

    [Fact]
    public async Task Closed_AfterReadingDamagedPages_LeavesNoFinalizerThatThrows()
    {
        // An exception in a finalizer ends the process; the test program calls it a fatal error.
        var whole = await WholeFileAsync();
        using var folder = new OutboxFolder();
        var path = Path.Combine(folder.Path, "damaged.db");
        var unread = 0;
        Gen.Select(Gen.Int[8192, whole.Length - 1], Gen.Byte).Array[20, 400].Sample(
            flips =>
            {
                var bytes = whole.ToArray();
                foreach (var (at, value) in flips)
                {
                    bytes[at] = value;
                }

                File.WriteAllBytes(path, bytes);
                unread += Reads(path) ? 0 : 1;
                File.Delete(Path.Combine(folder.Path, "damaged-log.db"));
            },
            iter: 100,
            threads: 1);
        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.InRange(unread, 1, 100);
    }

    [Fact]
    public async Task Opened_OnAFileCutShort_RecordsAllTheSame()
    {
        var whole = await WholeFileAsync();
        await Gen.Int[0, whole.Length - 1].SampleAsync(length => RecordsAsync(whole[..length]), iter: 20, threads: 1);
    }

    private static bool Reads(string path)
    {
        OutboxStore? store = null;
        try
        {
            store = new OutboxStore(path);
            return store.Messages().Count() + store.OpenPassages().Count + store.Overviews().Count > 0;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
        finally
        {
            try
            {
                store?.Dispose();
            }
            catch (Exception e) when (e is LiteDB.LiteException or InvalidOperationException)
            {
                // closing writes what it can
            }
        }
    }

    private static async Task RecordsAsync(byte[] file)
    {
        using var folder = new OutboxFolder();
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "outbox.db"), file, TestContext.Current.CancellationToken);
        await using var outbox = folder.Start();
        var passage = Guid.CreateVersion7(Noon);
        outbox.Append(Change(passage, Guid.CreateVersion7(Noon), 1, RecordStage.Closed));
        await Eventually.HoldsAsync(
            () =>
            {
                if (outbox.Snapshot().Condition == OutboxCondition.Fault)
                {
                    folder.Time.Advance(TimeSpan.FromSeconds(5));
                }

                return outbox.Snapshot() is { Condition: OutboxCondition.Ready, Unwritten: 0 };
            },
            "the change to be committed",
            TimeSpan.FromSeconds(20));
        Assert.Contains(folder.Committed, c => c.Passage == passage && c.Closed);
    }

    /// <summary>Passages closed and open, acknowledged and waiting.</summary>
    private static async Task<byte[]> WholeFileAsync()
    {
        using var folder = new OutboxFolder();
        await using (var outbox = await folder.OpenAsync())
        {
            for (var i = 0; i < 10; i++)
            {
                await AppendAsync(outbox, Change(Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), 1, i % 2 == 0 ? RecordStage.Closed : RecordStage.Provisional));
            }

            outbox.Settle(outbox.After(0, 1)[0].Sequence, Settlement.Acknowledged, "");
        }

        return await File.ReadAllBytesAsync(Path.Combine(folder.Path, "outbox.db"), TestContext.Current.CancellationToken);
    }
}
