using System.Security.Cryptography;
using System.Text.Json;
using Anpr.Models.Plates;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.LaneAlert;

/// <summary>What became of a delta.</summary>
internal enum DeltaOutcome
{
    /// <summary>It is in force and on disk.</summary>
    Applied,

    /// <summary>It is a step of a replay of all: nothing is in force before the last one.</summary>
    Collected,

    /// <summary>It is not signed by the watchlist key, or was signed for another port: a security event.</summary>
    Forged,

    /// <summary>It does not start at the revision that is held, or is no delta at all.</summary>
    OutOfStep,
}

/// <summary>The lane's own copy of the watchlist, kept in one file, so that it works with the hub gone. Thread-safe.</summary>
internal sealed partial class WatchlistCopy
{
    private readonly string _file;
    private readonly string _port;
    private readonly ECDsa _key;
    private readonly Lock _applying = new();
    private volatile Contents _contents;
    private (ulong Revision, Dictionary<string, WatchlistEntry> Entries)? _replay;

    /// <summary>Reads the copy in <paramref name="file"/>; a missing or damaged one starts empty and the hub sends all.</summary>
    /// <param name="file">Where it is kept.</param>
    /// <param name="port">The lane's port.</param>
    /// <param name="key">P-256 key that signs deltas.</param>
    /// <param name="log">Where a damaged file is named.</param>
    public WatchlistCopy(string file, string port, ECDsa key, ILogger log)
    {
        _file = file;
        _port = port;
        _key = key;
        _contents = Load(file, log);
    }

    /// <summary>Told after each delta, on the thread that applied it.</summary>
    public event Action? Changed;

    /// <summary>The revision that is held; 0 when none.</summary>
    public ulong Revision => _contents.Revision;

    /// <summary>The revision up to which a replay of all has come, or else the one that is held.</summary>
    public ulong Reached
    {
        get
        {
            lock (_applying)
            {
                return _replay?.Revision ?? _contents.Revision;
            }
        }
    }

    /// <summary>Entries that are held.</summary>
    public int Count => _contents.Entries.Count;

    /// <summary>The entries that match a read and have not expired, highest priority first.</summary>
    public IReadOnlyList<WatchlistMatch> Match(PlateReading reading, DateTimeOffset now) => [.. _contents.Index.Match(reading)
        .Where(h => h.Entry.Expires is not { } end || now < end)
        .OrderBy(h => h.Entry.Priority)
        .ThenBy(h => h.Entry.Id, StringComparer.Ordinal)
        .Select(h => new WatchlistMatch(h.Entry, h.Loose, h.Probability))];

    /// <summary>Begins anew: a replay that was cut off is forgotten.</summary>
    /// <returns>The revision that is held.</returns>
    public ulong Begin()
    {
        lock (_applying)
        {
            _replay = null;
            return _contents.Revision;
        }
    }

    /// <summary>Checks and takes a delta; what is refused changes nothing.</summary>
    public DeltaOutcome Apply(Wire.SignedWatchlistDelta signed)
    {
        // P1363 is what ECDsa verifies by default: r and s, 32 bytes each.
        if (!_key.VerifyData(signed.Delta.Span, signed.Signature.Span, HashAlgorithmName.SHA256))
        {
            return DeltaOutcome.Forged;
        }

        Wire.WatchlistDelta delta;
        try
        {
            delta = Wire.WatchlistDelta.Parser.ParseFrom(signed.Delta);
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return DeltaOutcome.OutOfStep;
        }

        if (delta.Port.Length > 0 && delta.Port != _port)
        {
            return DeltaOutcome.Forged;
        }

        lock (_applying)
        {
            if (Base(delta.FromRevision) is not { } entries)
            {
                return DeltaOutcome.OutOfStep;
            }

            Take(entries, delta);
            if (delta.More && (delta.FromRevision == 0 || _replay is not null))
            {
                _replay = (delta.ToRevision, entries);
                return DeltaOutcome.Collected;
            }

            var next = new Contents(delta.ToRevision, entries);
            Save(next);
            (_contents, _replay) = (next, null);
        }

        Changed?.Invoke();
        return DeltaOutcome.Applied;
    }

    // What the steps of a delta are put upon; null when it starts elsewhere.
    private Dictionary<string, WatchlistEntry>? Base(ulong from)
    {
        if (from == 0)
        {
            return new(StringComparer.Ordinal);
        }

        if (_replay is { } replay)
        {
            return from == replay.Revision ? replay.Entries : null;
        }

        return from == _contents.Revision ? new(_contents.Entries, StringComparer.Ordinal) : null;
    }

    private static void Take(Dictionary<string, WatchlistEntry> entries, Wire.WatchlistDelta delta)
    {
        foreach (var id in delta.RemovedIds)
        {
            entries.Remove(id);
        }

        foreach (var e in delta.Upserts)
        {
            entries[e.Id] = new WatchlistEntry(e.Id, e.Pattern, (int)e.Priority, e.Display, e.ExpiresAt?.ToDateTimeOffset(), e.Kind, e.LeastProbability);
        }
    }

    private void Save(Contents contents)
    {
        var part = _file + ".part";
        using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(stream, new Kept(contents.Revision, [.. contents.Entries.Values]));
            stream.Flush(flushToDisk: true);
        }

        File.Move(part, _file, overwrite: true);
    }

    private static Contents Load(string file, ILogger log)
    {
        try
        {
            if (File.Exists(file) && JsonSerializer.Deserialize<Kept>(File.ReadAllBytes(file)) is { Entries: not null } kept)
            {
                // Kept before entries said their kind: it is matched as it is until the hub has sent all of it anew.
                var revision = kept.Entries.Exists(e => e.Kind == Wire.PatternKind.Unspecified) ? 0 : kept.Revision;
                return new Contents(revision, kept.Entries.ToDictionary(e => e.Id, StringComparer.Ordinal));
            }
        }
        catch (Exception e) when (e is JsonException or IOException or ArgumentException)
        {
            LogDamaged(log, e, file);
        }

        return new Contents(0, []);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{File} is damaged; the whole watchlist is asked for again")]
    private static partial void LogDamaged(ILogger log, Exception exception, string file);

    private sealed record Contents(ulong Revision, Dictionary<string, WatchlistEntry> Entries)
    {
        public WatchlistIndex<WatchlistEntry> Index { get; } = new(Entries.Values, e => e.Listed);
    }

    private sealed record Kept(ulong Revision, List<WatchlistEntry> Entries);
}
