using System.Text;
using Anpr.Edge.Passage;
using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Edge.Tests.Passage;

public sealed class PassageStageTests
{
    [Theory]
    [InlineData(3, true)]
    [InlineData(5, true)]
    [InlineData(25, true)]
    [InlineData(5, false)]
    public void See_OneVehicle_OnePassageWithItsText(double fps, bool laneKnown)
    {
        var scene = new Scene().Run(0, 20, fps, laneKnown, new Vehicle("AB123CD", 3, 12));

        Assert.Equal(["AB123CD"], scene.Texts);
        Assert.Equal(0, scene.Stage.Open);
    }

    [Fact]
    public void See_StandingTwentyMinutes_StaysOnePassage()
    {
        var scene = new Scene().Run(0, 1230, 5, true, new Vehicle("AB123CD", 3, 1203));

        Assert.Equal(["AB123CD"], scene.Texts);
        Assert.InRange(Assert.Single(scene.Closed).ClosedAt!.Value, Scene.At(1202), Scene.At(1204));
    }

    [Fact]
    public void See_StandingTwentyMinutesWithCoveredPlate_StaysOnePassage()
    {
        var scene = new Scene().Run(0, 1230, 5, true, new Vehicle(null, 3, 1203));

        Assert.Equal([null], scene.Texts);
    }

    [Theory]
    [InlineData("AB123CD", "EF456GH")]
    [InlineData("AB123CD", null)]
    [InlineData(null, "AB123CD")]
    [InlineData(null, null)]
    [InlineData("AB123CD", "AB123CE")]
    public void See_TwoVehiclesOneSecondApart_TwoPassages(string? first, string? second)
    {
        foreach (var fps in new[] { 5.0, 12, 25 })
        {
            var scene = new Scene().Run(0, 30, fps, true, new Vehicle(first, 2, 9), new Vehicle(second, 10, 18));

            Assert.Equal([first, second], scene.Texts);
        }
    }

    [Fact]
    public void See_TwoVehiclesNoseToTailWithoutGap_TwoPassages()
    {
        var scene = new Scene().Run(0, 30, 5, true, new Vehicle("AB123CD", 2, 9), new Vehicle("EF456GH", 8.8, 18));

        Assert.Equal(["AB123CD", "EF456GH"], scene.Texts);
    }

