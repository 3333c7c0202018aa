using Anpr.Edge.LaneAlert;
using Anpr.Edge.Ops;
using Anpr.Edge.Outbox;
using Anpr.Edge.Passage;
using Anpr.Edge.Sense;
using Anpr.Edge.Tests.Hub;
using Anpr.Edge.Tests.Outbox;
using Anpr.Edge.Uplink;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using static Anpr.Edge.Tests.Outbox.Passages;

namespace Anpr.Edge.Tests.Uplink;

/// <summary>The network between a lane and its hub is cut for a day, on a simulated clock: a vehicle each two minutes, the lane box is started anew at half-time.</summary>
public sealed class DayCutTests : IAsyncLifetime
{
    private const int Vehicles = 24 * 30;
    private const int RoomMegabytes = 15;
    private const int OverviewBytes = 20_000; // together with the text half as much again as there is room for
    private const int PatchBytes = 4_000;

    private readonly TestAuthority _authority = new();
    private readonly OutboxFolder _folder = new();
    private readonly List<(Guid Passage, Guid Sighting, string Text)> _passed = [];
    private readonly List<LaneAlarm> _alarms = [];
    private PassageOutbox _outbox = null!;
    private LaneAlerts _alerts = null!;

    public async ValueTask InitializeAsync()
    {
        await SwitchOnAsync();
        Assert.Equal(DeltaOutcome.Applied, Watchlist().Apply(new HubMemory { Authority = _authority }.Sign(Returning("AB12CDE"))));
        _alerts = Alerts();
    }

