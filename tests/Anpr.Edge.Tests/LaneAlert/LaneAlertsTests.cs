using System.Text.Json;
using Anpr.Edge.LaneAlert;
using Anpr.Edge.Passage;
using Anpr.Edge.Tests.Hub;
using Anpr.Edge.Tests.Outbox;
using Anpr.Proto.V1;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Anpr.Edge.Tests.Outbox.Passages;
using WireEntry = Anpr.Proto.V1.WatchlistEntry;

namespace Anpr.Edge.Tests.LaneAlert;

public sealed class LaneAlertsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly string _folder = Directory.CreateTempSubdirectory("anpr-alerts-").FullName;
    private readonly WatchlistCopy _list;
    private readonly LaneAlerts _alerts;
    private readonly List<(string State, string Display, string? NowReads)> _told = [];
    private readonly Guid _passage = Guid.CreateVersion7(Noon);
    private readonly Guid _sighting = Guid.CreateVersion7(Noon);
    private IReadOnlyList<LaneAlarm> _shown = [];

    public LaneAlertsTests()
    {
        _list = new WatchlistCopy(Path.Combine(_folder, "watchlist.json"), "calais", _authority.WatchlistKey, NullLogger.Instance);
        _alerts = new LaneAlerts(_list, new LaneAlertOptions(), a => _told.Add((a.State, a.Display, a.NowReads)), shown => _shown = shown, _time);
        _list.Changed += _alerts.Reconsider;
        Delta(0, 1, [Entry("e1", "AB12CDE", 1, "Stop and search"), Entry("e2", "ZZ*", 2, "Look")]);
    }

    public void Dispose()
    {
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Consider_OfAListedText_RaisesOnce()
    {
        _alerts.Consider(Change(_passage, _sighting, 1));
        _alerts.Consider(Change(_passage, _sighting, 2));
        Assert.Equal([("raised", "Stop and search", null)], _told);
        Assert.Equal(("exact", "AB12CDE", 1), (_shown.Single().Match, _shown.Single().Text, _shown.Single().Priority));
    }

    [Theory]
    [InlineData("ZZ99", "loose")]
    [InlineData("ABI2CDE", "loose")]
    public void Consider_OfALooseMatch_ShowsItAsLoose(string text, string match)
    {
        _alerts.Consider(Change(_passage, _sighting, 1, text: text));
        Assert.Equal(match, _shown.Single().Match);
    }

    [Fact]
    public void Consider_OfARevisionThatReadsOtherwise_WithdrawsAndSaysWhatItReadsNow()
    {
        _alerts.Consider(Change(_passage, _sighting, 1));
        _alerts.Consider(Change(_passage, _sighting, 2, text: "AB12CDF"));
        Assert.Equal([("raised", "Stop and search", null), ("withdrawn", "Stop and search", "AB12CDF")], _told);
        _time.Advance(TimeSpan.FromSeconds(30));
        _alerts.Sweep();
        Assert.Empty(_shown);
    }

    [Fact]
    public void Consider_OfARevisionThatReadsItAgain_RaisesAgain()
    {
        _alerts.Consider(Change(_passage, _sighting, 1));
        _alerts.Consider(Change(_passage, _sighting, 2, text: "AB12CDF"));
        _alerts.Consider(Change(_passage, _sighting, 3));
        Assert.Equal(["raised", "withdrawn", "raised"], _told.Select(t => t.State));
    }

    [Fact]
    public void Reconsider_AfterTheEntryWasTakenOff_Withdraws()
    {
        _alerts.Consider(Change(_passage, _sighting, 1));
        Delta(1, 2, [], ["e1"]);
        Assert.Equal(("withdrawn", "Stop and search", null), _told[^1]);
    }

    [Fact]
    public void Reconsider_AfterAnEntryWasPutOn_RaisesForAVehicleThatIsThere()
    {
        _alerts.Consider(Change(_passage, _sighting, 1, text: "QQ77"));
        Assert.Empty(_told);
        Delta(1, 2, [Entry("e3", "QQ77", 1, "Now")]);
        Assert.Equal([("raised", "Now", null)], _told);
    }

    [Fact]
    public void Sweep_AfterTheVehicleHasGone_HoldsAndThenTakesAway()
    {
        _alerts.Consider(Change(_passage, _sighting, 1, RecordStage.Closed));
        _time.Advance(TimeSpan.FromSeconds(119));
        _alerts.Sweep();
        Assert.Single(_shown);
        _time.Advance(TimeSpan.FromSeconds(1));
        _alerts.Sweep();
        Assert.Empty(_shown);
    }

    [Fact]
    public void Consider_OfAClosedPassageWithoutAPlate_SaysSo()
    {
        _alerts.Consider(new PassageChange(Passages.Passage(_passage, 1, RecordStage.Closed), null));
        Assert.Equal("no_plate", _shown.Single().Match);
    }

    [Fact]
    public void Payload_HasNoReasonOrOwner_AndIsSnakeCase()
    {
        _alerts.Consider(Change(_passage, _sighting, 1));
        using var json = JsonDocument.Parse(LaneDisplay.Payload(_shown));
        var alert = json.RootElement.GetProperty("alerts")[0];
        Assert.Equal(
            ["camera", "display", "entry", "match", "now_reads", "passage", "priority", "probability", "sighting", "since", "state", "text", "until"],
            alert.EnumerateObject().Select(p => p.Name).Order(StringComparer.Ordinal));
    }

    private static WireEntry Entry(string id, string pattern, uint priority, string display) => new() { Id = id, Pattern = pattern, Priority = priority, Display = display };

    private void Delta(ulong from, ulong to, WireEntry[] upserts, string[]? removed = null)
    {
        var delta = new WatchlistDelta { FromRevision = from, ToRevision = to };
        delta.Upserts.AddRange(upserts);
        delta.RemovedIds.AddRange(removed ?? []);
        Assert.Equal(DeltaOutcome.Applied, _list.Apply(new HubMemory { Authority = _authority }.Sign(delta)));
    }
}