    [Fact]
    public void See_CoveredPlate_PassageWithPictureAndNoSighting()
    {
        var scene = new Scene().Run(0, 20, 5, true, new Vehicle(null, 3, 12));

        var passage = Assert.Single(scene.Closed);
        Assert.Equal(OpenedBy.Motion, passage.OpenedBy);
        Assert.Empty(passage.SightingIds);
        Assert.StartsWith("still", Encoding.UTF8.GetString(passage.PictureJpeg.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void See_SmallMovingThing_NoPassage()
    {
        var scene = new Scene().Run(0, 20, 5, true, new Vehicle(null, 3, 12) { Share = 0.05f });

        Assert.Empty(scene.Changes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(8)]
    public void See_PlateHiddenForSomeSeconds_StaysOnePassage(double hiddenS)
    {
        var vehicle = new Vehicle("AB123CD", 2, 25) { Misread = s => s > 6 && s < 6 + hiddenS ? null : "AB123CD" };

        Assert.Equal(["AB123CD"], new Scene().Run(0, 35, 5, true, vehicle).Texts);
    }

    [Fact]
    public void See_EveryThirdReadWrong_TextIsTheVoted()
    {
        var vehicle = new Vehicle("AB123CD", 2, 12) { Misread = s => (int)(s * 5) % 3 == 0 ? "A8123CD" : "AB123CD" };

        Assert.Equal(["AB123CD"], new Scene().Run(0, 20, 5, true, vehicle).Texts);
    }

    [Fact]
    public void See_FirstReadsWrong_RevisedUnderTheSameSighting()
    {
        var vehicle = new Vehicle("AB123CD", 2, 14) { Misread = s => s < 0.9 ? "AB128CD" : "AB123CD" };
        var scene = new Scene().Run(0, 20, 5, true, vehicle);

        var told = scene.Changes.Select(c => c.Sighting).OfType<SightingRecord>().ToList();
        Assert.Equal("AB128CD", told[0].Text);
        Assert.Equal("AB123CD", told[^1].Text);
        Assert.Single(told.Select(s => s.Id).Distinct());
        Assert.Equal(Enumerable.Range(1, told.Count), told.Select(s => s.Revision));
    }

    [Fact]
    public void See_WinningFrame_ReadSupportsTheTextAndPicturesAreOfThatFrame()
    {
        var vehicle = new Vehicle("AB123CD", 2, 14) { Misread = s => s > 4 ? "XX999XX" : "AB123CD", Confidence = 0.8f };
        var scene = new Scene().Run(0, 20, 5, true, vehicle);

        Assert.All(scene.Changes.Select(c => c.Sighting).OfType<SightingRecord>(), s =>
        {
            var frame = FormattableString.Invariant($"{(s.CapturedAt - Scene.Start).TotalSeconds:0.000}");
            Assert.Equal("frame " + frame, Encoding.UTF8.GetString(s.OverviewJpeg.Span));
            Assert.Equal("plate " + frame, Encoding.UTF8.GetString(s.PatchJpeg.Span));
            Assert.True(PlateText.Distance(s.RawText, s.Text) <= 1);
        });
    }

    [Fact]
    public void See_GlyphOfTwoCharacters_TextByFormatWithTheRawReadBeside()
    {
        var scene = new Scene().Run(0, 20, 5, true, new Vehicle("PHI1DSX", 2, 14) { Twin = 0.2f });

        var sighting = scene.Changes.Last(c => c.Sighting is not null).Sighting!;
        Assert.Equal(("PH11DSX", "PHI1DSX"), (sighting.Text, sighting.RawText));
        Assert.Equal(sighting.Text, string.Concat(sighting.Characters.Select(c => c.C)));
        Assert.Contains(sighting.Alternatives, a => a.Text == "PHI1DSX");
    }

    [Fact]
    public void See_ChosenTextThatIsRead_Stays()
    {
        var scene = new Scene().Run(0, 20, 5, true, new Vehicle("ANPR1", 2, 14) { Confidence = 0.99f }, new Vehicle(null, 2, 14));

        Assert.All(scene.Changes.Select(c => c.Sighting).OfType<SightingRecord>(), s => Assert.Equal(("ANPR1", "ANPR1"), (s.Text, s.RawText)));
    }

    [Fact]
    public void See_OneRead_NoSighting()
    {
        var vehicle = new Vehicle("AB123CD", 2, 9) { Misread = s => s < 0.1 ? "AB123CD" : null };
        var scene = new Scene().Run(0, 20, 5, true, vehicle);

        Assert.Equal([null], scene.Texts);
    }

    [Fact]
    public void See_GarbageReads_NoSighting()
    {
        string[] garbage = ["8QZ11", "TTLLX", "0O0O8J", "WWV", "K1N", "IIIIII", "ZXZ99"];
        var vehicle = new Vehicle("", 2, 12) { Misread = s => garbage[(int)(s * 5) % garbage.Length], Confidence = 0.2f };
        var scene = new Scene().Run(0, 20, 5, true, vehicle);

        Assert.Equal([null], scene.Texts);
    }

    [Fact]
    public void See_ClothOverThePlate_NoSighting()
    {
        string[] guesses = ["T30", "T30", "T90", "X90", "T30", "90", "X90", "X0"];
        var cloth = new Vehicle("", 2, 12) { Misread = s => guesses[(int)Math.Round(s * 5) % guesses.Length], Confidence = 0.004f, Characters = 0.55f };

        Assert.Equal([null], new Scene().Run(0, 20, 5, true, cloth).Texts);
    }

    [Fact]
    public void See_SecondBoxOnPartOfThePlate_OnePassage()
    {
        var plate = new Vehicle("AB123CD", 2, 14) { Way = s => (960 + (8 * (float)Math.Sin(s)), 500, 200) };
        var part = new Vehicle("123CD", 2, 14) { Way = s => (1040 + (8 * (float)Math.Sin(3 * s)), 502, 110), Share = 0 };

        Assert.Equal(["AB123CD"], new Scene().Run(0, 25, 12, false, plate, part).Texts);
    }

    [Fact]
    public void See_VehicleBehindInView_TwoPassages()
    {
        var first = new Vehicle("AB123CD", 2, 20);
        var behind = new Vehicle("EF456GH", 8, 40)
        {
            Way = s => s < 12 ? (900, 150, 45) : (960, 200 + (60 * (float)Math.Min(s - 12, 5)), 55 + (20 * (float)Math.Min(s - 12, 5))),
        };
        var scene = new Scene().Run(0, 50, 5, true, first, behind);

        Assert.Equal(["AB123CD", "EF456GH"], scene.Texts);
    }

    [Fact]
    public void See_TwoCrossingSideBySide_TwoPassages()
    {
        var right = new Vehicle("AB123CD", 2, 8) { Way = s => (200 + (300 * (float)s), 500, 100) };
        var left = new Vehicle("EF456GH", 2, 8) { Way = s => (1700 - (300 * (float)s), 620, 100) };

        Assert.Equal(["AB123CD", "EF456GH"], new Scene().Run(0, 20, 10, false, right, left).Texts.Order());
    }

    [Fact]
    public void See_FrontAndRearCamera_OnePassageWithTwoSightings()
    {
        var scene = new Scene();
        for (var s = 0.0; s < 20; s += 0.2)
        {
            scene.See("front", s, true, new Vehicle("AB123CD", 2, 12));
            scene.See("rear", s, true, new Vehicle("EF456GH", 4, 12));
        }

        Assert.Equal(2, Assert.Single(scene.Closed).SightingIds.Count);
    }

    [Fact]
    public void Flush_VehicleThere_ClosedPassageAndClosedSighting()
    {
        var scene = new Scene().Run(0, 6, 5, true, new Vehicle("AB123CD", 2, 12)).Flush();

        Assert.Equal(["AB123CD"], scene.Texts);
        Assert.Equal(RecordStage.Closed, scene.Changes[^1].Sighting!.Stage);
    }

    /// <summary>A camera that was turned, a parked trailer: told once, then part of the lane, in which the next vehicle is seen again.</summary>
    [Fact]
    public void See_UnreadThingThatStaysTooLong_ToldOnceThenTakenForTheLane()
    {
        var scene = new Scene(new() { LongestUnread = TimeSpan.FromMinutes(1) });
        var (known, learnt) = (true, false);
        for (var second = 0.0; second < 200; second += 0.2)
        {
            // A lane that was forgotten is learnt from the next frame, and unknown in it; what stands there then is no difference to it.
            Vehicle[] different = second > 150 && second < 160 ? [new("AB123CD", 150, 160)] : learnt ? [] : [new(null, 5, 300)];
            scene.See("front", second, known, different);
            learnt |= !known;
            known = scene.Stage.TakeRelearn().Count == 0;
        }

        Assert.Equal([null, "AB123CD"], scene.Texts);
        Assert.Equal(0, scene.Stage.Open);
    }

    /// <summary>The vehicle that was in view when a camera was lost has gone when it is back.</summary>
    [Theory]
    [InlineData(true, null)]
    [InlineData(true, "AB123CD")]
    [InlineData(false, null)]
    [InlineData(false, "AB123CD")]
    public void See_CameraLostWithAVehicleInView_OnePassage(bool ticks, string? text)
    {
        var vehicle = new Vehicle(text, 3, 30);
        var scene = new Scene().Run(0, 6, 5, true, vehicle);
        for (var second = 7; ticks && second < 60; second++)
        {
            scene.Changes.AddRange(scene.Stage.Tick(Scene.At(second)));
        }

        scene.Run(60, 70, 5, true, vehicle);

        Assert.Equal([text], scene.Texts);
        Assert.Equal(0, scene.Stage.Open);
    }

    [Fact]
    public void Loop_WithoutCameras_OnePassage()
    {
        var scene = new Scene();
        scene.Changes.AddRange(scene.Stage.Loop(Scene.At(1), true));
        scene.Changes.AddRange(scene.Stage.Tick(Scene.At(60)));
        Assert.Empty(scene.Closed);
        scene.Changes.AddRange(scene.Stage.Loop(Scene.At(61), false));
        scene.Changes.AddRange(scene.Stage.Tick(Scene.At(75)));

        Assert.Equal(OpenedBy.Loop, Assert.Single(scene.Closed).OpenedBy);
        Assert.Equal(Scene.At(61), scene.Closed[0].ClosedAt);
    }

    [Fact]
    public void Loop_ThenPlate_OnePassageWithSighting()
    {
        var scene = new Scene();
        scene.Changes.AddRange(scene.Stage.Loop(Scene.At(1.5), true));
        scene.Run(1.6, 8, 5, false, new Vehicle("AB123CD", 2, 12));
        scene.Changes.AddRange(scene.Stage.Loop(Scene.At(8), false));
        scene.Run(8, 20, 5, false, new Vehicle("AB123CD", 2, 12));

        Assert.Equal(["AB123CD"], scene.Texts);
        Assert.Equal(OpenedBy.Loop, scene.Closed[0].OpenedBy);
    }

    [Fact]
    public void See_Revisions_AtMostTwoASecondAndEachKeyOnce()
    {
        var texts = new[] { "AB123CD", "AB123CO" };
        var vehicle = new Vehicle("AB123CD", 1, 11) { Misread = s => texts[(int)(s * 25) % 2] };
        var scene = new Scene().Run(0, 20, 25, true, vehicle);

        Assert.InRange(scene.Changes.Count(c => c.Sighting is not null), 1, 22);
        Assert.Equal(scene.Changes.Count, scene.Changes.Select(c => (c.Passage.Id, c.Passage.Revision)).Distinct().Count());
    }

    [Fact]
    public void See_AnyTraffic_EveryOpenedPassageIsClosedOnceAndRevisionsCountUp() =>
        Gen.Select(Gen.Double[0, 30], Gen.Double[0.3, 20], Gen.Int[0, 3].Select(i => new[] { "AB123CD", "EF456GH", "KL77MNO", null }[i]))
            .Select(t => new Vehicle(t.Item3, t.Item1, t.Item1 + t.Item2))
            .Array[0, 6]
            .Select(Gen.OneOf(Gen.Const(3.0), Gen.Const(5.0), Gen.Const(12.0)), Gen.Bool)
            .Sample(
                (vehicles, fps, laneKnown) =>
                {
                    var scene = new Scene().Run(0, 55, fps, laneKnown, vehicles).Flush();
                    foreach (var passage in scene.Changes.GroupBy(c => c.Passage.Id))
                    {
                        var stages = passage.Select(c => c.Passage.Stage).ToList();
                        Assert.Equal(Enumerable.Range(1, stages.Count), passage.Select(c => c.Passage.Revision));
                        Assert.Equal(RecordStage.Closed, stages[^1]);
                        Assert.Single(stages, s => s == RecordStage.Closed);
                        foreach (var sighting in passage.Select(c => c.Sighting).OfType<SightingRecord>().GroupBy(s => s.Id))
                        {
                            Assert.Equal(RecordStage.Closed, sighting.Last().Stage);
                            Assert.Contains(sighting.Key, passage.Last().Passage.SightingIds);
                        }
                    }

                    Assert.Equal(0, scene.Kept);
                },
                iter: 60);

    [Fact]
    public void See_PlateThatReadsOtherwiseEachTime_KeepsAFewFramesAndNoneInTheEnd() =>
        Gen.Select(Gen.Int[0, 9].Array[5], Gen.Bool).Sample(
            (digits, laneKnown) =>
            {
                var plate = new Vehicle("AB123CD", 2, 14) { Misread = s => s > 6 ? "AB123CD" : $"AB{digits[(int)(s * 5) % 5]}2{(int)(s * 5) % 10}CD" };
                var scene = new Scene().Run(0, 8, 5, laneKnown, plate);
                Assert.InRange(scene.Kept, 1, 8);

                Assert.Equal(0, scene.Run(8.2, 30, 5, laneKnown, plate).Flush().Kept);
            },
            iter: 30);
}
