namespace Anpr.Edge.Outbox;

/// <summary>
/// What the file holds, in memory and without bodies: which messages wait, which passages are open, which overviews wait.
/// Each operation changes the index and adds to a batch what must be written to make the file agree. When that write
/// fails the index is thrown away and made again from the file. Not thread-safe.
/// </summary>
/// <remarks>
/// The newest revision of every record of an open passage stays in the file even when it is acknowledged, so that
/// <see cref="CrashRecovery"/> can close it. It may then be sent again after a restart, which is harmless.
/// </remarks>
internal sealed class OutboxIndex
{
    private const int ClosedRemembered = 1024;
    private readonly SortedDictionary<long, Entry> _waiting = [];
    private readonly Dictionary<Guid, OpenPassage> _open = [];
    private readonly Dictionary<Guid, int> _closed = [];
    private readonly Queue<Guid> _closedOrder = new();
    private readonly Dictionary<Guid, WaitingOverview> _overviews = [];
    private readonly SortedDictionary<long, Guid> _overviewOrder = [];
    private readonly HashSet<(Guid Record, int Revision)> _loaded = [];
    private long _next;

    /// <summary>Makes the index of a file.</summary>
    /// <param name="messages">All of its messages, oldest first.</param>
    /// <param name="open">The passages that were open.</param>
    /// <param name="overviews">The overviews that wait.</param>
    /// <param name="floor">Sequences start above this: a number that the hub may still answer is never given twice.</param>
    public OutboxIndex(IEnumerable<OutboxMessage> messages, IEnumerable<Guid> open, IEnumerable<WaitingOverview> overviews, long floor)
    {
        _next = floor;
        foreach (var passage in open)
        {
            _open[passage] = new OpenPassage();
        }

        foreach (var message in messages)
        {
            _next = Math.Max(_next, message.Sequence);
            _loaded.Add((message.Record, message.Revision));
            Enter(message);
            if (_open.TryGetValue(message.Passage, out var state))
            {
                state.Newest[message.Record] = new Newest(message.Sequence, message.Revision, message.Body.Length, Settled: false);
            }
        }

        foreach (var overview in overviews)
        {
            _overviews[overview.Sighting] = overview;
            _overviewOrder[overview.Sequence] = overview.Sighting;
            Bytes += overview.Length;
        }
    }

    /// <summary>Messages that the hub has not acknowledged.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Overviews that wait.</summary>
    public int WaitingOverviews => _overviews.Count;

    /// <summary>Bytes of all messages and overviews in the file.</summary>
    public long Bytes { get; private set; }

    /// <summary>The highest sequence given so far.</summary>
    public long Last => _next;

    /// <summary>Passages that are open.</summary>
    public IReadOnlyCollection<Guid> Open => _open.Keys;

    /// <summary>True while the hub has not answered that message.</summary>
    public bool IsWaiting(long sequence) => _waiting.ContainsKey(sequence);

    /// <summary>
    /// True when the file held that revision as the index was made: a commit that failed to the eye may have reached the disk
    /// (LiteDB's checkpoint after it failed), and what is then tried again must not be there twice.
    /// </summary>
    public bool WasLoaded(Guid record, int revision) => _loaded.Contains((record, revision));

    /// <summary>Sequences of the newest revisions of an open passage.</summary>
    public IReadOnlyList<long> NewestOf(Guid passage) => [.. _open[passage].Newest.Values.Select(n => n.Sequence)];

    /// <summary>Adds a revision; false (and nothing is added) when it is not newer than what is known.</summary>
    public bool Append(Guid passage, Guid record, int revision, byte[] body, OutboxBatch batch, out long sequence)
    {
        sequence = 0;
        if (WasLoaded(record, revision))
        {
            return false;
        }

        if (_closed.TryGetValue(passage, out var last) && record == passage && revision <= last)
        {
            return false;
        }

        var open = _closed.ContainsKey(passage) ? null : OpenOf(passage, batch);
        if (open is not null && open.Newest.TryGetValue(record, out var newest))
        {
            if (revision <= newest.Revision)
            {
                return false;
            }

            Release(newest, batch);
        }

        sequence = ++_next;
        var message = new OutboxMessage(sequence, passage, record, revision, body);
        batch.Add.Add(message);
        Enter(message);
        if (open is not null)
        {
            open.Newest[record] = new Newest(sequence, revision, body.Length, Settled: false);
        }

        return true;
    }

    /// <summary>The passage has had its last revision.</summary>
    public void Close(Guid passage, int revision, OutboxBatch batch)
    {
        if (!_open.Remove(passage, out var open))
        {
            return;
        }

        foreach (var newest in open.Newest.Values)
        {
            Release(newest, batch);
        }

        _closed[passage] = revision;
        _closedOrder.Enqueue(passage);
        if (_closedOrder.Count > ClosedRemembered)
        {
            _closed.Remove(_closedOrder.Dequeue());
        }

        batch.Opened.Remove(passage);
        batch.Closed.Add(passage);
    }

