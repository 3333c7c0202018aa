using Anpr.Hub.Alerts;
using Anpr.Hub.Assess;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Ops;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Tests.Assess;

/// <summary>Each rule by itself: when it speaks, and when it must not.</summary>
public sealed class RuleTests
{
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly FormatRule Format = new(CountryTable.LoadShipped());

    [Theory]
    [InlineData("AB12CDE", "GB", 0.99f, false)]
    [InlineData("QQQQQQQQQQ", "GB", 0.99f, true)]
    [InlineData("QQQQQQQQQQ", "GB", 0.9f, false)] // rather a misread
    [InlineData("QQQQQQQQQQ", "", 0.99f, false)] // its look says nothing
    [InlineData("AB12CDE", "ES", 0.99f, true)] // looks Spanish, reads British
    [InlineData("AB12CDE", "", 0.99f, false)]
    public void Format_SpeaksOfPlatesThatWereReadSurely(string text, string country, float confidence, bool speaks)
    {
        var sighting = Sighting(text, "calais", 0).Message;
        (sighting.Country, sighting.Confidence, sighting.Reads, sighting.Stage) = (country, confidence, 7, Stage.Closed);

        Assert.Equal(speaks, Format.Of(sighting) is { Cause: AlertCause.Format, Priority: 3 });
    }

    [Theory]
    [InlineData(0.004, "under 1 %", "moins de 1 %")]
    [InlineData(0.24, "24 %", "24 %")]
    [InlineData(0.997, "over 99 %", "plus de 99 %")]
    public void Watchlist_LooseHit_SaysHowProbableInBothLanguages(double probability, string en, string fr)
    {
        var entry = new ListEntry("e", "AB12CDE", ListedKind.Fuzzy, 1, "stop", "OP:1", "olive", false, Noon, Noon, false, 1);

        var why = WatchlistRule.Hit(new ListedHit<ListEntry>(entry, true, probability), "A812CDE").Why;

        Assert.Equal(($"A812CDE looks like AB12CDE ({en}): stop", $"A812CDE ressemble à AB12CDE ({fr}) : stop"), (why.En, why.Fr));
    }

    [Fact]
    public void Format_OpenSightingOrOneFrame_IsNotJudged()
    {
        var sighting = Sighting("QQQQQQQQQQ", "calais", 0).Message;
        sighting.Country = "GB";
        (sighting.Confidence, sighting.Reads, sighting.Stage) = (0.99f, 7, Stage.Revised);
        Assert.Null(Format.Of(sighting));
        (sighting.Reads, sighting.Stage) = (1, Stage.Closed);
        Assert.Null(Format.Of(sighting));
    }

    [Fact]
    public void Budget_TopShareOfAPort_IsFoundWhateverTheLevelIs()
    {
        foreach (var level in (double[])[0.001, 0.2])
        {
            var (rule, random, hits) = (new BudgetRule(), new Random(1), 0);
            const int vehicles = 20_000;
            for (var i = 0; i < vehicles; i++)
            {
                var passage = Closed(level * random.NextDouble());
                hits += rule.Of("calais", passage) is null ? 0 : 1;
                rule.Learn("calais", passage);
            }

            Assert.InRange(hits / (double)vehicles, 0.008, 0.012);
            Assert.Null(rule.Of("dunkerque", Closed(0.99))); // nothing is known there
        }
    }

    [Theory]
    [InlineData(0.2, true)]
    [InlineData(BudgetRule.DefaultShare, false)]
    public async Task Budget_TellsTheShareThatIsSet(double share, bool told)
    {
        using var folder = new TempFolder();
        await using var store = Hub.Storage.LiteStore.Open(folder.Path, HubFeatures.Tables);
        await store.WriteAsync(writer =>
        {
            for (var i = 0; i < 400; i++)
            {
                writer.Put(StoredPassage.Table, Scored($"p{i}", i / 1000.0));
            }

            return true;
        });

        var assessor = new Assessor(TimeProvider.System, store, share);

        var alerts = await store.WriteAsync(writer => assessor.OnPassage(writer, Scored("p", 0.35), null));
        Assert.Equal(told, alerts.Any(a => a.Cause == AlertCause.Score)); // one in eight scored as high
    }

    private static StoredPassage Scored(string id, double score)
    {
        var at = Noon.ToTimestamp();
        var passage = new Passage { Id = id, Revision = 1, Stage = Stage.Closed, Station = "control", Score = score, OpenedAt = at, ClosedAt = at, TimeQuality = new TimeQuality() };
        return new StoredPassage(id, "calais", "calais-1", passage, "", Noon, false);
    }

    [Fact]
    public void Budget_EqualScoresOrOpenPassages_AreNone()
    {
        var rule = new BudgetRule();
        for (var i = 0; i < 1000; i++)
        {
            rule.Learn("calais", Closed(0.001));
        }

        Assert.Null(rule.Of("calais", Closed(0.001)));
        Assert.NotNull(rule.Of("calais", Closed(0.002)));
        Assert.Null(rule.Of("calais", new Passage { Stage = Stage.Revised, Score = 0.9 }));
    }

