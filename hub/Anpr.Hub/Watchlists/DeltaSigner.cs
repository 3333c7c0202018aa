using System.Security.Cryptography;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Anpr.Proto.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Watchlists;

/// <summary>Makes what lanes get of the watchlist: differences between revisions, signed. Thread-safe.</summary>
public sealed class DeltaSigner : IDisposable
{
    // Well under the 4 MiB that a message may have.
    private const int Together = 5000;

    private readonly WatchlistBook book;
    private readonly TimeProvider time;
    private readonly ECDsa key;
    private readonly Lock gate = new();

    /// <summary>Reads the signing key that <c>hub init</c> made.</summary>
    /// <exception cref="InputException">The file cannot be read or holds no such key.</exception>
    public DeltaSigner(WatchlistBook book, HubFiles files, TimeProvider time)
    {
        this.book = book;
        this.time = time;
        key = Key(files.WatchlistKey);
    }

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
        return new SignedWatchlistDelta { Delta = ByteString.CopyFrom(bytes), Signature = Sign(bytes) };
    }

    /// <summary>The signature of bytes: ECDSA P-256 over their SHA-256, IEEE P1363 form.</summary>
    internal ByteString Sign(byte[] bytes)
    {
        lock (gate)
        {
            return ByteString.CopyFrom(key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();

    // Signing once shows that it is the private half.
    internal static ECDsa Key(string path)
    {
        var pem = HubFiles.Read(path);
        var read = ECDsa.Create();
        try
        {
            read.ImportFromPem(pem);
            return read.KeySize == 256 && read.SignData([], HashAlgorithmName.SHA256).Length > 0 ? read : throw new CryptographicException("another curve");
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            read.Dispose();
            throw new InputException($"{path} does not hold the key that signs the watchlist (ECDSA P-256). Put it back from a backup: lanes believe no other.", error);
        }
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
            MatchKind.Exact => PatternKind.Exact,
            MatchKind.Wildcard => PatternKind.Wildcard,
            MatchKind.Fuzzy => PatternKind.Fuzzy,
            _ => throw new InvalidOperationException($"kind {entry.Kind} of {entry.Id} has no word on the wire"),
        },
    };
}
