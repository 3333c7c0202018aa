using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;
using Anpr.Hub.Web.Live;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Tests.Web;

public sealed class LiveBoardTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly LiveBoard board = new(new("anna"));

    [Fact]
    public void Apply_RevisionOfASighting_ChangesItsRowWhereItStands()
    {
        board.Apply(Seen("1", "AB12CDE"));
        board.Apply(Seen("2", "FG34HIJ"));

        board.Apply(Seen("1", "AB12CDF"));

        Assert.Equal(["FG34HIJ", "AB12CDF"], board.Stream.Select(s => s.Text));
    }

    [Fact]
    public void Apply_ManySightings_KeepsTheNewest()
    {
        for (var i = 0; i < LiveBoard.StreamRows + 30; i++)
        {
            board.Apply(Seen($"{i}", $"AB{i}"));
        }

        Assert.Equal(LiveBoard.StreamRows, board.Stream.Count);
        Assert.Equal($"AB{LiveBoard.StreamRows + 29}", board.Stream[0].Text);
    }

    [Fact]
    public void Apply_NewAlert_IsHandedBackOnceOnly()
    {
        var alert = Alert("a", 1, AlertState.Raised);

        Assert.Equal(alert, board.Apply(new AlertEvent(Now, alert, null)));
        Assert.Null(board.Apply(new AlertEvent(Now, alert with { Text = "AB12CDF" }, null)));
        Assert.Equal(1, board.Waiting);
    }

    [Fact]
    public void Apply_AlertTakenElsewhere_NoLongerWaits()
    {
        board.Apply(new AlertEvent(Now, Alert("a", 1, AlertState.Raised), null));

        board.Apply(new AlertEvent(Now, Alert("a", 1, AlertState.Acknowledged), null));

        Assert.Equal(0, board.Waiting);
        Assert.Single(board.Alerts);
    }

    [Fact]
    public void Apply_CovertAlertOfSomebodyElse_IsNotShown()
    {
        board.Apply(new AlertEvent(Now, Alert("a", 1, AlertState.Raised) with { Covert = true, Owner = "ben" }, null));

        Assert.Empty(board.Alerts);
    }

    [Fact]
    public void Apply_Withdrawal_SaysSoInPlaceOfTheAlert()
    {
        board.Apply(new AlertEvent(Now, Alert("a", 1, AlertState.Raised), null));

        board.Apply(new AlertEvent(Now, Alert("a", 1, AlertState.Withdrawn) with { Text = "AB12CDF" }, null));

        Assert.Empty(board.Alerts);
        Assert.Equal("AB12CDF", board.Withdrawn.Single().Text);
    }

    [Fact]
    public void Alerts_Several_ThoseThatWaitComeFirstThenByPriority()
    {
        foreach (var alert in new[] { Alert("taken", 1, AlertState.Acknowledged), Alert("low", 3, AlertState.Raised), Alert("high", 1, AlertState.Raised) })
        {
            board.Apply(new AlertEvent(Now, alert, null));
        }

        Assert.Equal(["high", "low", "taken"], board.Alerts.Select(a => a.Id));
    }

    [Fact]
    public void Lanes_EnrolledButNeverHeard_AreShownAsUnknown()
    {
        board.Begin([new LaneIdentity("calais", "calais-1")], [], [], [], []);

        Assert.Equal("unknown", board.LanesOf("calais").Single().State);
    }

    [Theory]
    [InlineData("ready", false, "ready")]
    [InlineData("frozen", false, "attention")]
    [InlineData("ready", true, "silent")]
    public void Lanes_Heartbeat_DecidesTheState(string device, bool silent, string state)
    {
        var heartbeat = new HeartbeatRequest();
        heartbeat.Devices.Add(new DeviceState { Device = "front", State = device });

        board.Apply(new LaneEvent(Now, new LaneStatus("calais", "calais-1", Now, 0, heartbeat, silent)));

        Assert.Equal(state, board.LanesOf("calais").Single().State);
    }

    private static SightingEvent Seen(string id, string text) => new(
        Now,
        new StoredSighting(id, "calais", "calais-1", new Sighting { Id = id, Text = text, PassageId = $"p{id}", CapturedAt = Timestamp.FromDateTimeOffset(Now) }, "", Now, false, "v", 1, []),
        null,
        10);

    private static Alert Alert(string id, int priority, AlertState state) => new(
        id, id, AlertCause.Watchlist, "e", "AB12CDE", "Listed", priority, "anna", false, "calais", "calais-1", "p", ["s"], "v", "AB12CDE", false, Now, Now, false, false, false, state, [new AlertStep(Now, state, "hub", "")]);
}
