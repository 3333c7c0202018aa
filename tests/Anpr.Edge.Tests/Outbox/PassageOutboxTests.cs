using Anpr.Edge.Outbox;
using Anpr.Edge.Passage;
using Anpr.Edge.Tests.Hub;
using Anpr.Proto.V1;
using static Anpr.Edge.Tests.Outbox.Passages;

namespace Anpr.Edge.Tests.Outbox;

public sealed class PassageOutboxTests : IDisposable
{
    private readonly OutboxFolder _folder = new();
    private readonly Guid _passage = Guid.CreateVersion7(Noon);
    private readonly Guid _sighting = Guid.CreateVersion7(Noon);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Append_OfOneChange_GivesSightingThenPassage()
    {
        await using var outbox = await _folder.OpenAsync();
        await AppendAsync(outbox, Change(_passage, _sighting, 1));
        var messages = outbox.After(0, 10).Select(Parse).ToList();
        Assert.Equal(2, messages.Count);
        Assert.Equal((_sighting.ToString(), 1u), (messages[0].Sighting.Id, messages[0].Sighting.Revision));
        Assert.Equal((_passage.ToString(), "control"), (messages[1].Passage.Id, messages[1].Passage.Station));
        Assert.True(messages[1].Passage.TimeQuality.Synchronised);
    }

    [Fact]
    public async Task Append_OfTheSameRevision_AddsNothing()
    {
        await using var outbox = await _folder.OpenAsync();
        await AppendAsync(outbox, Change(_passage, _sighting, 1));
        await AppendAsync(outbox, Change(_passage, _sighting, 1));
        Assert.Equal(2, outbox.After(0, 10).Count);
    }

    [Fact]
    public async Task Committed_IsTold_OnlyWhatTheFileHolds()
    {
        await using (var outbox = await _folder.OpenAsync())
        {
            await AppendAsync(outbox, Change(_passage, _sighting, 1, RecordStage.Closed));
        }

        Assert.Contains(_folder.Committed, c => c.Passage == _passage && c.Closed && !c.Recovered);
        await using var again = await _folder.OpenAsync();
        Assert.Equal(2, again.After(0, 10).Count);
        Assert.Equal(1, again.Snapshot().ClosedTotal);
    }

    [Fact]
    public async Task Snapshot_AfterClosing_StillCountsWhatWaits()
    {
        var outbox = await _folder.OpenAsync();
        await AppendAsync(outbox, Change(_passage, _sighting, 1));
        var waiting = outbox.Snapshot();
        await outbox.DisposeAsync();
        Assert.Equal(2, waiting.Waiting);
        Assert.Equal(waiting, outbox.Snapshot());
    }

    [Fact]
    public async Task Settle_Acknowledged_RemovesTheMessage()
    {
        await using (var outbox = await _folder.OpenAsync())
        {
            await AppendAsync(outbox, Change(_passage, _sighting, 1, RecordStage.Closed));
            await SettleAllAsync(outbox);
            Assert.Empty(outbox.After(0, 10));
            Assert.Equal(0, outbox.Snapshot().Bytes);
        }

        await using var again = await _folder.OpenAsync();
        Assert.Empty(again.After(0, 10));
    }

    [Fact]
    public async Task Settle_Refused_KeepsTheMessageAside()
    {
        await using var outbox = await _folder.OpenAsync();
        await AppendAsync(outbox, Change(_passage, _sighting, 1, RecordStage.Closed));
        var first = outbox.After(0, 1).Single();
        outbox.Settle(first.Sequence, Settlement.Refused, "same key, other bytes");
        await Eventually.HoldsAsync(() => outbox.Refused().Count == 1, "the message to be laid aside");
        Assert.DoesNotContain(outbox.After(0, 10), m => m.Sequence == first.Sequence);
        var (message, reason) = outbox.Refused().Single();
        Assert.Equal((_sighting, "same key, other bytes"), (message.Record, reason));
        Assert.Equal(first.Body, message.Body);
    }

