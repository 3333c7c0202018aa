using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;
using Anpr.Hub.Movements;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Hub.Tests.Ingest;

/// <summary>What lanes send, rightly and wrongly, over real gRPC with real certificates.</summary>
public sealed class IngestTests : IAsyncLifetime
{
    private static readonly byte[] Overview = [.. Enumerable.Range(0, 150_000).Select(i => (byte)i)];
    private static readonly string[] Faults =
    [
        "id", "revision", "text", "passage_id", "confidence", "captured_at", "captured_at 1970", "captured_at tomorrow", "captured_at nonsense",
        "time_quality.simulated_shift", "patch_jpeg",
    ];

    private RunningHub hub = null!;
    private LaneClient lane = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Sighting_SentTwice_IsStoredOnce()
    {
        var sighting = lane.Sighting("AB12CDE", NewId(), [1, 2, 3], []);

        Assert.Equal(Outcome.Stored, (await lane.SendAsync(sighting)).Outcome);
        Assert.Equal(Outcome.Duplicate, (await lane.SendAsync(sighting)).Outcome);

        var stored = Assert.Single(Store.All(StoredSighting.Table));
        Assert.Equal(("calais", "calais-1", "AB12CDE"), (stored.Port, stored.Lane, stored.Text));
        Assert.Equal([1, 2, 3], Store.Picture(stored.Patch)!);
        Assert.True(stored.Message.PatchJpeg.IsEmpty);
    }

    [Fact]
    public async Task Sighting_SameKeyOtherBytes_IsRefusedAsSecurityEvent()
    {
        var sighting = lane.Sighting("AB12CDE", NewId(), [1], []);
        await lane.SendAsync(sighting);
        sighting.Text = "XX99XXX";

        var answer = await lane.SendAsync(sighting);

        Assert.Equal(Outcome.Refused, answer.Outcome);
        Assert.Contains("stored before with other content", answer.Reason, StringComparison.Ordinal);
        Assert.True(Assert.Single(Fleet.Quarantine(10)).Security);
        Assert.Equal("AB12CDE", Assert.Single(Store.All(StoredSighting.Table)).Text);
    }

    [Fact]
    public async Task Sighting_InAnotherLanesName_IsRefused()
    {
        var other = await LaneClient.EnrolAsync(hub, "dunkerque", "dunkerque-1");
        var sighting = lane.Sighting("AB12CDE", NewId(), [1], []);
        await lane.SendAsync(sighting);
        sighting.Revision = 2;

        var answer = await other.SendAsync(sighting);

        Assert.Equal(Outcome.Refused, answer.Outcome);
        Assert.Contains("belongs to lane calais/calais-1", answer.Reason, StringComparison.Ordinal);
        Assert.Equal(1u, Assert.Single(Store.All(StoredSighting.Table)).Message.Revision);
    }

    [Fact]
    public async Task Sighting_WithAFault_IsQuarantinedNamingFieldAndNothingWaits()
    {
        foreach (var fault in Faults)
        {
            var bad = lane.Sighting("AB12CDE", NewId(), [1], []);
            Spoil(bad, fault);
            var before = Fleet.QuarantineCount;

            var answer = await lane.SendAsync(bad);
            var again = await lane.SendAsync(bad);
            var next = await lane.SendAsync(lane.Sighting("XY34ZZZ", NewId(), [1], []));

            Assert.Equal((fault, Outcome.Quarantined), (fault, answer.Outcome));
            Assert.StartsWith(fault.Split(' ')[0], answer.Reason, StringComparison.Ordinal);
            Assert.Contains(". ", answer.Reason, StringComparison.Ordinal); // the cure follows
            Assert.Equal(Outcome.Quarantined, again.Outcome);
            Assert.Equal(Outcome.Stored, next.Outcome);
            Assert.Equal(before + 1, Fleet.QuarantineCount);
        }

        Assert.All(Store.All(StoredSighting.Table), s => Assert.Equal("XY34ZZZ", s.Text));
    }

