using System.Text.Json;
using Anpr.Proto.V1;
using LiteDB;

namespace Anpr.EndToEnd.Site;

/// <summary>A passage as the hub keeps it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Port">Where.</param>
/// <param name="Closed">Its newest revision is its last.</param>
/// <param name="OpenedAt">When the vehicle came, by the lane's clock.</param>
/// <param name="ReceivedAt">When its newest revision came in.</param>
/// <param name="Sightings">How many plates it has.</param>
internal sealed record StoredPassage(string Id, string Port, bool Closed, DateTimeOffset OpenedAt, DateTimeOffset ReceivedAt, int Sightings)
{
    /// <summary>All of a hub that does not run, straight from its file: what is really on the disk, whatever the hub would say.</summary>
    public static IReadOnlyList<StoredPassage> Read(string hubFolder)
    {
        using var file = new LiteDatabase($"Filename={Path.Combine(hubFolder, "hub.db")};ReadOnly=true");
        return [.. file.GetCollection("passages").FindAll().Select(document => Of(JsonDocument.Parse(document["b"].AsBinary).RootElement))];
    }

    private static StoredPassage Of(JsonElement stored)
    {
        var message = Passage.Parser.ParseFrom(stored.GetProperty("message").GetBytesFromBase64());
        return new StoredPassage(
            stored.GetProperty("id").GetString()!,
            stored.GetProperty("port").GetString()!,
            message.Stage == Stage.Closed,
            message.OpenedAt.ToDateTimeOffset(),
            stored.GetProperty("receivedAt").GetDateTimeOffset(),
            message.SightingIds.Count);
    }
}
