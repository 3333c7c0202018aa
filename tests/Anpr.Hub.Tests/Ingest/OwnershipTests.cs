using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;
using Anpr.Hub.Movements;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Hub.Tests.Ingest;

/// <summary>A lane that speaks of another's records, or of the officers', is refused as a security event and changes nothing.</summary>
public sealed class OwnershipTests : IAsyncLifetime
{
    private RunningHub hub = null!;
    private LaneClient calais = null!;
    private LaneClient dunkerque = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await RunningHub.StartAsync();
        calais = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
        dunkerque = await LaneClient.EnrolAsync(hub, "dunkerque", "dunkerque-1");
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Sighting_OfAnotherLaneUnderAPassageOfOnesOwn_IsRefused()
    {
        var taken = calais.Sighting("AB12CDE", NewId(), [1], []);
        await calais.SendAsync(taken);
        var own = dunkerque.Passage(NewId(), []);
        await dunkerque.SendAsync(own);
        taken.PassageId = own.Id;
        taken.Revision = 99;

        AssertRefused(await dunkerque.SendAsync(taken), $"sighting {taken.Id} belongs to lane calais/calais-1");

        var stored = Assert.Single(Store.All(StoredSighting.Table));
        Assert.Equal(("calais", 1u), (stored.Port, stored.Message.Revision));
    }

    [Fact]
    public async Task Anything_OfAnotherLanesPassage_IsRefusedForAllKinds()
    {
        var (sighted, closed) = (calais.Sighting("AB12CDE", NewId(), [1], []), calais.Passage(NewId(), []));
        await calais.SendAsync(sighted); // its passage has not come yet
        await calais.SendAsync(closed);

        foreach (var passage in new[] { sighted.PassageId, closed.Id })
        {
            var revised = dunkerque.Passage(passage, []);
            revised.Revision = 7;
            var words = $"passage {passage} belongs to lane calais/calais-1";
            AssertRefused(await dunkerque.SendAsync(revised), words);
            AssertRefused(await dunkerque.SendAsync(dunkerque.Sighting("XY34ZZZ", passage, [1], [])), words);
            AssertRefused(await dunkerque.SendAsync(dunkerque.Search(passage)), words);
            AssertRefused(await dunkerque.SendAsync(dunkerque.Disposition(passage)), words);
        }

        AssertRefused(await dunkerque.SendAsync(dunkerque.Passage(NewId(), [sighted.Id])), $"sighting {sighted.Id} belongs to lane calais/calais-1");
        Assert.Equal(9, Get<FleetBoard>().Quarantine(20).Count(q => q.Security));
        Assert.Equal("calais", Assert.Single(Store.All(StoredPassage.Table)).Port);
        Assert.Equal((0, 0), (Store.Count(StoredSearch.Table), Store.Count(StoredDisposition.Table)));
    }

    [Fact]
    public async Task SearchAndDisposition_OfAnotherLane_AreRefused()
    {
        var (theirs, own) = (calais.Passage(NewId(), []), dunkerque.Passage(NewId(), []));
        await calais.SendAsync(theirs);
        await dunkerque.SendAsync(own);
        var search = calais.Search(theirs.Id);
        var disposition = calais.Disposition(theirs.Id);
        Assert.Equal(Outcome.Stored, (await calais.SendAsync(search)).Outcome);
        Assert.Equal(Outcome.Stored, (await calais.SendAsync(disposition)).Outcome);
        (search.Revision, search.PassageId) = (2, own.Id);
        (disposition.Revision, disposition.PassageId) = (2, own.Id);

        AssertRefused(await dunkerque.SendAsync(search), $"search {search.Id} belongs to lane calais/calais-1");
        AssertRefused(await dunkerque.SendAsync(disposition), $"disposition {disposition.Id} belongs to lane calais/calais-1");

        Assert.Equal(theirs.Id, Assert.Single(Store.All(StoredSearch.Table)).Message.PassageId);
        Assert.Equal(theirs.Id, Assert.Single(Store.All(StoredDisposition.Table)).Message.PassageId);
        (search.PassageId, disposition.PassageId) = (theirs.Id, theirs.Id);
        Assert.Equal(Outcome.Stored, (await calais.SendAsync(search)).Outcome);
        Assert.Equal(Outcome.Stored, (await calais.SendAsync(disposition)).Outcome);
    }

    [Fact]
    public async Task SearchAndDisposition_OfAnOfficer_AreNotTheLanesToChange()
    {
        var passage = calais.Passage(NewId(), []);
        await calais.SendAsync(passage);
        var (search, disposition) = (calais.Search(passage.Id), calais.Disposition(passage.Id));
        await Get<PassageBook>().RecordAsync(search);
        await Get<PassageBook>().RecordAsync(disposition);
        (search.Revision, disposition.Revision) = (9, 9);

        AssertRefused(await calais.SendAsync(search), $"search {search.Id} belongs to the hub's officers");
        AssertRefused(await calais.SendAsync(disposition), $"disposition {disposition.Id} belongs to the hub's officers");

        Assert.Equal(1u, Assert.Single(Store.All(StoredSearch.Table)).Message.Revision);
        Assert.Equal(1u, Assert.Single(Store.All(StoredDisposition.Table)).Message.Revision);
    }

    private IStore Store => Get<IStore>();

    private T Get<T>()
        where T : notnull => hub.Get<T>();

    private static string NewId() => Guid.CreateVersion7().ToString();

    private static void AssertRefused(IngestAnswer answer, string words)
    {
        Assert.Equal(Outcome.Refused, answer.Outcome);
        Assert.Contains(words, answer.Reason, StringComparison.Ordinal);
    }
}
