using Anpr.Edge.Outbox;
using Anpr.Edge.Passage;
using Anpr.Edge.Tests.Hub;
using static Anpr.Edge.Tests.Outbox.Passages;
using static Anpr.Edge.Tests.Outbox.PassageOutboxTests;

namespace Anpr.Edge.Tests.Outbox;

public sealed class OverviewTests : IDisposable
{
    private readonly OutboxFolder _folder = new();
    private readonly Guid _passage = Guid.CreateVersion7(Noon);
    private readonly Guid _sighting = Guid.CreateVersion7(Noon);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task NextOverview_BeforeTheSightingIsAcknowledged_IsNone()
    {
        await using var outbox = await _folder.OpenAsync();
        await AppendAsync(outbox, Change(_passage, _sighting, 1, overview: Jpeg(1)));
        Assert.Null(outbox.NextOverview());
        await SettleAllAsync(outbox);
        var (overview, jpeg) = outbox.NextOverview()!.Value;
        Assert.Equal((_sighting, 1), (overview.Sighting, overview.Revision));
        Assert.Equal(Jpeg(1), jpeg);
    }

    [Fact]
    public async Task NextOverview_AfterANewWinningFrame_IsTheNewOneOnly()
    {
        await using var outbox = await _folder.OpenAsync();
        await AppendAsync(outbox, Change(_passage, _sighting, 1, overview: Jpeg(1)));
        await AppendAsync(outbox, Change(_passage, _sighting, 2, overview: Jpeg(2)));
        await SettleAllAsync(outbox);
        Assert.Equal(Jpeg(2), outbox.NextOverview()!.Value.Jpeg);
        Assert.Single(Pictures());
    }

    [Fact]
    public async Task NextOverview_OfTheSameFrameAgain_IsNotSentTwice()
    {
        await using var outbox = await _folder.OpenAsync();
        await AppendAsync(outbox, Change(_passage, _sighting, 1, overview: Jpeg(1)));
        await SettleAllAsync(outbox);
        await UploadedAsync(outbox);
        await AppendAsync(outbox, Change(_passage, _sighting, 2, RecordStage.Closed, Jpeg(1)));
        await SettleAllAsync(outbox);
        Assert.Null(outbox.NextOverview());
    }

    [Fact]
    public async Task Settle_OfOneOfTwoPlatesInAFrame_KeepsThePictureForTheOther()
    {
        await using var outbox = await _folder.OpenAsync();
        var other = Guid.CreateVersion7(Noon);
        await AppendAsync(outbox, Change(_passage, _sighting, 1, overview: Jpeg(1)));
        await AppendAsync(outbox, Change(_passage, other, 2, overview: Jpeg(1)));
        await SettleAllAsync(outbox);
        await UploadedAsync(outbox);
        var (overview, jpeg) = outbox.NextOverview()!.Value;
        Assert.Equal(other, overview.Sighting);
        Assert.Equal(Jpeg(1), jpeg);
        await UploadedAsync(outbox);
        await Eventually.HoldsAsync(() => Pictures().Length == 0, "the picture to be removed");
    }

    [Fact]
    public async Task NextOverview_OfADamagedPicture_HasNoBytes()
    {
        await using var outbox = await _folder.OpenAsync();
        await AppendAsync(outbox, Change(_passage, _sighting, 1, overview: Jpeg(1)));
        await SettleAllAsync(outbox);
        await File.WriteAllTextAsync(Pictures().Single(), "no longer it", TestContext.Current.CancellationToken);
        Assert.Null(outbox.NextOverview()!.Value.Jpeg);
    }

    [Fact]
    public async Task Append_OverTheRoom_DropsTheOldestOverviewsAndNoText()
    {
        await using var outbox = await _folder.OpenAsync(maxMegabytes: 1);
        var sightings = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            var (passage, sighting) = (Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon));
            sightings.Add(sighting);
            await AppendAsync(outbox, Change(passage, sighting, 1, RecordStage.Closed, Jpeg(i, 300_000)));
        }

        Assert.Equal(10, outbox.Snapshot().Waiting);
        Assert.Equal(2, outbox.Snapshot().DroppedOverviews);
        Assert.InRange(outbox.Snapshot().Bytes, 900_000, 1_000_000);
        Assert.Equal(3, Pictures().Length);
        await SettleAllAsync(outbox);
        Assert.Equal(sightings[2], outbox.NextOverview()!.Value.Overview.Sighting);
    }

    [Fact]
    public async Task Append_TextAloneOverTheRoom_IsKeptAndSaid()
    {
        await using var outbox = await _folder.OpenAsync(maxMegabytes: 1);
        var change = Change(_passage, _sighting, 1, RecordStage.Closed);
        var big = change with { Sighting = change.Sighting! with { PatchJpeg = new byte[1_100_000] } };
        await AppendAsync(outbox, big);
        Assert.Equal(2, outbox.After(0, 10).Count);
        Assert.Equal(OutboxCondition.OverRoom, outbox.Snapshot().Condition);
    }

    [Fact]
    public async Task Opened_AfterDeath_StillHasThePicture()
    {
        await using (var outbox = await _folder.OpenAsync())
        {
            await AppendAsync(outbox, Change(_passage, _sighting, 1, overview: Jpeg(1)));
        }

        await using var again = await _folder.OpenAsync();
        await SettleAllAsync(again);
        Assert.Equal(Jpeg(1), again.NextOverview()!.Value.Jpeg);
    }

    private static async Task UploadedAsync(PassageOutbox outbox)
    {
        var waiting = outbox.Snapshot().WaitingOverviews;
        outbox.Settle(outbox.NextOverview()!.Value.Overview, uploaded: true);
        await Eventually.HoldsAsync(() => outbox.Snapshot().WaitingOverviews < waiting, "the overview to be done");
    }

    private static byte[] Jpeg(int seed, int length = 1000)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private string[] Pictures() => Directory.GetFiles(Path.Combine(_folder.Path, "overviews"));
}
