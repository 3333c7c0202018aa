using Google.Protobuf;
using LiteDB;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Outbox;

/// <summary>
/// Store, pictures and index together, opened when first needed and again after a fault. One thread writes; reading is
/// allowed from any.
/// </summary>
internal sealed partial class OutboxFile(string folder, long maxBytes, long reserveBytes, ILogger log, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();

    /// <summary>
    /// Held round every use of the store. LiteDB 5.0.20 calls itself thread-safe, but a read that meets another thread's
    /// transaction which has just made the collection fails with "page type must be collection page", and that closes the database.
    /// </summary>
    private readonly Lock _using = new();
    private readonly string _path = Path.Combine(folder, "outbox.db");
    private OutboxStore? _store;
    private OverviewFiles? _files;
    private OutboxIndex? _index;
    private bool _recovered;
    private long _floor;
    private long _closedTotal;
    private long _dropped;
    private (int Waiting, long Bytes, int Overviews) _counts;
    private string _words = "";
    private volatile OutboxCondition _condition = OutboxCondition.Opening;

    /// <summary>How it is.</summary>
    public OutboxCondition Condition => _condition;

    /// <summary>Counts an overview that was given up before it came here.</summary>
    public void CountDropped() => Interlocked.Increment(ref _dropped);

    /// <summary>Writes all commands or nothing; false when the disk refuses. Opens the file first if need be.</summary>
    public bool TryWrite(IReadOnlyList<Command> commands, out IReadOnlyList<Committed> committed)
    {
        try
        {
            var done = new List<Committed>();
            Directory.CreateDirectory(folder);
            KeepReserve();
            Open(done);
            Write(commands, done);
            (committed, _badWrites) = (done, 0);
            return true;
        }
        catch (Exception e)
        {
            // The top of the writer's loop: whatever the disk and LiteDB throw when they fail, the writer lives on, says so and tries again.
            committed = [];
            _badWrites += IsDamage(e) ? 1 : 0;
            Fail(e);
            return false;
        }
    }

    /// <summary>Committed messages after <paramref name="sequence"/>; none while the file is not open.</summary>
    public IReadOnlyList<OutboxMessage> After(long sequence, int count)
    {
        while (true)
        {
            var found = Look(store => store.After(sequence, count), []);
            IReadOnlyList<OutboxMessage> waiting;
            lock (_gate)
            {
                // Acknowledged ones stay in the file while their passage is open.
                waiting = [.. found.Where(m => _index?.IsWaiting(m.Sequence) ?? false)];
            }

            if (waiting.Count > 0 || found.Count == 0)
            {
                return waiting;
            }

            sequence = found[^1].Sequence;
        }
    }

    /// <summary>Messages that the hub refused.</summary>
    public IReadOnlyList<(OutboxMessage Message, string Reason)> Refused() => Look(store => store.Refused(), []);

    /// <summary>The next overview whose sighting is acknowledged.</summary>
    public (WaitingOverview Overview, byte[]? Jpeg)? NextOverview(int textAtMost)
    {
        WaitingOverview? overview;
        OverviewFiles? files;
        lock (_gate)
        {
            overview = _index?.ReadyOverview(textAtMost);
            files = _files;
        }

        return overview is null || files is null ? null : (overview, files.Read(overview.Sha256));
    }

    /// <summary>The state as numbers; while the file is closed, as they were when it closed.</summary>
    public OutboxSnapshot Snapshot(int unwritten)
    {
        lock (_gate)
        {
            var (waiting, bytes, overviews) = Counts();
            return new OutboxSnapshot(
                _condition,
                _words,
                waiting,
                bytes,
                overviews,
                unwritten,
                _closedTotal,
                Interlocked.Read(ref _dropped));
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => Close();

    private (int Waiting, long Bytes, int Overviews) Counts() =>
        _index is { } index ? (index.Waiting, index.Bytes, index.WaitingOverviews) : _counts;

    private void Write(IReadOnlyList<Command> commands, List<Committed> committed)
    {
        var batch = new OutboxBatch();
        var unneeded = new List<string>();
        lock (_gate)
        {
            foreach (var command in commands)
            {
                Apply(command, batch, unneeded, committed);
            }

            MakeRoom(batch, unneeded);
        }

        Commit(batch, unneeded);
    }

    private void Apply(Command command, OutboxBatch batch, List<string> unneeded, List<Committed> committed)
    {
        switch (command)
        {
            case AppendCommand append:
                Append(append, batch, unneeded, committed);
                break;
            case SettleCommand settle:
                _index!.Settle(settle.Sequence, settle.Settlement, settle.Reason, batch);
                break;
            case OverviewCommand done when _index!.Done(done.Overview, done.Uploaded, batch) is { } file:
                unneeded.Add(file);
                break;
        }
    }

    private void Append(AppendCommand append, OutboxBatch batch, List<string> unneeded, List<Committed> committed)
    {
        var index = _index!;
        var passage = Guid.Parse(append.Passage.Id);
        var closed = append.Passage.Stage == Wire.Stage.Closed;
        if (append.Sighting is { } s)
        {
            var id = Guid.Parse(s.Id);
            var body = new Wire.IngestMessage { Sighting = s }.ToByteArray();
            var added = index.Append(passage, id, (int)s.Revision, body, batch, out var sequence);
            if (added)
            {
                AddOverview(passage, new WaitingOverview(id, (int)s.Revision, append.Sha256, append.Overview.Length, sequence), append, batch, unneeded);
            }

            if (added || index.WasLoaded(id, (int)s.Revision))
            {
                committed.Add(new Committed(passage, id, (int)s.Revision, Closed: false, Recovered: false, s.DecidedAt.ToDateTimeOffset()));
            }
        }

        var message = new Wire.IngestMessage { Passage = append.Passage }.ToByteArray();
        if (index.Append(passage, passage, (int)append.Passage.Revision, message, batch, out _) || index.WasLoaded(passage, (int)append.Passage.Revision))
        {
            var at = (append.Passage.ClosedAt ?? append.Sighting?.DecidedAt ?? append.Passage.OpenedAt).ToDateTimeOffset();
            committed.Add(new Committed(passage, null, (int)append.Passage.Revision, closed, Recovered: false, at));
        }

        if (closed)
        {
            index.Close(passage, (int)append.Passage.Revision, batch);
        }
    }

    private void AddOverview(Guid passage, WaitingOverview overview, AppendCommand append, OutboxBatch batch, List<string> unneeded)
    {
        if (overview.Length == 0 || !TryKeep(overview.Sha256, append.Overview.Span, batch))
        {
            return;
        }

        if (_index!.Add(passage, overview, batch) is { } old)
        {
            unneeded.Add(old);
        }
    }

    /// <summary>
    /// Writes a picture; on a full disk older ones give way to it. A picture that cannot be kept is given up: its text goes on.
    /// The store stays open: closing LiteDB on a full disk was seen to hang in its last checkpoint.
    /// </summary>
    private bool TryKeep(string sha256, ReadOnlySpan<byte> jpeg, OutboxBatch batch)
    {
        while (true)
        {
            try
            {
                _files!.Write(sha256, jpeg);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                CountDropped();
                if (!IsFull(e) || _index!.OldestOverview() is not { } oldest)
                {
                    return false;
                }

                if (_index.Done(oldest, uploaded: false, batch) is { } file)
                {
                    _files!.Delete(file);
                }
            }
        }
    }

    private void MakeRoom(OutboxBatch batch, List<string> unneeded)
    {
        while (_index!.Bytes > maxBytes && _index.OldestOverview() is { } oldest)
        {
            if (_index.Done(oldest, uploaded: false, batch) is { } file)
            {
                unneeded.Add(file);
            }

            CountDropped();
        }

        var over = _index.Bytes > maxBytes;
        Become(
            over ? OutboxCondition.OverRoom : OutboxCondition.Ready,
            over ? $"Text that waits for the hub takes more than Outbox.MaxMegabytes ({maxBytes / 1_000_000} MB); it is kept. Bring the hub back." : "");
    }

    private void Commit(OutboxBatch batch, List<string> unneeded)
    {
        lock (_using)
        {
            if (!batch.IsEmpty)
            {
                _store!.Write(batch);
            }

            lock (_gate)
            {
                _floor = _index!.Last;
                _closedTotal = _store!.ClosedTotal;
            }
        }

        foreach (var sha256 in unneeded)
        {
            _files!.Delete(sha256);
        }
    }

    private T Look<T>(Func<OutboxStore, T> look, T nothing)
    {
        lock (_using)
        {
            try
            {
                return _store is { } store ? look(store) : nothing;
            }
            catch (Exception e) when (e is IOException or LiteException)
            {
                // The disk is ill: the writer meets the same fault, reports it and opens the file again.
                return nothing;
            }
        }
    }

    private void Become(OutboxCondition condition, string words)
    {
        if (_condition == OutboxCondition.Fault && condition != OutboxCondition.Fault)
        {
            LogWritesAgain(log);
        }

        _words = words;
        _condition = condition;
    }
}