    [Fact]
    public async Task Passage_ClosedWithoutItsTime_IsQuarantined()
    {
        var passage = lane.Passage(NewId(), []);
        passage.ClosedAt = null;

        var answer = await lane.SendAsync(passage);

        Assert.Equal(Outcome.Quarantined, answer.Outcome);
        Assert.StartsWith("closed_at is missing", answer.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SearchAndDisposition_OfAPassageThatNobodySent_AreQuarantined()
    {
        var passage = NewId();

        foreach (var answer in new[] { await lane.SendAsync(lane.Search(passage)), await lane.SendAsync(lane.Disposition(passage)) })
        {
            Assert.Equal(Outcome.Quarantined, answer.Outcome);
            Assert.StartsWith($"passage_id {passage} is of no passage here", answer.Reason, StringComparison.Ordinal);
        }

        await lane.SendAsync(lane.Passage(passage, []));
        Assert.Equal(Outcome.Stored, (await lane.SendAsync(lane.Search(passage))).Outcome);
        Assert.Equal((1, 0), (Store.Count(StoredSearch.Table), Store.Count(StoredDisposition.Table)));
    }

    [Fact]
    public async Task Sighting_FromAShiftedSimulatedClock_IsLateAndSimulated()
    {
        var shifted = new LaneClient(hub.Channel(await hub.EnrolAsync("dunkerque", "dunkerque-1")), TimeProvider.System) { Shift = TimeSpan.FromMinutes(-40) };
        await shifted.SendAsync(shifted.Sighting("AB12CDE", NewId(), [1], []));
        await lane.SendAsync(lane.Sighting("AB12CDE", NewId(), [1], []));

        var stored = Store.All(StoredSighting.Table).ToDictionary(s => s.Port);

        Assert.True(stored["dunkerque"] is { Late: true, Simulated: true });
        Assert.True(stored["calais"] is { Late: false, Simulated: false });
        Assert.Equal(stored["dunkerque"].Vehicle, stored["calais"].Vehicle);
    }

    [Fact]
    public async Task Sighting_OlderRevisionAfterNewer_IsKeptButNotShown()
    {
        var newer = lane.Sighting("AB12CDE", NewId(), [1], []);
        newer.Revision = 2;
        var older = newer.Clone();
        older.Revision = 1;
        older.Text = "AB12CDF";
        older.Characters.Clear();

        await lane.SendAsync(newer);
        var answer = await lane.SendAsync(older);

        Assert.Equal(Outcome.Stored, answer.Outcome);
        Assert.Equal("AB12CDE", Assert.Single(Store.All(StoredSighting.Table)).Text);
        Assert.Equal(2, Store.Count(RevisionRecord.Table));
    }

    [Fact]
    public async Task Overview_OfTheRevision_IsShownAndOneOfAnEarlierRevisionIsNot()
    {
        var sighting = lane.Sighting("AB12CDE", NewId(), [1], Overview);
        await lane.SendAsync(sighting);
        var first = sighting.Clone();
        byte[] better = [.. Overview.Reverse()];
        var revised = lane.Sighting("AB12CDE", sighting.PassageId, [1], better);
        revised.Id = sighting.Id;
        revised.Revision = 2;
        await lane.SendAsync(revised);

        Assert.Equal(OverviewAnswer.Types.Outcome.Stored, (await lane.SendOverviewAsync(first, Overview)).Outcome);
        Assert.Null(hub.Get<SightingPictures>().Overview(sighting.Id));
        Assert.Equal(OverviewAnswer.Types.Outcome.Stored, (await lane.SendOverviewAsync(revised, better)).Outcome);
        Assert.Equal(better, hub.Get<SightingPictures>().Overview(sighting.Id));
        Assert.Equal(OverviewAnswer.Types.Outcome.Duplicate, (await lane.SendOverviewAsync(revised, better)).Outcome);
    }

    [Fact]
    public async Task Overview_OfAnotherPicture_IsRefused()
    {
        var sighting = lane.Sighting("AB12CDE", NewId(), [1], Overview);
        await lane.SendAsync(sighting);
        var other = await LaneClient.EnrolAsync(hub, "calais", "calais-2");

        var wrong = await lane.SendOverviewAsync(sighting, [1, 2, 3]);
        var foreign = await other.SendOverviewAsync(sighting, Overview);

        Assert.Equal(OverviewAnswer.Types.Outcome.Refused, wrong.Outcome);
        Assert.Equal(OverviewAnswer.Types.Outcome.Refused, foreign.Outcome);
        Assert.Null(hub.Get<SightingPictures>().Overview(sighting.Id));
    }

    private IStore Store => hub.Get<IStore>();

    private FleetBoard Fleet => hub.Get<FleetBoard>();

    private static string NewId() => Guid.CreateVersion7().ToString();

    private static void Spoil(Sighting sighting, string fault)
    {
        switch (fault)
        {
            case "id": sighting.Id = "17"; break;
            case "revision": sighting.Revision = 0; break;
            case "text": sighting.Text = ""; break;
            case "passage_id": sighting.PassageId = ""; break;
            case "confidence": sighting.Confidence = 1.5f; break;
            case "captured_at": sighting.CapturedAt = null; break;
            case "captured_at 1970": sighting.CapturedAt = DateTimeOffset.UnixEpoch.AddDays(1).ToTimestamp(); break;
            case "captured_at tomorrow": sighting.CapturedAt = TimeProvider.System.GetUtcNow().AddDays(1).ToTimestamp(); break;
            case "captured_at nonsense": sighting.CapturedAt = new Timestamp { Seconds = long.MaxValue }; break;
            case "time_quality.simulated_shift": sighting.TimeQuality.SimulatedShift = Duration.FromTimeSpan(TimeSpan.FromMinutes(-5)); break;
            case "patch_jpeg": sighting.PatchJpeg = Google.Protobuf.ByteString.CopyFrom(new byte[300_000]); break;
            default: throw new ArgumentOutOfRangeException(nameof(fault), fault, "unknown");
        }
    }
}
