using System.Security.Cryptography;
using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Movements;
using Anpr.Hub.Retention;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Tests.Retention;

/// <summary>Passages with all that hangs on them, taken in by a hub as its lanes send them.</summary>
internal sealed class KeptTraffic(RunningHub hub, TimeProvider time)
{
    private static readonly LaneIdentity Lane = new("calais", "calais-1");

    public IStore Store => hub.Get<IStore>();

    /// <summary>A passage of one plate so many days ago, with a search, a disposition, a patch and an overview.</summary>
    public async Task<(Sighting Sighting, Passage Passage)> PassAsync(string text, double daysAgo, byte[]? patch = null, byte[]? overview = null)
    {
        var at = (time.GetUtcNow() - TimeSpan.FromDays(daysAgo)).ToTimestamp();
        var id = Guid.CreateVersion7().ToString();
        overview ??= [0xFF, 1, .. Guid.NewGuid().ToByteArray()];
        var sighting = new Sighting
        {
            Id = Guid.CreateVersion7().ToString(),
            Revision = 1,
            PassageId = id,
            Stage = Stage.Closed,
            Camera = "front",
            CapturedAt = at,
            FirstSeen = at,
            LastSeen = at,
            DecidedAt = at,
            Text = text,
            RawText = text,
            Confidence = 0.97f,
            Country = "GB",
            Side = Side.Front,
            Direction = Direction.Towards,
            Reads = 7,
            Lines = 1,
            Detection = 0.94f,
            PatchJpeg = ByteString.CopyFrom(patch ?? [0xFF, 0, .. Guid.NewGuid().ToByteArray()]),
            OverviewSha256 = Hash(overview),
            TimeQuality = Quality(),
            ModelVersion = "detector/1 reader/1",
        };
        sighting.Characters.AddRange(text.Select(c => new Character { C = c.ToString(), P = 0.99f }));
        var passage = new Passage
        {
            Id = id,
            Revision = 1,
            Stage = Stage.Closed,
            OpenedAt = at,
            ClosedAt = at,
            OpenedBy = Passage.Types.OpenedBy.Plate,
            Station = "control",
            Direction = Direction.Towards,
            Score = 0.001,
            SightingIds = { sighting.Id },
            TimeQuality = Quality(),
        };
        passage.Evidence.Add(new Evidence { Kind = "prior", Llr = -6.9, Weight = 1, Words = "About 1 lorry in 1,000 hides somebody", From = at, To = at });
        await SendAsync(new IngestMessage { Sighting = sighting });
        await SendAsync(new IngestMessage { Passage = passage });
        await SendAsync(new IngestMessage { Search = new Search { Id = Guid.CreateVersion7().ToString(), Revision = 1, PassageId = id, Reason = Search.Types.Reason.Random, Methods = { "dog" }, StartedAt = at, EndedAt = at, Finding = Search.Types.Finding.Clear } });
        await SendAsync(new IngestMessage { Disposition = new Disposition { Id = Guid.CreateVersion7().ToString(), Revision = 1, PassageId = id, Outcome = Disposition.Types.Outcome.Released, At = at } });
        var answer = await hub.Get<OverviewIntake>().AcceptAsync(Lane, new OverviewKey { SightingId = sighting.Id, Revision = 1, Sha256 = Hash(overview), Length = (uint)overview.Length }, overview);
        Assert.Equal(OverviewAnswer.Types.Outcome.Stored, answer.Outcome);
        return (sighting, passage);
    }

    public bool IsKept(Passage passage) => Store.Get(StoredPassage.Table, passage.Id) is not null;

    /// <summary>How many records there are of what passages leave.</summary>
    public Dictionary<string, long> Counts() => new(StringComparer.Ordinal)
    {
        ["sightings"] = Store.Count(StoredSighting.Table),
        ["passages"] = Store.Count(StoredPassage.Table),
        ["revisions"] = Store.Count(RevisionRecord.Table),
        ["vehicles"] = Store.Count(Vehicle.Table),
        ["keys"] = Store.Count(PlateKey.Table),
        ["searches"] = Store.Count(StoredSearch.Table),
        ["dispositions"] = Store.Count(StoredDisposition.Table),
        ["alerts"] = Store.Count(Alert.Table),
        ["overviews"] = Store.Count(StoredOverview.Table),
    };

    /// <summary>All records of which a proof of erasure speaks, but for pictures.</summary>
    public HashSet<ErasedRecord> Records() =>
    [
        .. Of(StoredSighting.Table), .. Of(StoredPassage.Table), .. Of(RevisionRecord.Table), .. Of(Vehicle.Table), .. Of(StoredSearch.Table), .. Of(StoredDisposition.Table), .. Of(Alert.Table),
        .. Of(StoredOverview.Table), .. Of(PlateKey.Table),
    ];

    private IEnumerable<ErasedRecord> Of<T>(Table<T> table)
        where T : class => Store.All(table).Select(r => new ErasedRecord(table.Name, table.Id(r)));

    public static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private async Task SendAsync(IngestMessage message) =>
        Assert.Equal(IngestAnswer.Types.Outcome.Stored, (await hub.Get<Intake>().AcceptAsync(Lane, message)).Outcome);

    private static TimeQuality Quality() => new() { Source = TimeQuality.Types.Source.BoxClock, Synchronised = true };
}
