using Anpr.Hub.Assess;
using Anpr.Hub.Ingest;
using Anpr.Hub.Link;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using CsCheck;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Hub.Tests.Link;

public sealed class LinkerTests : LinkerFixture
{
    [Fact]
    public async Task Link_SameTextAtThreePorts_IsOneJourney()
    {
        var first = await LinkAsync(Seen("AB123CD", "dunkerque", 0));
        var second = await LinkAsync(Seen("AB123CD", "coquelles", 36));
        var third = await LinkAsync(Seen("AB123CD", "calais", 45));

        Assert.Equal(first.Vehicle.Id, second.Vehicle.Id);
        Assert.Equal(first.Vehicle.Id, third.Vehicle.Id);
        Assert.Equal(["calais", "coquelles", "dunkerque"], third.Vehicle.Ports);
        Assert.Equal(3, third.Vehicle.Sightings);
        Assert.False(third.Vehicle.IsLoose(third.Sighting));
        Assert.Equal("same registration AB123CD", third.Sighting.LinkReasons[0]);
    }

    [Fact]
    public async Task Link_ArrivingOutOfOrder_IsTheSameJourney()
    {
        await LinkAsync(Seen("AB123CD", "calais", 45));
        var earlier = await LinkAsync(Seen("AB123CD", "dunkerque", 0));

        Assert.Equal(2, earlier.Vehicle.Sightings);
        Assert.Equal(Noon, earlier.Vehicle.FirstSeen);
        Assert.Equal(Noon.AddMinutes(45), earlier.Vehicle.LastSeen);
    }

