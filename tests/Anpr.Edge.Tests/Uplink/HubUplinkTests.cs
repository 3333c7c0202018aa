using Anpr.Edge.LaneAlert;
using Anpr.Edge.Ops;
using Anpr.Edge.Outbox;
using Anpr.Edge.Passage;
using Anpr.Edge.Sense;
using Anpr.Edge.Tests.Hub;
using Anpr.Edge.Tests.Outbox;
using Anpr.Edge.Uplink;
using Anpr.Proto.V1;
using Microsoft.Extensions.Logging.Abstractions;
using static Anpr.Edge.Tests.Outbox.Passages;
using Outcome = Anpr.Proto.V1.IngestAnswer.Types.Outcome;

namespace Anpr.Edge.Tests.Uplink;

public sealed class HubUplinkTests : IAsyncLifetime
{
    private readonly TestAuthority _authority = new();
    private readonly OutboxFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private PassageOutbox _outbox = null!;
    private LaneStatus _status = null!;
    private WatchlistCopy _watchlist = null!;
    private BookingsCopy _bookings = null!;

    public async ValueTask InitializeAsync()
    {
        _outbox = await _folder.OpenAsync();
        _status = new LaneStatus(_folder.Time, NullLogger.Instance);
        _watchlist = new WatchlistCopy(Path.Combine(_folder.Path, "watchlist.json"), "calais", _authority.WatchlistKey, NullLogger.Instance);
        _bookings = new BookingsCopy(Path.Combine(_folder.Path, "bookings.bin"), _authority.WatchlistKey, _folder.Time, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        await _outbox.DisposeAsync();
        _folder.Dispose();
        _authority.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task Run_WithWaitingRecords_DeliversThemInOrderAndEmptiesTheOutbox()
    {
        var (passage, sighting) = (Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon));
        for (var revision = 1; revision <= 4; revision++)
        {
            _outbox.Append(Change(passage, sighting, revision, revision == 4 ? RecordStage.Closed : RecordStage.Revised, [(byte)(revision / 3)]));
        }

        await using var hub = await TestHub.StartAsync(_authority);
        Start(hub.Address);
        await EmptyAsync();
        var arrived = hub.Memory.Arrived.Select(a => a.Message).ToList();
        Assert.Equal([1u, 2u, 3u, 4u], arrived.Where(m => m.Sighting is not null).Select(m => m.Sighting.Revision));
        Assert.Equal([1u, 2u, 3u, 4u], arrived.Where(m => m.Passage is not null).Select(m => m.Passage.Revision));
        Assert.All(hub.Memory.Arrived, a => Assert.Equal("calais-1", a.Lane));
        var (key, jpeg) = Assert.Single(hub.Memory.Overviews);
        Assert.Equal((sighting.ToString(), 4u), (key.SightingId, key.Revision));
        Assert.Equal([(byte)1], jpeg);
    }

    [Fact]
    public async Task Run_OverviewRefusedBeforeItsEnd_NextOnesStillGo()
    {
        var (refused, wanted) = (Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon));
        await using var hub = await TestHub.StartAsync(_authority);
        hub.Memory.RefuseOverview = key => key.SightingId == refused.ToString();
        _outbox.Append(Change(Guid.CreateVersion7(Noon), refused, 1, RecordStage.Closed, new byte[3_000_000]));
        _outbox.Append(Change(Guid.CreateVersion7(Noon), wanted, 1, RecordStage.Closed, [1]));
        Start(hub.Address);
        await EmptyAsync();

        Assert.Equal(wanted.ToString(), Assert.Single(hub.Memory.Overviews).Key.SightingId);
    }

