using Anpr.Hub.Access;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Watchlists;

/// <summary>Makes what lanes get of the watchlist: differences between revisions, signed. Thread-safe.</summary>
public sealed class DeltaSigner(WatchlistBook book, SigningKey key, TimeProvider time)
{
    // Well under the 4 MiB that a message may have.
    private const int Together = 5000;

    /// <summary>
    /// What brings a lane of a port from the revision that it has towards the newest, in steps when much has changed; null when it has that. A lane
    /// that is ahead may have heard from another hub what this one has not read yet: the list is read again first. What is ahead of the store too
    /// (it was restored from a backup) gets everything anew.
    /// </summary>
    public SignedWatchlistDelta? Since(ulong have, string port)
    {
        var to = book.LaneRevision(port);
        if (have > to)
        {
            book.Reload();
            to = book.LaneRevision(port);
        }

        if (have == to)
        {
            return null;
        }

        var from = have > to ? 0 : have;
        var now = time.GetUtcNow();
        var changes = book.LaneChanges(from, port, Together);
        var delta = new WatchlistDelta { FromRevision = from, ToRevision = changes.Count == Together ? Math.Min(changes[^1].Revision, to) : to, Port = port };
        delta.More = delta.ToRevision < to;
        foreach (var entry in changes.Where(e => e.Revision <= to))
        {
            if (entry.IsActive(now) && !entry.Covert && entry.IsFor(port))
            {
                delta.Upserts.Add(ForLane(entry));
            }
            else if (from > 0)
            {
                delta.RemovedIds.Add(entry.Id);
            }
        }

        var bytes = delta.ToByteArray();
        return new SignedWatchlistDelta { Delta = ByteString.CopyFrom(bytes), Signature = key.Sign(bytes) };
    }

    private static WatchlistEntry ForLane(ListEntry entry) => new()
    {
        Id = entry.Id,
        Pattern = entry.Pattern,
        Priority = (uint)entry.Priority,
        Display = entry.Display,
        ExpiresAt = entry.ExpiresAt.ToTimestamp(),
        LeastProbability = entry.Least ?? 0,
        Kind = entry.Kind switch
        {
            ListedKind.Exact => PatternKind.Exact,
            ListedKind.Wildcard => PatternKind.Wildcard,
            ListedKind.Fuzzy => PatternKind.Fuzzy,
            _ => throw new InvalidOperationException($"kind {entry.Kind} of {entry.Id} has no word on the wire"),
        },
    };
}