    [Theory]
    [InlineData("coquelles", 7, false)]
    [InlineData("coquelles", 8, true)]
    [InlineData("dunkerque", 34, false)]
    [InlineData("dunkerque", 35, true)]
    public async Task Link_SameTextElsewhere_OnlyWhenItCouldHaveCome(string port, double minutes, bool linked)
    {
        var here = await LinkAsync(Seen("AB123CD", "calais", 0));
        var there = await LinkAsync(Seen("AB123CD", port, minutes));

        Assert.Equal(linked, here.Vehicle.Id == there.Vehicle.Id);
        if (!linked)
        {
            Assert.Contains(there.Sighting.LinkReasons, r => r.StartsWith("not linked to AB123CD: it was seen at calais/calais-1 only", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Link_LookAlikeThatNeitherReadWasSureOf_IsLooseAndSaysWhy()
    {
        await LinkAsync(Seen("AB128CD", "dunkerque", 0, (4, 'B', 0.2f)));
        var loose = await LinkAsync(Seen("AB12BCD", "calais", 50, (4, '8', 0.2f), confidence: 0.7f));

        Assert.True(loose.Vehicle.IsLoose(loose.Sighting));
        Assert.Equal("AB128CD", loose.Vehicle.Text);
        Assert.InRange(loose.Sighting.LinkProbability, 0.6, 0.9999);
        Assert.Equal("loose: AB12BCD looks like AB128CD (B for 8 at 5)", loose.Sighting.LinkReasons[0]);
    }

    [Fact]
    public async Task IsLoose_AfterASurerSightingRenamedTheVehicle_IsOfThoseThatReadOtherwise()
    {
        var first = await LinkAsync(Seen("AB12BCD", "dunkerque", 0, (4, '8', 0.2f), confidence: 0.7f));
        Assert.False(Vehicle.IsLoose(Store, first.Sighting));

        var surer = await LinkAsync(Seen("AB128CD", "calais", 50, (4, 'B', 0.2f)));

        Assert.Equal((first.Vehicle.Id, "AB128CD"), (surer.Vehicle.Id, surer.Vehicle.Text));
        Assert.True(Vehicle.IsLoose(Store, first.Sighting));
        Assert.False(Vehicle.IsLoose(Store, surer.Sighting));
    }

    [Fact]
    public async Task Link_RevisionWithOtherText_LeavesTheOldVehicle()
    {
        var other = await LinkAsync(Seen("XY999ZZ", "dunkerque", 0));
        var sighting = Seen("AB123CD", "calais", 60);
        var wrong = await LinkAsync(sighting);
        var revised = sighting.Message.Clone();
        revised.Text = "XY999ZZ";
        revised.Characters.Clear();
        revised.Revision = 2;

        var right = await LinkAsync(sighting with { Message = revised });

        Assert.Equal(other.Vehicle.Id, right.Vehicle.Id);
        Assert.Null(Store.Get(Vehicle.Table, wrong.Vehicle.Id));
        Assert.Equal(2, right.Vehicle.Sightings);
        Assert.Single(Store.All(Vehicle.Table));
    }

    [Fact]
    public async Task Link_SameTextAfterTheWindow_IsANewVehicle()
    {
        var before = await LinkAsync(Seen("AB123CD", "calais", 0));
        var after = await LinkAsync(Seen("AB123CD", "calais", (30 * 24 * 60) + 1));

        Assert.NotEqual(before.Vehicle.Id, after.Vehicle.Id);
    }

    // Years are kept, a window is linked: those that nobody saw for long must not crowd out the one that was here a week ago.
    [Fact]
    public async Task Link_MisreadAmongManyOfLongAgo_IsTheVehicleSeenLately()
    {
        const double Day = 24 * 60;
        await LinkAsync(Seen("AB123CD", "calais", 0));
        foreach (var (number, i) in Enumerable.Range(0, 80).Select(n => ($"AB123{"EFHJKLMNPR"[n / 10]}{"RTUVWXYPNK"[n % 10]}", n)))
        {
            await LinkAsync(Seen(number, "calais", Day + (i * 60)));
        }

        var lately = await LinkAsync(Seen("AB123CD", "calais", 25 * Day));
        lately = await LinkAsync(Seen("AB123CD", "calais", 50 * Day));
        var misread = await LinkAsync(Seen("AB123CX", "calais", 57 * Day, unsure: (6, 'D', 0.3f)));

        Assert.Equal(lately.Vehicle.Id, misread.Vehicle.Id);
    }

    [Fact]
    public async Task Link_VehiclesOfManyWeeks_HaveTheKeysOfTheWeekTheyWereLastSeen()
    {
        await Gen.Select(Gen.Int[0, 5], Gen.Int[0, 100]).Array[1, 30].SampleAsync(
            async seen =>
            {
                foreach (var (plate, day) in seen)
                {
                    await LinkAsync(Seen($"AB12{plate}CD", "calais", day * 24 * 60));
                }

                Assert.Equal(
                    Store.Prefix(Vehicle.Table.ById, "", int.MaxValue).SelectMany(PlateKey.Of).Select(PlateKey.Table.Id).Order(StringComparer.Ordinal),
                    Store.Prefix(PlateKey.Table.ById, "", int.MaxValue).Select(PlateKey.Table.Id).Order(StringComparer.Ordinal));
            },
            iter: 20,
            threads: 1);
    }

    [Fact]
    public async Task Link_AnyTraffic_NoVehicleIsEverInTwoPlaces()
    {
        // Look-alike texts, a short stretch of time and all ports: as many conflicts as can be.
        var random = new Random(20261124);
        string[] ports = ["calais", "coquelles", "dunkerque"];
        for (var i = 0; i < 180; i++)
        {
            var (a, b) = ("8B"[random.Next(2)], "0O"[random.Next(2)]);
            var (port, minutes) = (ports[random.Next(3)], random.NextDouble() * 90);
            await LinkAsync(Seen($"XK{a}2{b}CD", port, minutes, (2, a == '8' ? 'B' : '8', 0.3f)));
        }

        foreach (var vehicle in Store.All(Vehicle.Table))
        {
            var stops = Store.Prefix(StoredSighting.ByVehicle, vehicle.Id + "|", 1000);
            Assert.Equal(vehicle.Sightings, stops.Count);
            Assert.All(stops.Zip(stops.Skip(1)), pair => Assert.True(
                Travel.IsPossible(pair.First.Port, pair.First.Lane, pair.First.CapturedAt, pair.Second.Port, pair.Second.Lane, pair.Second.CapturedAt)));
        }

        Assert.Equal(180, Store.Count(StoredSighting.Table));
    }

    /// <summary>A fleet of consecutive registrations in one convoy, each read surely at the entry and at the control: as many vehicles.</summary>
    [Fact]
    public async Task Link_ConvoyOfAFleet_StaysApart()
    {
        for (var i = 0; i < 8; i++)
        {
            await LinkAsync(Seen($"AB12CD{"EFGHJKLM"[i]}", "calais", i * 0.6));
        }

        for (var i = 0; i < 8; i++)
        {
            await LinkAsync(Seen($"AB12CD{"EFGHJKLM"[i]}", "calais", 12 + (i * 0.6), lane: "calais-2"));
        }

        Assert.All(Store.All(Vehicle.Table), vehicle => Assert.Equal(2, vehicle.Sightings));
        Assert.Equal(8, Store.Count(Vehicle.Table));
    }

    /// <summary>A misread founds a vehicle of its own; once the right one is known better they are one.</summary>
    /// <summary>The way can be driven in 35 minutes; of thousands none did it in less than an hour.</summary>
    [Fact]
    public async Task Link_SoonerThanNextToAllOthers_IsTheSameVehicle_AndSaysThatItIsTooSoon()
    {
        await Store.WriteAsync(writer =>
        {
            writer.Put(LanePair.Table, new LanePair("calais", "calais-1", "dunkerque", "dunkerque-1", 5000, [new TimeCount(12, Times.Class(TimeSpan.FromMinutes(75)), 5000)]));
            return true;
        });
        Linker.Reload();
        await LinkAsync(Seen("XK34MNP", "calais", 0));
        await LinkAsync(Seen("AB12CDE", "calais", 0));

        var soon = await LinkAsync(Seen("XK34MNP", "dunkerque", 40));
        var usual = await LinkAsync(Seen("AB12CDE", "dunkerque", 80));

        Assert.Equal(2, soon.Vehicle.Sightings);
        var conflict = Assert.Single(soon.Conflicts);
        Assert.Equal((soon.Previous!.Id, 5000), (conflict.Sighting.Id, conflict.Least!.Of));
        Assert.InRange(conflict.Least.Took.TotalMinutes, 60, 75);
        var hit = ImpossibleJourneyRule.Of(soon.Sighting, conflict)!;
        Assert.Contains("40 min before, and of 5000 vehicles all but one in a thousand took 67 min or more", hit.Why.En, StringComparison.Ordinal);
        Assert.Equal(soon.Previous.Id, hit.Rests);
        Assert.Equal((2, 0), (usual.Vehicle.Sightings, usual.Conflicts.Count));
    }

    /// <summary>Two that a person took apart stay apart when one of them is joined to a third, until that is undone.</summary>
    /// <summary>What was learnt is learnt again from what is stored: a hub that starts anew decides as before.</summary>
    [Fact]
    public async Task Link_AfterARestart_IsAsProbableAsBefore()
    {
        await TeachAsync("calais");
        await LinkAsync(Seen("XK34MNP", "calais", 1000));
        var again = Seen("XK34MNF", "calais", 1010, (6, 'P', 0.2f), lane: "calais-2");
        var before = await ProbabilityAsync(Linker);
        var after = await ProbabilityAsync(NewLinker());

        Assert.InRange(before, 0.6, 0.9998);
        Assert.Equal(before, after, 1e-6);

        // Links it and takes it back.
        async Task<double> ProbabilityAsync(Linker by)
        {
            var linked = await Store.WriteAsync(writer => by.Link(writer, again));
            await Store.WriteAsync(writer =>
            {
                writer.Delete(StoredSighting.Table, again.Id);
                writer.Put(Vehicle.Table, linked.Vehicle with { Characters = PlateEvidence.Of(Seen("XK34MNP", "calais", 0).Message).Characters, Sightings = 1, LastSeen = linked.Vehicle.FirstSeen });
                return 0;
            });
            return linked.Sighting.LinkProbability;
        }
    }

    [Fact]
    public async Task Link_ManyVehicles_KeysOfLettingGoAreGone()
    {
        var sighting = Seen("AB123CD", "calais", 0);
        await LinkAsync(sighting);
        var revised = sighting.Message.Clone();
        revised.Text = "XY999ZZ";
        revised.Characters.Clear();
        revised.Revision = 2;
        await LinkAsync(sighting with { Message = revised });

        Assert.Equal(PlateKey.Of(Anpr.Models.Plates.Confusables.Shape("XY999ZZ")).Count, Store.Count(PlateKey.Table));
    }

    /// <summary>A probability that is no number says nothing, and spoils nothing for those who come later.</summary>
    [Fact]
    public async Task Link_RevisionWithNoNumber_LaterOnesAreLinked()
    {
        await LinkAsync(Seen("AB123CD", "calais", 0));
        var second = Seen("AB123CD", "calais", 10, lane: "calais-2");
        await LinkAsync(second);
        var revised = second.Message.Clone();
        revised.Revision = 2;
        revised.Characters[0].P = float.NaN;
        await LinkAsync(second with { Message = revised });

        Assert.Equal(3, (await LinkAsync(Seen("AB123CD", "calais", 20, lane: "calais-3"))).Vehicle.Sightings);
        Assert.Equal(1, (await LinkAsync(Seen("AB124CD", "calais", 30))).Vehicle.Sightings);
    }

    /// <summary>A revision that moves the capture to where its vehicle cannot have been leaves it.</summary>
    [Fact]
    public async Task Link_RevisionAtAnImpossibleTime_LeavesTheVehicle()
    {
        await LinkAsync(Seen("AB123CD", "calais", 0));
        var there = Seen("AB123CD", "dunkerque", 60);
        var linked = await LinkAsync(there);
        Assert.Equal(2, linked.Vehicle.Sightings);
        var revised = there.Message.Clone();
        revised.Revision = 2;
        revised.CapturedAt = Noon.AddMinutes(5).ToTimestamp();

        var apart = await LinkAsync(there with { Message = revised });
        Assert.NotEqual(linked.Vehicle.Id, apart.Vehicle.Id);
        Assert.Contains(apart.Sighting.LinkReasons, r => r.StartsWith("not linked to AB123CD: it was seen at calais/calais-1 only 5.0 min apart", StringComparison.Ordinal));
    }

    /// <summary>What comes late lies between two sightings, and the way to the later one is impossible: that one is named.</summary>
    [Fact]
    public async Task Link_LateAndTooNearToTheNext_NamesTheNext()
    {
        await LinkAsync(Seen("AB123CD", "calais", 0));
        await LinkAsync(Seen("AB123CD", "dunkerque", 303));
        var late = await LinkAsync(Seen("AB123CD", "calais", 300));

        Assert.Contains(late.Sighting.LinkReasons, r => r.StartsWith("not linked to AB123CD: it was seen at dunkerque/dunkerque-1 only 3.0 min apart", StringComparison.Ordinal));
    }

    /// <summary>More sightings than a journey is read with: a revision, and one that leaves, change what they must and nothing else.</summary>
    [Fact]
    public async Task Link_VehicleSeenVeryOften_KeepsCountAndTimes()
    {
        const int Often = 1200;
        StoredSighting last = null!;
        await Store.WriteAsync(writer =>
        {
            for (var i = 0; i < Often; i++)
            {
                last = Seen("AB123CD", "calais", i * 30);
                Linker.Link(writer, last);
            }

            return 0;
        });
        var revised = last.Message.Clone();
        revised.Revision = 2;
        var kept = await LinkAsync(last with { Message = revised });
        Assert.Equal((Often, Noon, Noon.AddMinutes(30 * (Often - 1))), (kept.Vehicle.Sightings, kept.Vehicle.FirstSeen, kept.Vehicle.LastSeen));

        var other = revised.Clone();
        other.Revision = 3;
        other.Text = "XY999ZZ";
        other.Characters.Clear();
        await LinkAsync(last with { Message = other });
        var left = Store.Get(Vehicle.Table, kept.Vehicle.Id)!;
        Assert.Equal((Often - 1, Noon, Noon.AddMinutes(30 * (Often - 2))), (left.Sightings, left.FirstSeen, left.LastSeen));
    }

    // Thirty vehicles from the first lane to the second in ten minutes.
}
