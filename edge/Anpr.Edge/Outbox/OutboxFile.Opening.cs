using System.Globalization;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Outbox;

/// <summary>Opening, recovery after a crash, and faults.</summary>
internal sealed partial class OutboxFile
{
    // errno of Linux, which .NET hands on as an IOException's HResult.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    /// <summary>Writes that failed without the disk's fault, each in a newly opened file, before the file counts as damaged.</summary>
    private const int MostBadWrites = 2;

    private int _badWrites;

    private void Open(List<Committed> committed)
    {
        if (_store is not null)
        {
            return;
        }

        try
        {
            if (_badWrites >= MostBadWrites)
            {
                throw new InvalidDataException("it can be read but not written");
            }

            OpenFile(committed);
        }
        catch (Exception e) when (IsDamage(e))
        {
            LayAside(e);
            committed.Clear();
            OpenFile(committed);
        }

        Become(OutboxCondition.Ready, "");
    }

    private void OpenFile(List<Committed> committed)
    {
        var files = new OverviewFiles(Path.Combine(folder, "overviews"));
        var store = new OutboxStore(_path);
        try
        {
            var overviews = store.Overviews();
            var index = new OutboxIndex(store.Messages(), store.OpenPassages(), overviews, _floor);
            files.KeepOnly(overviews.Select(o => o.Sha256).ToHashSet(StringComparer.Ordinal));
            lock (_gate)
            {
                (_store, _files, _index, _closedTotal) = (store, files, index, store.ClosedTotal);
            }
        }
        catch
        {
            Discard(store);
            throw;
        }

        CloseWhatWasOpen(committed);
    }

    /// <summary>
    /// LiteDB reads what it finds without a checksum, so that a damaged file shows as any exception: whatever is not the disk's.
    /// </summary>
    private static bool IsDamage(Exception? e)
    {
        for (; e is not null; e = e.InnerException)
        {
            if (e is OutOfMemoryException or UnauthorizedAccessException || (e is IOException and not (InvalidProtocolBufferException or EndOfStreamException)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The file with LiteDB's log, which would be worked into the new one.</summary>
    private void LayAside(Exception why)
    {
        Close();
        var aside = $"{_path}.damaged-{time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}";
        foreach (var (from, to) in new[] { (_path, aside), (Path.Combine(folder, "outbox-log.db"), aside + "-log") })
        {
            if (File.Exists(from))
            {
                File.Move(from, to, overwrite: true);
            }
        }

        _badWrites = 0;
        LogDamaged(log, why, aside);
    }

    /// <summary>Only at the program's start: after a fault in between, the open passages are still being watched.</summary>
    private void CloseWhatWasOpen(List<Committed> committed)
    {
        if (_recovered)
        {
            return;
        }

        var batch = new OutboxBatch();
        lock (_gate)
        {
            foreach (var passage in _index!.Open.ToList())
            {
                CloseOne(passage, batch, committed);
            }
        }

        Commit(batch, []);
        _recovered = true;
    }

    private void CloseOne(Guid passage, OutboxBatch batch, List<Committed> committed)
    {
        var index = _index!;
        var newest = index.NewestOf(passage)
            .SelectMany(sequence => Look(store => store.After(sequence - 1, 1), []))
            .Select(m => Wire.IngestMessage.Parser.ParseFrom(m.Body))
            .ToList();
        foreach (var message in CrashRecovery.Close(newest))
        {
            var (record, revision) = message.Sighting is { } s ? (s.Id, s.Revision) : (message.Passage.Id, message.Passage.Revision);
            var id = Guid.Parse(record);
            index.Append(passage, id, (int)revision, message.ToByteArray(), batch, out _);
            if (message.Passage is { } closed)
            {
                committed.Add(new Committed(passage, null, (int)revision, Closed: true, Recovered: true, closed.ClosedAt.ToDateTimeOffset()));
            }
        }

        index.Close(passage, (int)(newest.Select(m => m.Passage).FirstOrDefault(p => p is not null)?.Revision ?? 0) + 1, batch);
    }

    private void Fail(Exception e)
    {
        var first = _condition != OutboxCondition.Fault;
        Close();
        var words = $"The outbox cannot write to {_path}: {e.Message.TrimEnd('.')}. Reading goes on, records wait in memory. Make room on that disk or mend it.";
        lock (_gate)
        {
            _words = words;
        }

        _condition = OutboxCondition.Fault;
        if (first)
        {
            LogFault(log, e, _path);
        }
    }

    private static bool IsFull(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            if (cause.HResult is NoSpace or QuotaExceeded)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The database never meets a full disk: there its writes fail unseen and its closing hangs. Pictures give way, oldest
    /// first; the upload notices that their files are gone.
    /// </summary>
    /// <exception cref="IOException">Too little room is left, and no picture that could give way.</exception>
    private void KeepReserve()
    {
        var pictures = new Queue<FileInfo>();
        var looked = false;
        while (new DriveInfo(folder).AvailableFreeSpace < reserveBytes)
        {
            if (!looked)
            {
                looked = true;
                var kept = new DirectoryInfo(Path.Combine(folder, "overviews"));
                pictures = new Queue<FileInfo>(kept.Exists ? kept.EnumerateFiles().OrderBy(f => f.LastWriteTimeUtc) : []);
            }

            if (!pictures.TryDequeue(out var oldest))
            {
                throw new IOException($"less than Outbox.ReserveMegabytes ({reserveBytes / 1_000_000} MB) is left on the disk");
            }

            oldest.Delete();
            CountDropped();
        }
    }

    private void Close()
    {
        lock (_using)
        {
            OutboxStore? store;
            lock (_gate)
            {
                store = _store;
                _floor = Math.Max(_floor, _index?.Last ?? 0);
                _counts = Counts();
                (_store, _index) = (null, null);
            }

            Discard(store);
        }
    }

    private static void Discard(OutboxStore? store)
    {
        try
        {
            store?.Dispose();
        }
        catch (Exception)
        {
            // Closing writes a checkpoint, which a full disk refuses; the log is kept and read at the next opening.
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox cannot write to {Path}; it tries again every 5 seconds and keeps records in memory until then")]
    private static partial void LogFault(ILogger log, Exception exception, string path);

    [LoggerMessage(Level = LogLevel.Information, Message = "The outbox writes again")]
    private static partial void LogWritesAgain(ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "The outbox file was damaged: it lies aside as {Path} and a new one is begun")]
    private static partial void LogDamaged(ILogger log, Exception exception, string path);
}
