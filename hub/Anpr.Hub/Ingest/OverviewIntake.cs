using System.Security.Cryptography;
using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Outcome = Anpr.Proto.V1.OverviewAnswer.Types.Outcome;

namespace Anpr.Hub.Ingest;

/// <summary>Takes in overview pictures: late perhaps, never under the wrong plate.</summary>
public sealed class OverviewIntake(IStore store, HubFeed feed, TimeProvider time)
{
    private const uint Limit = 2 * 1024 * 1024;

    /// <summary>Why an announced picture cannot be taken, null when it can.</summary>
    internal string? Fault(LaneIdentity lane, OverviewKey key)
    {
        if (!PictureFiles.IsHash(key.Sha256) || key.Length is 0 or > Limit)
        {
            return $"sha256 and length must announce a picture of 1 to {Limit} bytes.";
        }

        if (store.Get(RevisionRecord.Table, RevisionRecord.Key("sighting", key.SightingId, key.Revision)) is not { } revision || revision.Port != lane.Port || revision.Lane != lane.Lane)
        {
            return "this lane has no such sighting and revision here. Send the sighting first.";
        }

        return Sighting.Parser.ParseFrom(revision.Message).OverviewSha256 == key.Sha256
            ? null
            : "the sighting's revision names another picture. Send the overview of the frame that was read.";
    }

    /// <summary>Keeps a whole picture whose key was found without fault.</summary>
    internal async Task<OverviewAnswer> AcceptAsync(LaneIdentity lane, OverviewKey key, byte[] bytes)
    {
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != key.Sha256)
        {
            return new OverviewAnswer { Outcome = Outcome.Refused, Reason = $"the {bytes.Length} bytes that came are not the picture that was announced. Send it again." };
        }

        var now = time.GetUtcNow();
        var id = StoredOverview.Key(key.Sha256, key.SightingId);
        var isNew = await store.WriteAsync(
            writer =>
            {
                if (writer.Get(StoredOverview.Table, id) is not null)
                {
                    return false;
                }

                writer.Put(StoredOverview.Table, new StoredOverview(key.Sha256, key.SightingId, now));
                writer.PutPicture(bytes);
                return true;
            },
            lookup => lookup.Get(StoredOverview.Table, id));
        if (!isNew)
        {
            return new OverviewAnswer { Outcome = Outcome.Duplicate };
        }

        feed.Publish(new OverviewEvent(now, key.SightingId, key.Sha256));
        return new OverviewAnswer { Outcome = Outcome.Stored };
    }
}
