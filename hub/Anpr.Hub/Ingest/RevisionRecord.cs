using Anpr.Hub.Storage;

namespace Anpr.Hub.Ingest;

/// <summary>One message exactly as it was accepted, but for its picture. Kept beside what was made of it, and as long.</summary>
/// <param name="Kind">sighting, passage, search or disposition.</param>
/// <param name="Of">Id of what it speaks of.</param>
/// <param name="Revision">From 1.</param>
/// <param name="Port">Who sent it.</param>
/// <param name="Lane">Who sent it.</param>
/// <param name="ReceivedAt">Hub clock.</param>
/// <param name="Digest">Lower-case hex SHA-256 of the whole message.</param>
/// <param name="Message">Its bytes without the picture.</param>
/// <param name="Picture">SHA-256 of the picture, empty when there was none.</param>
public sealed record RevisionRecord(
    string Kind, string Of, uint Revision, string Port, string Lane, DateTimeOffset ReceivedAt, string Digest, byte[] Message, string Picture)
{
    /// <summary>All messages by <see cref="Key"/>.</summary>
    public static Table<RevisionRecord> Table { get; } = new("revisions", r => Key(r.Kind, r.Of, r.Revision));

    /// <summary>By picture: it can go only when no message names it.</summary>
    public static TableIndex<RevisionRecord> ByPicture { get; } = Table.Index("picture", r => r.Picture.Length > 0 ? r.Picture : null);

    /// <summary>(id, revision) is the key everywhere.</summary>
    public static string Key(string kind, string id, uint revision) => $"{kind}|{id}|{revision:D10}";
}
