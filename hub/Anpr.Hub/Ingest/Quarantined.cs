using System.Security.Cryptography;
using System.Text;
using Anpr.Hub.Access;
using Anpr.Hub.Storage;

namespace Anpr.Hub.Ingest;

/// <summary>A message that was kept but not used, and why; engineers see it.</summary>
/// <param name="Id">SHA-256 of lane and message: sent again, it is kept once.</param>
/// <param name="Port">From the lane's certificate.</param>
/// <param name="Lane">From the lane's certificate.</param>
/// <param name="Kind">sighting, passage, search, disposition, or empty.</param>
/// <param name="ReceivedAt">Hub clock.</param>
/// <param name="Fault">Field and cure.</param>
/// <param name="Security">True when the message was refused as a security event.</param>
/// <param name="Message">The whole message as it came.</param>
public sealed record Quarantined(
    string Id, string Port, string Lane, string Kind, DateTimeOffset ReceivedAt, string Fault, bool Security, byte[] Message)
{
    /// <summary>All of them by id.</summary>
    public static Table<Quarantined> Table { get; } = new("quarantine", q => q.Id);

    /// <summary>By time of receipt.</summary>
    public static TableIndex<Quarantined> ByTime { get; } = Table.Index("time", q => Keys.Time(q.ReceivedAt));

    /// <summary>The id of a message of a lane.</summary>
    internal static string IdOf(LaneIdentity lane, string kind, byte[] message)
    {
        var name = Encoding.UTF8.GetBytes($"{lane}|{kind}|");
        return Convert.ToHexStringLower(SHA256.HashData([.. name, .. message]));
    }
}