    /// <summary>Notes the hub's answer; an unknown sequence (answered before) is ignored.</summary>
    public void Settle(long sequence, Settlement settlement, string reason, OutboxBatch batch)
    {
        if (!_waiting.Remove(sequence, out var entry))
        {
            return;
        }

        var known = _open.TryGetValue(entry.Passage, out var open) && open.Newest.TryGetValue(entry.Record, out var n) && n.Sequence == sequence;
        if (settlement == Settlement.Refused)
        {
            batch.Aside.Add((sequence, reason));
            Bytes -= entry.Bytes;
            if (known)
            {
                open!.Newest.Remove(entry.Record);
            }
        }
        else if (known)
        {
            open!.Newest[entry.Record] = open.Newest[entry.Record] with { Settled = true };
        }
        else
        {
            batch.Remove.Add(sequence);
            Bytes -= entry.Bytes;
        }
    }

    /// <summary>An overview waits; what its sighting had before gives way. Null, or the hash whose file nobody needs any more.</summary>
    public string? Add(Guid passage, WaitingOverview overview, OutboxBatch batch)
    {
        if (_open.TryGetValue(passage, out var open) && open.Uploaded.TryGetValue(overview.Sighting, out var sent) && sent == overview.Sha256)
        {
            return null;
        }

        var unneeded = Remove(overview.Sighting, null);
        _overviews[overview.Sighting] = overview;
        _overviewOrder[overview.Sequence] = overview.Sighting;
        Bytes += overview.Length;
        batch.Overviews.RemoveAll(o => o.Sighting == overview.Sighting);
        batch.OverviewsGone.Remove(overview.Sighting);
        batch.Overviews.Add(overview);
        return unneeded == overview.Sha256 ? null : unneeded;
    }

    /// <summary>The overview was uploaded, refused or given up. Null, or the hash whose file nobody needs any more.</summary>
    public string? Done(WaitingOverview overview, bool uploaded, OutboxBatch batch)
    {
        foreach (var open in uploaded ? _open.Values.Where(o => o.Newest.ContainsKey(overview.Sighting)) : [])
        {
            open.Uploaded[overview.Sighting] = overview.Sha256;
        }

        // A newer picture may have taken its place while it was on its way.
        return _overviews.TryGetValue(overview.Sighting, out var current) && current.Sha256 == overview.Sha256
            ? Remove(overview.Sighting, batch)
            : null;
    }

    /// <summary>The oldest overview, null when none waits.</summary>
    public WaitingOverview? OldestOverview() => _overviewOrder.Count == 0 ? null : _overviews[_overviewOrder.First().Value];

    /// <summary>The oldest overview whose sighting is acknowledged, null when there is none or much text still waits.</summary>
    /// <param name="textAtMost">Text first: none while more messages than this wait.</param>
    public WaitingOverview? ReadyOverview(int textAtMost) => _waiting.Count > textAtMost
        ? null
        : _overviewOrder.Where(o => !_waiting.ContainsKey(o.Key)).Select(o => _overviews[o.Value]).FirstOrDefault();

    private string? Remove(Guid sighting, OutboxBatch? batch)
    {
        if (!_overviews.Remove(sighting, out var overview))
        {
            return null;
        }

        _overviewOrder.Remove(overview.Sequence);
        Bytes -= overview.Length;
        if (batch is not null)
        {
            batch.Overviews.RemoveAll(o => o.Sighting == sighting);
            batch.OverviewsGone.Add(sighting);
        }

        // Two plates of one frame share its file.
        return _overviews.Values.Any(o => o.Sha256 == overview.Sha256) ? null : overview.Sha256;
    }

    private void Enter(OutboxMessage message)
    {
        _waiting[message.Sequence] = new Entry(message.Passage, message.Record, message.Body.Length);
        Bytes += message.Body.Length;
    }

    private void Release(Newest newest, OutboxBatch batch)
    {
        if (newest.Settled)
        {
            batch.Remove.Add(newest.Sequence);
            Bytes -= newest.Bytes;
        }
    }

    private OpenPassage OpenOf(Guid passage, OutboxBatch batch)
    {
        if (!_open.TryGetValue(passage, out var open))
        {
            open = new OpenPassage();
            _open[passage] = open;
            batch.Opened.Add(passage);
        }

        return open;
    }

    private sealed record Entry(Guid Passage, Guid Record, int Bytes);

    private sealed record Newest(long Sequence, int Revision, int Bytes, bool Settled);

    private sealed class OpenPassage
    {
        public Dictionary<Guid, Newest> Newest { get; } = [];

        public Dictionary<Guid, string> Uploaded { get; } = [];
    }
}