    public async ValueTask DisposeAsync()
    {
        await _outbox.DisposeAsync();
        _folder.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task DayWithoutHub_LosesNoText_KeepsToItsRoom_KnowsWhoMayNotReturn_AndAllGoesUpOnce()
    {
        var gone = await TestHub.StartAsync(_authority);
        await gone.DisposeAsync(); // nobody listens where the hub was

        await UplinkAsync(gone.Address, () => PassAsync(Vehicles / 2));
        await _outbox.DisposeAsync();
        await SwitchOnAsync();
        _alerts = Alerts();
        await UplinkAsync(gone.Address, async () =>
        {
            await PassAsync(Vehicles - (Vehicles / 2) - 1);
            await PassAsync(1, "AB12CDE"); // it was refused before the cut, elsewhere
        });

        var waiting = _outbox.Snapshot();
        Assert.Equal((Vehicles * 4, OutboxCondition.Ready, Vehicles), (waiting.Waiting, waiting.Condition, (int)waiting.ClosedTotal));
        Assert.InRange(waiting.Bytes, 1, RoomMegabytes * 1_000_000L);
        Assert.InRange(waiting.WaitingOverviews, 1, Vehicles - 1);
        Assert.Equal(("raised", "Refused at dunkerque", "AB12CDE"), Assert.Single(_alarms) is var alarm ? (alarm.State, alarm.Display, alarm.Text) : default);

        await using var hub = await TestHub.StartAsync(_authority, port: gone.Address.Port);
        await UplinkAsync(hub.Address, () => EventuallyAsync(() => _outbox.Snapshot() is { Waiting: 0, WaitingOverviews: 0 }, "the day to go up"));

        Assert.Equal(Vehicles * 4, hub.Memory.Keys.Count);
        Assert.All(_passed, p => Assert.Equal((p.Text, p.Passage.ToString()), hub.Memory.Stored(p.Sighting.ToString(), 2).Sighting is { } s ? (s.Text, s.PassageId) : default));
        var closed = hub.Memory.Arrived.Select(a => a.Message.Passage).OfType<Anpr.Proto.V1.Passage>().Where(p => p.Stage == Stage.Closed).Select(p => p.Id).Distinct(StringComparer.Ordinal);
        Assert.Equal(_passed.Select(p => p.Passage.ToString()), closed);
        // Pictures that there was no room for were the oldest.
        Assert.Equal(_passed.TakeLast(waiting.WaitingOverviews).Select(p => p.Sighting.ToString()).Order(StringComparer.Ordinal), hub.Memory.Overviews.Select(o => o.Key.SightingId).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    private static WatchlistDelta Returning(string plate) => new()
    {
        ToRevision = 1,
        Upserts = { new Anpr.Proto.V1.WatchlistEntry { Id = "r1", Pattern = plate, Kind = PatternKind.Fuzzy, Priority = 1, Display = "Refused at dunkerque", ExpiresAt = Noon.AddHours(72).ToTimestamp() } },
    };

    private async Task SwitchOnAsync() => _outbox = await _folder.OpenAsync(RoomMegabytes);

    private WatchlistCopy Watchlist() => new(Path.Combine(_folder.Path, "watchlist.json"), "calais", _authority.WatchlistKey, NullLogger.Instance);

    private LaneAlerts Alerts() => new(Watchlist(), new LaneAlertOptions(), _alarms.Add, _ => { }, _folder.Time);

    private async Task PassAsync(int vehicles, string? plate = null)
    {
        for (var i = 0; i < vehicles; i++)
        {
            var number = _passed.Count;
            var (passage, sighting, text) = (Guid.CreateVersion7(_folder.Time.GetUtcNow()), Guid.CreateVersion7(_folder.Time.GetUtcNow()), plate ?? $"X{number:D4}YZ");
            _passed.Add((passage, sighting, text));
            foreach (var change in new[] { Seen(passage, sighting, 1, RecordStage.Provisional, text, []), Seen(passage, sighting, 2, RecordStage.Closed, text, Overview(number)) })
            {
                _outbox.Append(change);
                _alerts.Consider(change);
            }

            _folder.Time.Advance(TimeSpan.FromMinutes(2));
            if (number % 30 == 29)
            {
                await EventuallyAsync(() => _outbox.Snapshot().Unwritten == 0, "the disk");
            }
        }

        await EventuallyAsync(() => _outbox.Snapshot().Unwritten == 0, "the disk");
    }

    private static PassageChange Seen(Guid passage, Guid sighting, int revision, RecordStage stage, string text, byte[] overview)
    {
        var change = Change(passage, sighting, revision, stage, overview, text);
        return change with { Sighting = change.Sighting! with { PatchJpeg = new byte[PatchBytes] } };
    }

    private static byte[] Overview(int number)
    {
        var jpeg = new byte[OverviewBytes];
        new Random(number).NextBytes(jpeg);
        return jpeg;
    }

    private async Task UplinkAsync(Uri hub, Func<Task> meanwhile)
    {
        using var stop = new CancellationTokenSource();
        using var channels = new HubChannels([hub], _authority.Certificate, _authority.Lane("calais", "calais-1"), new Random(1));
        var heads = new AuditHeads(Path.Combine(_folder.Path, AuditHeads.FileName), _authority.WatchlistKey, _folder.Time, NullLogger.Instance);
        var bookings = new BookingsCopy(Path.Combine(_folder.Path, "bookings.bin"), _authority.WatchlistKey, _folder.Time, NullLogger.Instance);
        var uplink = new HubUplink(channels, _outbox, Watchlist(), bookings, heads, new LaneStatus(_folder.Time, NullLogger.Instance), new UplinkOptions(), _folder.Time, NullLogger.Instance);
        var running = Task.Run(() => uplink.RunAsync(1, stop.Token), TestContext.Current.CancellationToken);
        await meanwhile();
        await stop.CancelAsync();
        await running;
    }

    // The clock goes on slowly: a day's text must not look like a hub that does not answer.
    private Task EventuallyAsync(Func<bool> condition, string what) => Eventually.HoldsAsync(
        () =>
        {
            _folder.Time.Advance(TimeSpan.FromMilliseconds(20));
            return condition();
        },
        what);
}
