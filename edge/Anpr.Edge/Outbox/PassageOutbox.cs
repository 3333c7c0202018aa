using System.Threading.Channels;
using Anpr.Edge.Passage;
using Microsoft.Extensions.Logging;

namespace Anpr.Edge.Outbox;

/// <summary>
/// Keeps every revision until the hub has acknowledged it. Appending never waits and never fails: one writer takes
/// what has gathered, commits it in one go and only then says so. Thread-safe.
/// </summary>
internal sealed partial class PassageOutbox : IAsyncDisposable
{
    /// <summary>Changes in memory that keep their overview while the disk refuses; later ones keep text only.</summary>
    internal const int OverviewsKeptInMemory = 32;

    private const int BatchSize = 256;

    /// <summary>Text first: overviews go only while at most this many messages wait.</summary>
    private const int TextBeforeOverviews = 64;

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly Channel<Command> _commands = Channel.CreateUnbounded<Command>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OutboxFile _file;
    private readonly Func<bool> _synchronised;
    private readonly Action<IReadOnlyList<Committed>> _committed;
    private readonly string _station;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Task _writer;
    private volatile TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _unwritten;
    private int _disposed;

    /// <summary>Starts the writer; the file is opened, and passages that were open are closed, before anything else is written.</summary>
    /// <param name="folder">The outbox's own folder.</param>
    /// <param name="options">Its section.</param>
    /// <param name="station">"approach", "control" or "shed".</param>
    /// <param name="synchronised">Says whether the box's clock is set by NTP or PTP.</param>
    /// <param name="committed">Told after each commit what is now safe, in order; must be quick.</param>
    /// <param name="time">Clock of the retries.</param>
    /// <param name="log">Where faults go.</param>
    public PassageOutbox(
        string folder,
        OutboxOptions options,
        string station,
        Func<bool> synchronised,
        Action<IReadOnlyList<Committed>> committed,
        TimeProvider time,
        ILogger log)
    {
        _station = station;
        _synchronised = synchronised;
        _committed = committed;
        _time = time;
        HubClock = new HubClock(time);
        _log = log;
        _file = new OutboxFile(folder, options.MaxMegabytes * 1_000_000L, options.ReserveMegabytes * 1_000_000L, log, time);
        _writer = Task.Run(WriteAsync);
    }

    /// <summary>Done when the file was opened for the first time.</summary>
    public Task Opened => _opened.Task;

    /// <summary>What the hub said of the time; records are marked with it.</summary>
    public HubClock HubClock { get; }

    /// <summary>The writer's life: it ends at disposing only.</summary>
    public Task Writing => _writer;

    /// <summary>Takes a change; a revision that is not newer than what is known is dropped.</summary>
    public void Append(PassageChange change)
    {
        var jpeg = change.Sighting?.OverviewJpeg ?? default;
        if (jpeg.Length > 0 && _file.Condition == OutboxCondition.Fault && Volatile.Read(ref _unwritten) >= OverviewsKeptInMemory)
        {
            jpeg = default;
            _file.CountDropped();
        }

        var sha256 = jpeg.Length > 0 ? OverviewFiles.Sha256(jpeg.Span) : "";
        var clock = new BoxTime(_synchronised(), HubClock.BoxAhead);
        var sighting = change.Sighting is { } s ? ToWire.Sighting(s, sha256, clock) : null;
        var passage = ToWire.Passage(change.Passage, _station, clock);
        Interlocked.Increment(ref _unwritten);
        _commands.Writer.TryWrite(new AppendCommand(passage, sighting, sha256, jpeg));
    }

    /// <summary>Notes what the hub answered to a message.</summary>
    public void Settle(long sequence, Settlement settlement, string reason) =>
        _commands.Writer.TryWrite(new SettleCommand(sequence, settlement, reason));

    /// <summary>Notes that an overview needs no more sending.</summary>
    /// <param name="overview">The one that <see cref="NextOverview"/> gave.</param>
    /// <param name="uploaded">False when the hub refused it or its file was lost.</param>
    public void Settle(WaitingOverview overview, bool uploaded) => _commands.Writer.TryWrite(new OverviewCommand(overview, uploaded));

    /// <summary>Up to <paramref name="count"/> committed messages after <paramref name="sequence"/>, oldest first; the hub may have answered some.</summary>
    public IReadOnlyList<OutboxMessage> After(long sequence, int count) => _file.After(sequence, count);

    /// <summary>The next overview to upload with its bytes; null when none is ready, null bytes when its file is lost.</summary>
    public (WaitingOverview Overview, byte[]? Jpeg)? NextOverview() => _file.NextOverview(TextBeforeOverviews);

    /// <summary>Done at the next commit after this call. Take it before looking, then wait if there was nothing.</summary>
    public Task Changed => _changed.Task;

    /// <summary>The outbox at this moment.</summary>
    public OutboxSnapshot Snapshot() => _file.Snapshot(Volatile.Read(ref _unwritten));

    /// <summary>Messages that the hub refused, with its reasons.</summary>
    public IReadOnlyList<(OutboxMessage Message, string Reason)> Refused() => _file.Refused();

    /// <summary>Writes what has gathered, then closes the file. A second call does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        _commands.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _writer;
        _file.Dispose();
        _stopping.Dispose();
    }

    private async Task WriteAsync()
    {
        var reader = _commands.Reader;
        var batch = new List<Command>(BatchSize);
        await TakeAsync(batch);
        _opened.TrySetResult();
        while (await reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < BatchSize && reader.TryRead(out var command))
            {
                batch.Add(command);
            }

            await TakeAsync(batch);
        }
    }

    /// <summary>Writes a batch, trying until the disk takes it; at stop only once more.</summary>
    private async Task TakeAsync(List<Command> batch)
    {
        while (true)
        {
            var last = _stopping.IsCancellationRequested;
            if (_file.TryWrite(batch, out var committed))
            {
                Interlocked.Add(ref _unwritten, -batch.Count(c => c is AppendCommand));
                Announce(committed);
                return;
            }

            if (last)
            {
                LogLost(_log, batch.Count(c => c is AppendCommand));
                return;
            }

            try
            {
                await Task.Delay(RetryAfter, _time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                // One more try, above.
            }
        }
    }

    private void Announce(IReadOnlyList<Committed> committed)
    {
        if (committed.Count > 0)
        {
            _committed(committed);
        }

        var changed = _changed;
        _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Stopped with {Count} changes that the disk did not take: they are lost. Make room on the data folder's disk.")]
    private static partial void LogLost(ILogger log, int count);
}