    [Fact]
    public void Dwell_MuchLongerThanThatHour_IsFound_AndAQueueOfAllIsNot()
    {
        var rule = new DwellRule();
        for (var i = 0; i < 60; i++)
        {
            rule.Learn("calais", Noon.AddMinutes(i), TimeSpan.FromMinutes(18 + (i % 9)));
        }

        var at = Noon.AddMinutes(60);
        Assert.Null(rule.Of("calais", at, TimeSpan.FromMinutes(30)));
        Assert.Contains("75 min", rule.Of("calais", at, TimeSpan.FromMinutes(75))!.Why.En, StringComparison.Ordinal);
        Assert.Null(rule.Of("dunkerque", at, TimeSpan.FromMinutes(75)));
        for (var i = 0; i < 60; i++)
        {
            rule.Learn("calais", at.AddMinutes(i), TimeSpan.FromMinutes(80));
        }

        Assert.Null(rule.Of("calais", at.AddMinutes(60), TimeSpan.FromMinutes(90))); // the queue has grown for everybody
        Assert.Null(rule.Of("calais", at.AddHours(9), TimeSpan.FromMinutes(190))); // that was another hour
    }

    [Theory]
    [InlineData("dunkerque", 0.97, true)]
    [InlineData("dunkerque", 0.5, false)] // one of the reads is unsure
    [InlineData("calais", 0.97, false)] // two lanes of one port
    public void ImpossibleJourney_NeedsTwoPortsAndTwoSureReads(string elsewhere, double same, bool speaks)
    {
        var there = Sighting("AB12CDE", elsewhere, -12);
        var vehicle = Vehicle.Of(there, PlateEvidence.Of(there.Message));

        var hit = ImpossibleJourneyRule.Of(Sighting("AB12CDE", "calais", 0), new Conflict(vehicle, there, same));

        Assert.Equal(speaks, hit is not null);
        Assert.True(!speaks || hit!.Why.En.Contains("12 min before, and the way takes 35 min", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("coquelles", "control", 60, true)] // another port within the hour
    [InlineData("coquelles", "control", 400, false)] // it may have been across
    [InlineData("calais", "control", 60, true)] // to the control again
    [InlineData("calais", "approach", 60, false)] // on its way to the control
    [InlineData("calais", "control", 10, false)] // still the same visit
    public void Return_SoonerThanAcrossAndBack_IsFound(string before, string stationBefore, int minutes, bool speaks) =>
        Assert.Equal(speaks, ReturnRule.Of(Sighting("AB12CDE", "calais", 0), Sighting("AB12CDE", before, -minutes), stationBefore, "control") is not null);

    [Theory]
    [InlineData(300, 360, "of 4000 that came back all but one in a thousand took 6 h 00 or more")] // can have crossed, as next to nobody does
    [InlineData(400, 360, "")]
    [InlineData(100, 60, "nobody crosses and comes back in less than 3 h 15")] // what was learned takes nothing from the timetable
    [InlineData(300, null, "")]
    public void Return_SoonerThanNextToAllWhoCameBack_IsFound(int minutes, int? learned, string why)
    {
        var hit = ReturnRule.Of(Sighting("AB12CDE", "coquelles", 0), Sighting("AB12CDE", "calais", -minutes), "control", "approach", () => learned is { } m ? new LeastTime(TimeSpan.FromMinutes(m), 4000) : null);

        Assert.Equal(why.Length > 0, hit is not null);
        Assert.Contains(why, hit?.Why.En ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Return_OfWhatDrivesAwayOrIsTheSamePassage_IsNone()
    {
        var (here, before) = (Sighting("AB12CDE", "calais", 0), Sighting("AB12CDE", "coquelles", -60));
        before.Message.PassageId = here.Message.PassageId;
        Assert.Null(ReturnRule.Of(here, before, "control", "control"));
        before.Message.PassageId = Guid.NewGuid().ToString();
        here.Message.Direction = Direction.Away;
        Assert.Null(ReturnRule.Of(here, before, "control", "control"));
    }

    [Fact]
    public void Return_EntryOfARefusedVehicle_IsForOthersThanItsOwnPassage()
    {
        var refused = Sighting("AB12CDE", "calais", -60);
        var disposition = new Disposition { Id = "d", PassageId = refused.Message.PassageId, Outcome = Disposition.Types.Outcome.Refused, At = Noon.AddMinutes(-50).ToTimestamp() };
        var entry = ReturnRule.Entry(disposition, refused, "AB12CDE", Noon.AddMinutes(-50), 1);

        Assert.InRange(entry.Display.Length, 1, 40);
        Assert.Equal(Noon.AddMinutes(-50).AddHours(72), entry.ExpiresAt);
        Assert.Null(ReturnRule.Of(refused, entry, loose: false));
        var hit = ReturnRule.Of(Sighting("AB12CDE", "dunkerque", 0), entry, loose: true)!;
        Assert.Equal("AB12CDE was refused at calais 50 min before.", hit.Why.En);
        Assert.True(hit.Loose);
    }

    [Fact]
    public void Danger_OfOneKind_IsOneHitBeforeEverythingElse()
    {
        var passage = new Passage
        {
            Dangers = { new Danger { Kind = "co2", Words = "CO2 5 %", WordsFr = "CO2 à 5 %" }, new Danger { Kind = "co2", Words = "CO2 6 %" }, new Danger { Kind = "heartbeat", Words = "Weak heartbeat" } },
        };

        Assert.Equal([("co2", 0, "CO2 à 5 %"), ("heartbeat", 0, "Weak heartbeat")], DangerRule.Of(passage).Select(h => (h.About, h.Priority, h.Why.Fr)));
    }

    private static Passage Closed(double score) => new() { Stage = Stage.Closed, Score = score };

    private static StoredSighting Sighting(string text, string port, int minutes)
    {
        var at = Noon.AddMinutes(minutes);
        var message = new Sighting { Id = Guid.NewGuid().ToString(), PassageId = Guid.NewGuid().ToString(), Text = text, CapturedAt = at.ToTimestamp(), Confidence = 0.99f };
        return new StoredSighting(message.Id, port, $"{port}-1", message, "", at, false, "v", 1, []);
    }
}
