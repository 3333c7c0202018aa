using Anpr.Hub.Storage;

namespace Anpr.Hub.Ingest;

/// <summary>That an overview is kept, and for which sighting. The same picture may be kept for several.</summary>
/// <param name="Sha256">Of the picture, lower-case hex.</param>
/// <param name="Sighting">The sighting that named it.</param>
/// <param name="ReceivedAt">Hub clock.</param>
/// <param name="Stays">Its passage was a hit when its time came: it goes with the sighting.</param>
public sealed record StoredOverview(string Sha256, string Sighting, DateTimeOffset ReceivedAt, bool Stays = false)
{
    /// <summary>All of them, by picture, then sighting.</summary>
    public static Table<StoredOverview> Table { get; } = new("overviews", o => Key(o.Sha256, o.Sighting));

    /// <summary>By time of receipt, until it is known that it stays.</summary>
    public static TableIndex<StoredOverview> ByTime { get; } = Table.Index("time", o => o.Stays ? null : Keys.Time(o.ReceivedAt));

    /// <summary>The id of a picture of a sighting.</summary>
    public static string Key(string sha256, string sighting) => Keys.Join(sha256, sighting);
}
