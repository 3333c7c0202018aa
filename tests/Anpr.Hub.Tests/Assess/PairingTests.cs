using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Movements;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Hub.Tests.Link;
using Anpr.Proto.V1;

namespace Anpr.Hub.Tests.Assess;

/// <summary>Tractors, their trailers, and the company that vehicles keep.</summary>
public sealed class PairingTests
{
    [Fact]
    public void Pairing_AnotherTrailerWithinTheVisit_IsTold()
    {
        var hit = PairingRule.Of(Passage(0, "AB123CD", "XY987ZW"), Passage(12, "AB123CD", "QR555ST"))!;

        Assert.Equal(AlertCause.PairingChange, hit.Cause);
        Assert.Equal("AB123CD pulled trailer XY987ZW at calais/entry 12 min before; here it pulls QR555ST.", hit.Why.En);
        Assert.StartsWith("AB123CD tractait la remorque XY987ZW", hit.Why.Fr, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("XY987ZW", "XY987ZW", 0.97f)] // the same
    [InlineData("XY987ZW", "XV987ZW", 0.97f)] // a misread of the same
    [InlineData("XY987ZW", "QR555ST", 0.8f)] // read unsurely
    [InlineData("XY987ZW", "AB123CD", 0.97f)] // the rear repeats the front: no trailer's identity
    [InlineData("XY987ZW", "A8123CD", 0.97f)] // the same, misread
    [InlineData("AB123CD", "QR555ST", 0.97f)] // it repeated the front before
    [InlineData("XY987ZW", null, 0.97f)] // not read
    [InlineData(null, "QR555ST", 0.97f)]
    public void Pairing_ThatMayBeTheSame_IsNotTold(string? before, string? now, float confidence) =>
        Assert.Null(PairingRule.Of(Passage(0, "AB123CD", before), Passage(12, "AB123CD", now, confidence)));

    [Fact]
    public void History_OfATractor_TellsChangesOnly()
    {
        var day = TimeSpan.FromDays(1).TotalMinutes;
        var facts = PairingHistory.Of(
        [
            Passage(0, "AB123CD", "XY987ZW"), Passage(12, "AB123CD", "XY987ZW"), // one visit, one trailer
            Passage(day, "AB123CD", "XY987ZW"), Passage(day + 12, "AB123CD", null), // its rear plate is missing at the control
            Passage(2 * day, "AB123CD", "QR555ST"), // a new one
            Passage(3 * day, "AB123CD", "XY987ZV"), // the former one, misread
            Passage(4 * day, "AB123CD", "AB123CD"), Passage(5 * day, "AB123CD", "A8123CD"), // it shows its own plate, twice
            Passage(6 * day, "AB123CD", null), // nothing read, but no visit in which there was one
            Passage(7 * day, "AB123CD", "XY987ZW"),
            Passage((7 * day) + 12, "AB123CD", "MN444OP"), // another within the visit
        ]);

        Assert.Equal(
            [
                (PairingEvent.Coupled, "XY987ZW", false), (PairingEvent.RearMissing, null, true), (PairingEvent.NewPartner, "QR555ST", false),
                (PairingEvent.FormerPartner, "XY987ZV", false), (PairingEvent.Repeated, null, false), (PairingEvent.NewPartner, "MN444OP", true),
            ],
            facts.Select(f => (f.Event, f.Trailer?.Text, f.SameVisit)));
    }

    [Fact]
    public async Task Hub_TrailerChangedBetweenEntryAndControl_RaisesOneAlertThatFallsWithARevision()
    {
        await using var hub = await RunningHub.StartAsync();
        var (entry, control) = (await LaneClient.EnrolAsync(hub, "calais", "entry"), await LaneClient.EnrolAsync(hub, "calais", "control"));
        await PassAsync(entry, "AB123CD", "XY987ZW", -12);
        var rear = await PassAsync(control, "AB123CD", "QR555ST", 0);

        var alert = Assert.Single(hub.Get<AlertDesk>().Open(new("officer")));
        Assert.Equal((AlertCause.PairingChange, "control"), (alert.Cause, alert.Lane));

        (rear.Revision, rear.Text) = (2, "XY987ZW");
        rear.Characters.Clear();
        await control.SendAsync(rear);
        Assert.Equal(AlertState.Withdrawn, hub.Get<AlertDesk>().Find(alert.Id, new("officer"))!.State);
    }

    [Fact]
    public void Company_FarBeyondChance_IsTold_TheLeastProbableFirst()
    {
        var hit = CompanyRule.Of("AB123CD", [Found("XY987ZW", 5, 1e-7), Found("QR555ST", 8, 1e-12)])!;

        Assert.Equal((AlertCause.CompanyKept, "id QR555ST", 3), (hit.Cause, hit.About, hit.Priority));
        Assert.Equal("Came with QR555ST on 8 visits in 60 days; the traffic alone explains 0.2. It may be a haulier's own convoy.", hit.Why.En);
    }

    [Fact]
    public void Company_OfAQueueOrASeries_IsNotTold() =>
        Assert.Null(CompanyRule.Of("AB123CD", [Found("XY987ZW", 3, 1e-9), Found("QR555ST", 8, 1e-4), Found("AB124CD", 9, 1e-20), Found("AB123CE", 9, 1e-20)]));

    /// <summary>A pair once in a month, in whatever order it is named, and no more than a few pairs a day.</summary>
    [Fact]
    public async Task Company_Told_IsWithinItsBudget()
    {
        using var folder = new TempFolder();
        await using var store = LiteStore.Open(folder.Path, HubFeatures.Tables);
        var now = new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
        Task<bool> TellAsync(string a, string b, DateTimeOffset at) => store.WriteAsync(writer =>
        {
            if (!ToldCompany.MayTell(writer, a, b, at))
            {
                return false;
            }

            writer.Put(ToldCompany.Table, ToldCompany.Of(a, b, at));
            return true;
        });

        Assert.True(await TellAsync("a", "b", now));
        Assert.False(await TellAsync("b", "a", now.AddDays(29)));
        Assert.True(await TellAsync("b", "a", now.AddDays(30)));
        var told = 0;
        for (var i = 0; i < 20; i++)
        {
            told += await TellAsync("c", $"d{i}", now.AddDays(40).AddHours(i)) ? 1 : 0;
        }

        Assert.Equal(CompanyRule.PerDay, told);
        Assert.True(await TellAsync("c", "z", now.AddDays(40).AddHours(25)));
    }

    private static (Vehicle Vehicle, Hub.Assess.Companion Found) Found(string text, int together, double chance) =>
        (new Vehicle("id " + text, text, 0.97, [], "", default, default, 9, ["calais"]), new Hub.Assess.Companion("id " + text, together, 0.2, chance));

    private static Coupled Passage(double minutes, string front, string? rear, float confidence = 0.97f)
    {
        var passage = Guid.NewGuid().ToString();
        StoredSighting Plate(string text, Side side) => ReadBookTests.Seen(text, minutes, confidence, vehicle: "v " + text, side: side, passage: passage);
        return new(Plate(front, Side.Front), rear is null ? null : Plate(rear, Side.Rear));
    }

    private static async Task<Sighting> PassAsync(LaneClient lane, string front, string rear, double minutes)
    {
        var passage = Guid.CreateVersion7().ToString();
        await lane.SendAsync(lane.Sighting(front, passage, [1], [], "FR", lane.Now.AddMinutes(minutes)));
        var trailer = lane.Sighting(rear, passage, [1], [], "FR", lane.Now.AddMinutes(minutes).AddSeconds(6));
        trailer.Side = Side.Rear;
        await lane.SendAsync(trailer);
        return trailer;
    }
}
