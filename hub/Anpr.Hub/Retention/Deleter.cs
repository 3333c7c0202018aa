using Anpr.Hub.Audit;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Retention;

/// <summary>
/// Deletes in small batches through the one queue of all writes, and leaves the queue to others for as long as a batch took: nobody who takes
/// in sightings waits for more than one batch. Each batch writes its part of the erasure's proof in its own transaction.
/// </summary>
internal sealed class Deleter(IStore store, Linker linker, AuditLog audit, TimeProvider time)
{
    /// <summary>Passages or records of one transaction.</summary>
    public const int Batch = 16;

    // The disk's time, whatever clock the hub goes by.
    private static readonly TimeProvider Real = TimeProvider.System;

    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(20);

    /// <summary>Deletes passages that <paramref name="due"/> allows and no hold is on; each is looked at again within the transaction.</summary>
    /// <returns>The erasure with what went.</returns>
    public async Task<Erasure> PassagesAsync(Erasure erasure, IEnumerable<string> passages, Func<PassageRecords, bool> due, CancellationToken cancellation)
    {
        foreach (var chunk in passages.Chunk(Batch))
        {
            string[] batch = [.. chunk.Distinct(StringComparer.Ordinal)];
            erasure = await RunAsync(
                erasure,
                batch,
                PassageEraser.Foresee,
                (writer, eraser, holds) =>
                {
                    var gone = batch.Select(id => PassageRecords.Of(writer, id)).Where(p => !p.IsEmpty && due(p) && holds.On(p) is null).ToList();
                    gone.ForEach(eraser.Erase);
                    return [.. gone.Select(p => p.At)];
                },
                cancellation);
        }

        return erasure;
    }

    /// <summary>Deletes records that nothing hangs on; each is looked at again within the transaction.</summary>
    /// <param name="erasure">What was erased before.</param>
    /// <param name="ids">Of the records.</param>
    /// <param name="table">Their table.</param>
    /// <param name="due">Whether one is to go.</param>
    /// <param name="cancellation">Between batches.</param>
    /// <returns>The erasure with what went.</returns>
    public async Task<Erasure> RecordsAsync<T>(Erasure erasure, IEnumerable<string> ids, Table<T> table, Func<T, Holds, bool> due, CancellationToken cancellation)
        where T : class
    {
        foreach (var batch in ids.Chunk(Batch * Batch))
        {
            erasure = await RunAsync(
                erasure,
                batch,
                (lookup, id) => lookup.Get(table, id),
                (writer, eraser, holds) =>
                {
                    eraser.Delete(batch.Select(id => writer.Get(table, id)).OfType<T>().Where(record => due(record, holds)), table);
                    return [];
                },
                cancellation);
        }

        return erasure;
    }

    /// <summary>Runs one batch as one transaction, with its proof, and pauses.</summary>
    /// <param name="erasure">What was erased before.</param>
    /// <param name="ids">What the batch is about.</param>
    /// <param name="foresee">Reads what the work will read of one of them.</param>
    /// <param name="work">Erases, and returns the times of passages that went.</param>
    /// <param name="cancellation">Before the batch, and in the pause.</param>
    /// <exception cref="TurnLostException">Another hub deletes now.</exception>
    public async Task<Erasure> RunAsync(
        Erasure erasure,
        IReadOnlyList<string> ids,
        Action<IStoreLookup, string> foresee,
        Func<IStoreWriter, PassageEraser, Holds, IReadOnlyList<DateTimeOffset>> work,
        CancellationToken cancellation)
    {
        var began = Real.GetTimestamp();
        var now = time.GetUtcNow();
        var next = await store.WriteAsync(
            writer =>
            {
                if (!RetentionTurn.Take(writer, audit.Replica, now))
                {
                    throw new TurnLostException();
                }

                var eraser = new PassageEraser(writer, linker.Reads);
                var times = work(writer, eraser, Holds.In(writer));
                var gone = eraser.Finish();
                var before = writer.Get(Erasure.Table, erasure.Id) ?? erasure; // batches that the caller never heard of count too
                if (gone.Count == 0)
                {
                    return before;
                }

                var with = before.With(gone, times, now);
                writer.Put(Erasure.Table, with);
                return with;
            },
            lookup =>
            {
                RetentionTurn.Foresee(lookup);
                Holds.In(lookup);
                lookup.Get(Erasure.Table, erasure.Id);
                foreach (var id in ids)
                {
                    foresee(lookup, id);
                }
            },
            cancellation);
        var took = Real.GetElapsedTime(began);
        await Task.Delay(took > LeastPause ? took : LeastPause, Real, cancellation);
        return next;
    }
}

/// <summary>Another hub on the same store has the turn to delete: this one is done for now.</summary>
internal sealed class TurnLostException : Exception;
