using System.Security.Cryptography;
using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Audit;

/// <summary>How far an audit log had come at a time, signed: lanes hold it where no administrator of the hub comes.</summary>
/// <param name="Replica">Name of the log.</param>
/// <param name="Number">Of its newest entry then.</param>
/// <param name="Hash">Of that entry, lower-case hex.</param>
/// <param name="At">When it was signed, hub clock.</param>
/// <param name="Signed">As lanes get it.</param>
public sealed record AuditHead(string Replica, long Number, string Hash, DateTimeOffset At, SignedAuditHead Signed)
{
    /// <summary>All heads of all hubs; the newest of each is what lanes are given.</summary>
    public static Table<AuditHead> Table { get; } = new("audit_heads", h => Keys.Join(h.Replica, Keys.Number((ulong)h.Number))) { Shared = true };

    /// <summary>By time of signing.</summary>
    public static TableIndex<AuditHead> ByTime { get; } = Table.Index("time", h => Keys.Time(h.At));

    // So that a signed head can be taken for no signed list, and the other way round.
    private static readonly byte[] Purpose = "anpr audit head\n"u8.ToArray();

    /// <summary>The head of a log, signed.</summary>
    /// <param name="newest">The log's newest entry.</param>
    /// <param name="now">Hub clock.</param>
    /// <param name="key">The hub's.</param>
    internal static AuditHead Of(AuditEntry newest, DateTimeOffset now, SigningKey key)
    {
        var head = new Proto.V1.AuditHead { Replica = newest.Replica, Number = (ulong)newest.Number, Hash = newest.Hash, At = now.ToTimestamp() }.ToByteArray();
        var signed = new SignedAuditHead { Head = ByteString.CopyFrom(head), Signature = key.Sign([.. Purpose, .. head]) };
        return new AuditHead(newest.Replica, newest.Number, newest.Hash, now, signed);
    }

    /// <summary>Reads one line of what <c>anpr lane heads</c> prints, or of a lane's own file.</summary>
    /// <param name="line">JSON with <c>head</c> and <c>signature</c>, base64.</param>
    /// <param name="key">The hub's signing key.</param>
    /// <returns>Null when it is no head, or is not signed by that key.</returns>
    internal static AuditHead? Read(string line, ECDsa key)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var (head, signature) = (json.RootElement.GetProperty("head").GetBytesFromBase64(), json.RootElement.GetProperty("signature").GetBytesFromBase64());
            byte[] told = [.. Purpose, .. head];
            if (!key.VerifyData(told, signature, HashAlgorithmName.SHA256))
            {
                return null;
            }

            var read = Proto.V1.AuditHead.Parser.ParseFrom(head);
            return read.Number is > 0 and <= long.MaxValue && read.At is not null
                ? new AuditHead(read.Replica, (long)read.Number, read.Hash, read.At.ToDateTimeOffset(), new SignedAuditHead { Head = ByteString.CopyFrom(head), Signature = ByteString.CopyFrom(signature) })
                : null;
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or FormatException or InvalidOperationException or InvalidProtocolBufferException or ArgumentException)
        {
            return null;
        }
    }
}