    [Fact]
    public async Task Run_HubComesLater_CatchesUp()
    {
        // The port is taken and given back, so that nobody listens there at first.
        var hub = await TestHub.StartAsync(_authority);
        await hub.DisposeAsync();
        Start(hub.Address);
        await EventuallyAsync(() => _status.Devices().Any(d => d is { Device: LaneStatus.Hub, State: "lost" }), "the hub to be called lost");
        _outbox.Append(Change(Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), 1, RecordStage.Closed));
        await using var again = await TestHub.StartAsync(_authority, hub.Memory, port: hub.Address.Port);
        await EmptyAsync();
        Assert.Equal(2, hub.Memory.Keys.Count);
        await EventuallyAsync(() => _status.Devices().Any(d => d is { Device: LaneStatus.Hub, State: "ready" }), "the hub to be called ready");
    }

    [Fact]
    public async Task Run_OneOfTwoHubsDies_GoesOnWithTheOtherAndIsNeverCalledLost()
    {
        var memory = new HubMemory(); // what both keep: hubs over one store
        var first = await TestHub.StartAsync(_authority, memory);
        await using var second = await TestHub.StartAsync(_authority, memory);
        var lost = new List<string>();
        _status.Changed += device => lost.AddRange(device is { Device: LaneStatus.Hub, State: "lost" } ? [device.Words] : []);
        Start([first.Address, second.Address]);
        _outbox.Append(Change(Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), 1, RecordStage.Closed, [1]));
        await EmptyAsync();

        await first.DisposeAsync();
        _outbox.Append(Change(Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), 1, RecordStage.Closed, [2]));
        await EmptyAsync();
        Assert.Empty(lost);
        await using var again = await TestHub.StartAsync(_authority, memory, port: first.Address.Port);
        await second.DisposeAsync();
        _outbox.Append(Change(Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), 1, RecordStage.Closed, [3]));
        await EmptyAsync();

        Assert.Equal((6, 3), (memory.Keys.Count, memory.Overviews.Count));
    }

    [Fact]
    public void Run_ManyLanes_SpreadOverTheHubs()
    {
        using var lane = _authority.Lane("calais", "calais-1");
        Uri[] hubs = [new("https://one:1"), new("https://two:1"), new("https://three:1")];
        var firsts = Enumerable.Range(0, 90).Select(seed =>
        {
            using var channels = new HubChannels(hubs, _authority.Certificate, lane, new Random(seed));
            return channels.After(0).Target;
        }).CountBy(t => t);

        Assert.Equal(3, firsts.Count());
        Assert.All(firsts, f => Assert.InRange(f.Value, 15, 50));
    }

    [Fact]
    public async Task Run_HubDiesBeforeAnswering_SendsAgainAndItIsStoredOnce()
    {
        var memory = new HubMemory();
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        memory.OnMessage = _ =>
        {
            seen.TrySetResult();
            return Task.CompletedTask;
        };
        // Stored, but the answer never comes.
        memory.Answer = message =>
        {
            memory.Take(message);
            return new IngestAnswer();
        };
        _outbox.Append(Change(Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), 1, RecordStage.Closed));
        var hub = await TestHub.StartAsync(_authority, memory);
        Start(hub.Address);
        await seen.Task;
        await hub.DisposeAsync();
        memory.Answer = _ => null;
        await using var again = await TestHub.StartAsync(_authority, memory, port: hub.Address.Port);
        await EmptyAsync();
        Assert.Equal(2, memory.Keys.Count);
        Assert.True(memory.Arrived.Count > 2);
    }

    [Fact]
    public async Task Run_HubTakesAndNeverAnswers_ConnectsAgainAfterItsPatience()
    {
        var memory = new HubMemory();
        memory.Answer = message => memory.Arrived.Count(a => a.Message.Sequence == message.Sequence) == 1 ? new IngestAnswer() : null;
        _outbox.Append(Change(Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), 1, RecordStage.Closed));
        await using var hub = await TestHub.StartAsync(_authority, memory);
        Start(hub.Address);
        await EmptyAsync();
        Assert.Equal(2, memory.Keys.Count);
    }

    [Fact]
    public async Task Run_OneMessageQuarantinedAndOneRefused_NothingWaitsBehindThem()
    {
        var (bad, forged, good) = (Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon));
        var memory = new HubMemory();
        memory.Answer = m => m.Sighting?.Id == bad.ToString() ? new IngestAnswer { Outcome = Outcome.Quarantined, Reason = "captured_at is in 1970" }
            : m.Sighting?.Id == forged.ToString() ? new IngestAnswer { Outcome = Outcome.Refused, Reason = "same key, other bytes" }
            : null;
        foreach (var sighting in new[] { bad, forged, good })
        {
            _outbox.Append(Change(Guid.CreateVersion7(Noon), sighting, 1, RecordStage.Closed));
        }

        await using var hub = await TestHub.StartAsync(_authority, memory);
        Start(hub.Address);
        await EmptyAsync();
        Assert.Contains((good.ToString(), 1u), memory.Keys);
        await EventuallyAsync(() => _outbox.Refused().Count == 1, "the refused message to be laid aside");
        Assert.Equal(forged, _outbox.Refused()[0].Message.Record);
    }

    [Fact]
    public async Task Run_MoreThanTheWindow_StillDeliversAll()
    {
        for (var i = 0; i < 20; i++)
        {
            _outbox.Append(Change(Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), 1, RecordStage.Closed));
        }

        await using var hub = await TestHub.StartAsync(_authority);
        Start(hub.Address, new UplinkOptions { Window = 3 });
        await EmptyAsync();
        Assert.Equal(40, hub.Memory.Keys.Count);
    }

    [Fact]
    public async Task Run_LaneOfAnotherAuthority_IsToldToEnrol()
    {
        using var other = new TestAuthority();
        await using var hub = await TestHub.StartAsync(_authority);
        Start(hub.Address, lane: other.Lane("calais", "calais-1"));
        await EventuallyAsync(() => _status.Devices().Any(d => d is { Device: LaneStatus.Hub, State: "lost" }), "the hub to be called lost");
        Assert.Empty(hub.Memory.Arrived);
    }

    [Fact]
    public async Task Run_HubOfAnotherAuthority_IsSentNothing()
    {
        using var other = new TestAuthority();
        _outbox.Append(Change(Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), 1));
        await using var hub = await TestHub.StartAsync(_authority, server: other.Server());
        Start(hub.Address);
        await EventuallyAsync(() => _status.Devices().Any(d => d is { Device: LaneStatus.Hub, State: "lost" }), "the hub to be called lost");
        Assert.Contains("not trusted", _status.Devices().Single(d => d.Device == LaneStatus.Hub).Words, StringComparison.Ordinal);
        Assert.Empty(hub.Memory.Arrived);
    }

    [Fact]
    public async Task Run_HubUnderAnotherName_IsSentNothing()
    {
        _outbox.Append(Change(Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), 1));
        await using var hub = await TestHub.StartAsync(_authority, server: _authority.Server("elsewhere.example"));
        Start(hub.Address);
        await EventuallyAsync(() => _status.Devices().Any(d => d is { Device: LaneStatus.Hub, State: "lost" }), "the hub to be called lost");
        Assert.Empty(hub.Memory.Arrived);
    }

    [Fact]
    public async Task Run_HubWhoseCertificateIsOutOfDate_IsSentNothingUntilItHasAnother()
    {
        _outbox.Append(Change(Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), 1, RecordStage.Closed, [1]));
        var memory = new HubMemory();
        var old = await TestHub.StartAsync(_authority, memory, server: _authority.Server(until: TimeProvider.System.GetUtcNow().AddDays(-1)));
        Start(old.Address);
        await EventuallyAsync(() => StateOf(LaneStatus.Hub) == "lost", "the hub to be called lost");
        Assert.Contains("not trusted", _status.Devices().Single(d => d.Device == LaneStatus.Hub).Words, StringComparison.Ordinal);
        Assert.Empty(memory.Arrived);
        await old.DisposeAsync();

        await using var renewed = await TestHub.StartAsync(_authority, memory, port: old.Address.Port);
        await EmptyAsync();

        Assert.Equal((2, 1), (memory.Keys.Count, memory.Overviews.Count));
    }

    [Fact]
    public async Task Run_BoxWhoseClockIsAnHourFast_MarksWhatItRecords()
    {
        await using var hub = await TestHub.StartAsync(_authority);
        hub.Memory.Time = _folder.Time.GetUtcNow().AddHours(-1);
        Start(hub.Address);
        await EventuallyAsync(() => _outbox.HubClock.BoxAhead is not null, "the hub's time");
        _outbox.Append(Change(Guid.CreateVersion7(Noon), Guid.CreateVersion7(Noon), 1, RecordStage.Closed));
        await EmptyAsync();

        // This hub's clock stands still while the box's goes on.
        Assert.All(hub.Memory.Arrived, a => Assert.InRange((a.Message.Sighting?.TimeQuality ?? a.Message.Passage.TimeQuality).BoxAheadMs, 3_599_000, 4_200_000));
        Assert.Equal(2, hub.Memory.Arrived.Count);
    }

    [Fact]
    public async Task Run_Heartbeat_TellsQueueCountersAndDevices()
    {
        _status.Count("frames", 7);
        _status.Device("front", DeviceCondition.Lost, "No frames for 10 s.");
        await using var hub = await TestHub.StartAsync(_authority);
        hub.Memory.Time = _folder.Time.GetUtcNow().AddSeconds(4);
        Start(hub.Address);
        await EventuallyAsync(() => hub.Memory.Heartbeats.Count > 1, "two heartbeats");
        var beat = hub.Memory.Heartbeats.Last();
        Assert.Equal(7u, beat.Counters.Single(c => c.Name == "frames").Value);
        Assert.Equal("lost", beat.Devices.Single(d => d.Device == "front").State);
    }

    [Fact]
    public async Task Run_WatchlistDelta_IsAppliedAndAskedFromThereNextTime()
    {
        await using var hub = await TestHub.StartAsync(_authority);
        hub.Memory.Deltas.Writer.TryWrite(hub.Memory.Sign(new WatchlistDelta { ToRevision = 3, Upserts = { new Anpr.Proto.V1.WatchlistEntry { Id = "e1", Pattern = "AB12CDE", Priority = 1, Display = "Stop" } } }));
        Start(hub.Address);
        await EventuallyAsync(() => _watchlist.Revision == 3, "revision 3");
        // Out of step: the lane must ask for everything.
        hub.Memory.Deltas.Writer.TryWrite(hub.Memory.Sign(new WatchlistDelta { FromRevision = 9, ToRevision = 10 }));
        await EventuallyAsync(() => hub.Memory.FollowedFrom.Count > 1, "the lane to ask again");
        Assert.Equal([0uL, 0uL], hub.Memory.FollowedFrom);
        Assert.Equal(3uL, _watchlist.Revision);
    }

    [Fact]
    public async Task Run_WatchlistReplayInSteps_IsTakenOnOneStream()
    {
        await using var hub = await TestHub.StartAsync(_authority);
        hub.Memory.Deltas.Writer.TryWrite(hub.Memory.Sign(new WatchlistDelta { ToRevision = 3, More = true, Upserts = { new Anpr.Proto.V1.WatchlistEntry { Id = "e1", Pattern = "AB12CDE", Priority = 1, Display = "Stop" } } }));
        hub.Memory.Deltas.Writer.TryWrite(hub.Memory.Sign(new WatchlistDelta { FromRevision = 3, ToRevision = 4, Upserts = { new Anpr.Proto.V1.WatchlistEntry { Id = "e2", Pattern = "AB13CDE", Priority = 1, Display = "Stop" } } }));
        Start(hub.Address);
        await EventuallyAsync(() => _watchlist.Revision == 4, "revision 4");

        Assert.Equal(2, _watchlist.Count);
        Assert.Equal([0uL], hub.Memory.FollowedFrom);
    }

    [Fact]
    public async Task Run_WatchlistChangeThatTheStreamLost_IsAskedForAgain()
    {
        await using var hub = await TestHub.StartAsync(_authority);
        hub.Memory.Deltas.Writer.TryWrite(hub.Memory.Sign(new WatchlistDelta { ToRevision = 3 }));
        Start(hub.Address);
        await EventuallyAsync(() => _watchlist.Revision == 3, "revision 3");

        hub.Memory.WatchlistRevision = 4;
        await EventuallyAsync(() => hub.Memory.FollowedFrom.Count > 1, "the lane to ask again");

        Assert.Equal([0uL, 3uL], hub.Memory.FollowedFrom.Take(2));
    }

    [Fact]
    public async Task Run_WatchlistThatCannotBeKept_IsToldAndTakenLater()
    {
        // A folder where the file is to be written: refused as on an ill disk, for root too.
        var inTheWay = Directory.CreateDirectory(Path.Combine(_folder.Path, "watchlist.json.part"));
        await using var hub = await TestHub.StartAsync(_authority);
        var delta = hub.Memory.Sign(new WatchlistDelta { ToRevision = 3 });
        hub.Memory.Deltas.Writer.TryWrite(delta);
        Start(hub.Address);
        await EventuallyAsync(() => StateOf("hub watchlist") == "fault", "the fault to be told");
        await EventuallyAsync(() => StateOf(LaneStatus.Hub) == "ready", "the hub to be reached all the same");

        inTheWay.Delete();
        // More than once: the stream that the lane gave up may take one before this hub knows that it has ended.
        await EventuallyAsync(() => hub.Memory.Deltas.Writer.TryWrite(delta) && _watchlist.Revision == 3 && StateOf("hub watchlist") == "ready", "revision 3");
    }

    private string? StateOf(string device) => _status.Devices().SingleOrDefault(d => d.Device == device)?.State;

    private AuditHeads Heads() => new(Path.Combine(_folder.Path, AuditHeads.FileName), _authority.WatchlistKey, _folder.Time, NullLogger.Instance);

    private void Start(Uri hub, UplinkOptions? options = null, System.Security.Cryptography.X509Certificates.X509Certificate2? lane = null) => Start([hub], options, lane);

    private void Start(IReadOnlyList<Uri> hubs, UplinkOptions? options = null, System.Security.Cryptography.X509Certificates.X509Certificate2? lane = null)
    {
        var channel = new HubChannels(hubs, _authority.Certificate, lane ?? _authority.Lane("calais", "calais-1"), new Random(1));
        var uplink = new HubUplink(channel, _outbox, _watchlist, _bookings, Heads(), _status, options ?? new UplinkOptions(), _folder.Time, NullLogger.Instance);
        _running.Add(Task.Run(async () =>
        {
            using (channel)
            {
                await uplink.RunAsync(1, _stop.Token);
            }
        }));
    }

    private Task EmptyAsync() => EventuallyAsync(
        () => _outbox.Snapshot() is { Unwritten: 0, Waiting: 0, WaitingOverviews: 0, ClosedTotal: > 0 },
        "the outbox to be empty");

    /// <summary>Waits while the fake clock runs, so that backoffs and patience end.</summary>
    private Task EventuallyAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            _folder.Time.Advance(TimeSpan.FromMilliseconds(250));
            return condition();
        },
        what);
}