    [Fact]
    public async Task Opened_AfterDeathWithAnOpenPassage_ClosesItAsLastKnown()
    {
        await using (var outbox = await _folder.OpenAsync())
        {
            await AppendAsync(outbox, Change(_passage, _sighting, 1));
            await AppendAsync(outbox, Change(_passage, _sighting, 2));
            await SettleAllAsync(outbox);
            Assert.Empty(outbox.After(0, 10));
        }

        await using var again = await _folder.OpenAsync();
        var closed = Assert.Single(_folder.Committed, c => c.Recovered);
        Assert.Equal((_passage, 3, true), (closed.Passage, closed.Revision, closed.Closed));
        var messages = again.After(0, 10).Select(Parse).ToList();
        var sighting = Assert.Single(messages, m => m.Sighting is { Revision: 3 }).Sighting;
        var passage = Assert.Single(messages, m => m.Passage is { Revision: 3 }).Passage;
        Assert.Equal((Stage.Closed, "AB12CDE"), (sighting.Stage, sighting.Text));
        Assert.Equal((Stage.Closed, Noon.AddSeconds(2)), (passage.Stage, passage.ClosedAt.ToDateTimeOffset()));
        Assert.Equal(1, again.Snapshot().ClosedTotal);
    }

    [Fact]
    public async Task Opened_Twice_ClosesOnce()
    {
        await using (var outbox = await _folder.OpenAsync())
        {
            await AppendAsync(outbox, Change(_passage, _sighting, 1));
        }

        await using (await _folder.OpenAsync())
        {
        }

        await using var third = await _folder.OpenAsync();
        Assert.Single(_folder.Committed, c => c.Closed);
        Assert.Equal(1, third.Snapshot().ClosedTotal);
    }

    [Fact]
    public async Task Append_OfTwoSightingsAtTheClose_CountsOnePassage()
    {
        await using var outbox = await _folder.OpenAsync();
        var other = Guid.CreateVersion7(Noon);
        var passage = Passages.Passage(_passage, 1, RecordStage.Closed, _sighting, other);
        await AppendAsync(outbox, new PassageChange(passage, Sighting(_passage, _sighting, 1, RecordStage.Closed)));
        await AppendAsync(outbox, new PassageChange(passage, Sighting(_passage, other, 1, RecordStage.Closed)));
        Assert.Equal(3, outbox.After(0, 10).Count);
        Assert.Equal(1, outbox.Snapshot().ClosedTotal);
        Assert.Single(_folder.Committed, c => c.Closed);
    }

    [Fact]
    public async Task Append_WhileTheDiskRefuses_LosesNothingAndSaysSo()
    {
        // A folder where the file should be: opening it fails as on an ill disk, for root too.
        var path = Path.Combine(_folder.Path, "outbox.db");
        Directory.CreateDirectory(path);
        await using var outbox = _folder.Start();
        outbox.Append(Change(_passage, _sighting, 1, RecordStage.Closed));
        await Eventually.HoldsAsync(() => outbox.Snapshot().Condition == OutboxCondition.Fault, "the fault to be seen");
        Assert.Contains(path, outbox.Snapshot().Words, StringComparison.Ordinal);
        Assert.Empty(_folder.Committed);
        Assert.Empty(outbox.After(0, 10));

        Directory.Delete(path);
        await Eventually.HoldsAsync(
            () =>
            {
                _folder.Time.Advance(TimeSpan.FromSeconds(5));
                return outbox.Snapshot() is { Condition: OutboxCondition.Ready, Unwritten: 0 };
            },
            "the outbox to write again");
        Assert.Equal(2, outbox.After(0, 10).Count);
        Assert.Single(_folder.Committed, c => c.Closed);
    }

    [Fact]
    public async Task Opened_OnADamagedFile_LaysItAsideAndStartsAnew()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "outbox.db"), Enumerable.Repeat((byte)7, 20_000).ToArray(), TestContext.Current.CancellationToken);
        await using var outbox = await _folder.OpenAsync();
        await AppendAsync(outbox, Change(_passage, _sighting, 1));
        Assert.Equal(OutboxCondition.Ready, outbox.Snapshot().Condition);
        Assert.Single(Directory.GetFiles(_folder.Path, "*.damaged-*"));
    }

    internal static IngestMessage Parse(OutboxMessage message) => IngestMessage.Parser.ParseFrom(message.Body);

    internal static Task AppendAsync(PassageOutbox outbox, PassageChange change)
    {
        outbox.Append(change);
        return Eventually.HoldsAsync(() => outbox.Snapshot().Unwritten == 0, "the change to be committed");
    }

    internal static async Task SettleAllAsync(PassageOutbox outbox)
    {
        foreach (var message in outbox.After(0, int.MaxValue))
        {
            outbox.Settle(message.Sequence, Settlement.Acknowledged, "");
        }

        await Eventually.HoldsAsync(() => outbox.Snapshot().Waiting == 0, "all answers to be noted");
    }
}
