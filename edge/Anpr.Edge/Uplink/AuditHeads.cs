using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Wire = Anpr.Proto.V1;

namespace Anpr.Edge.Uplink;

/// <summary>
/// Signed heads of the hubs' audit logs, kept in a file that is only ever added to, where no administrator of a hub comes: with them a log
/// that was written anew is found out. Called by one thread.
/// </summary>
internal sealed partial class AuditHeads
{
    /// <summary>Name of the file in the lane's folder.</summary>
    public const string FileName = "audit-heads.jsonl";

    /// <summary>Heads that one hour may bring: of as many hubs, with some to spare.</summary>
    public const int MostAnHour = 8;

    /// <summary>Heads that are kept at least: a year of <see cref="MostAnHour"/>.</summary>
    public const int Kept = MostAnHour * 24 * 366;

    private static readonly byte[] Purpose = "anpr audit head\n"u8.ToArray();
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly string _file;
    private readonly ECDsa _key;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Dictionary<string, Line> _newest = new(StringComparer.Ordinal);
    private readonly Queue<DateTimeOffset> _taken = [];
    private int _lines;

    /// <summary>Reads what is kept; a line that a crash left unfinished is left as it is.</summary>
    /// <param name="file">Where they are kept.</param>
    /// <param name="key">P-256 key that signs them.</param>
    /// <param name="time">The box's clock.</param>
    /// <param name="log">Where a log that goes back is named.</param>
    public AuditHeads(string file, ECDsa key, TimeProvider time, ILogger log)
    {
        (_file, _key, _time, _log) = (file, key, time, log);
        foreach (var line in Read(file))
        {
            _newest[line.Replica] = line;
            _lines++;
        }
    }

    /// <summary>The whole lines of a lane's file, oldest first.</summary>
    public static IEnumerable<Line> Read(string file) =>
        File.Exists(file) ? File.ReadLines(file).Select(Parse).OfType<Line>() : [];

    /// <summary>One line as it is kept and printed.</summary>
    public static string Write(Line line) => JsonSerializer.Serialize(line, Json);

    /// <summary>
    /// Keeps those that are signed and new; they are on disk when this returns. What the disk refused is taken when it comes again: it holds up
    /// nothing else of what the hub sends.
    /// </summary>
    public void Take(IEnumerable<Wire.SignedAuditHead> heads)
    {
        var now = _time.GetUtcNow();
        var kept = new List<Line>();
        var newest = new Dictionary<string, Line>(_newest, StringComparer.Ordinal);
        foreach (var signed in heads)
        {
            if (Check(signed) is not { } head)
            {
                LogForged(_log);
            }
            else if (IsNew(head, newest) && HasRoom(now, kept.Count))
            {
                var line = new Line(head.Replica, head.Number, head.Hash, head.At.ToDateTimeOffset(), now, signed.Head.ToByteArray(), signed.Signature.ToByteArray());
                newest[line.Replica] = line;
                kept.Add(line);
            }
        }

        if (kept.Count == 0)
        {
            return;
        }

        try
        {
            Append(kept);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            LogFailed(_log, error.Message);
            return;
        }

        kept.ForEach(line =>
        {
            _newest[line.Replica] = line;
            _taken.Enqueue(now);
        });
    }

    private bool IsNew(Wire.AuditHead head, Dictionary<string, Line> newest)
    {
        if (!newest.TryGetValue(head.Replica, out var before))
        {
            LogFirst(_log, head.Replica);
            return true;
        }

        if (head.Number < before.Number || (head.Number == before.Number && head.Hash != before.Hash))
        {
            LogBack(_log, head.Replica, before.Number, head.Number);
        }

        return head.Number != before.Number || head.Hash != before.Hash;
    }

    // A hub that is in the wrong hands must not push out what is kept by sending more.
    private bool HasRoom(DateTimeOffset now, int coming)
    {
        while (_taken.TryPeek(out var first) && now - first >= TimeSpan.FromHours(1))
        {
            _taken.Dequeue();
        }

        return _taken.Count + coming < MostAnHour;
    }

    private Wire.AuditHead? Check(Wire.SignedAuditHead signed)
    {
        byte[] told = [.. Purpose, .. signed.Head.Span];
        if (!_key.VerifyData(told, signed.Signature.Span, HashAlgorithmName.SHA256))
        {
            return null;
        }

        try
        {
            return Wire.AuditHead.Parser.ParseFrom(signed.Head) is { At: not null } head ? head : null;
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private void Append(List<Line> lines)
    {
        if (_lines + lines.Count > Kept + (Kept / 10))
        {
            Thin();
        }

        using var stream = new FileStream(_file, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        if (stream.Length > 0)
        {
            stream.Seek(-1, SeekOrigin.End);
            var torn = stream.ReadByte() != '\n'; // an unfinished line stays one line of its own
            stream.Write(torn ? "\n"u8 : []);
        }

        lines.ForEach(line => stream.Write([.. System.Text.Encoding.UTF8.GetBytes(Write(line)), (byte)'\n']));
        stream.Flush(flushToDisk: true);
        _lines += lines.Count;
    }

    private void Thin()
    {
        var part = _file + ".part";
        using (var stream = new FileStream(part, FileMode.Create, FileAccess.Write))
        {
            foreach (var line in Read(_file).Skip(Math.Max(0, _lines - Kept)))
            {
                stream.Write([.. System.Text.Encoding.UTF8.GetBytes(Write(line)), (byte)'\n']);
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(part, _file, overwrite: true);
        _lines = Math.Min(_lines, Kept);
    }

    private static Line? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<Line>(text, Json) is { Replica: not null, Hash: not null, Head: not null, Signature: not null } line ? line : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Security: a head of an audit log is not signed by the hub's key and was not kept")]
    private static partial void LogForged(ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "Heads of the hub's audit log could not be kept: {Fault}. Make room on the box's disk; they are taken when the hub sends them again")]
    private static partial void LogFailed(ILogger log, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The hub has a new audit log, {Replica}: it is another hub, or one that was restored or begun anew")]
    private static partial void LogFirst(ILogger log, string replica);

    [LoggerMessage(Level = LogLevel.Error, Message = "Security: the audit log {Replica} was at entry {Before} and says now that it is at {Now}. Both heads are kept; check it with `hub verify --heads`")]
    private static partial void LogBack(ILogger log, string replica, ulong before, ulong now);

    /// <summary>A head as it is kept: in words, and as it was signed.</summary>
    /// <param name="Replica">Name of the hub's log.</param>
    /// <param name="Number">Of its newest entry then.</param>
    /// <param name="Hash">Of that entry.</param>
    /// <param name="At">When the hub signed it.</param>
    /// <param name="KeptAt">When it came, box clock.</param>
    /// <param name="Head">The bytes that are signed.</param>
    /// <param name="Signature">Over them.</param>
    internal sealed record Line(string Replica, ulong Number, string Hash, DateTimeOffset At, DateTimeOffset KeptAt, byte[] Head, byte[] Signature);
}
