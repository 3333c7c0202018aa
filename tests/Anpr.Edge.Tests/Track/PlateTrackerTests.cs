using Anpr.Edge.Tests.Passage;
using Anpr.Edge.Track;
using CsCheck;

namespace Anpr.Edge.Tests.Track;

public sealed class PlateTrackerTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly PlateTracker _tracker = new(new(), Scene.Syntax);

    [Theory]
    [InlineData(3)]
    [InlineData(12)]
    public void See_PlateThatComesNearer_OneTrack(double fps)
    {
        for (var i = 0; i < 4 * fps; i++)
        {
            var s = (float)(i / fps);
            See(s, Looks.At(300 + (40 * s), 200 + (60 * s), "AB123CD", width: 40 + (20 * s)));
        }

        var track = Assert.Single(_tracker.Tracks);
        Assert.Equal(4 * fps, track.Looks);
    }

    [Fact]
    public void See_TwoPlatesInAnyOrder_EachKeepsItsTrack()
    {
        var first = See(0, Looks.At(300, 200, "AB123CD"), Looks.At(900, 220, "EF456GH"));
        var second = See(0.2, Looks.At(910, 224, "EF456GH"), Looks.At(305, 204, "AB123CD"));

        Assert.Equal([first[1], first[0]], second);
    }

    [Fact]
    public void See_TwoPlatesThatCross_EachKeepsItsText()
    {
        for (var s = 0.0; s < 4; s += 0.2)
        {
            var (right, left) = (200 + (float)(150 * s), 800 - (float)(150 * s));
            See(s, Looks.At(right, 300, "AB123CD"), Looks.At(left, 330, "EF456GH"));
        }

        Assert.Equal(["AB123CD", "EF456GH"], _tracker.Tracks.Select(t => t.Vote.Consensus!.Text).Order());
        Assert.All(_tracker.Tracks, t => Assert.Equal(20, t.Looks));
    }

    [Fact]
    public void See_HiddenForLessThanItTakesToLoseIt_SameTrack()
    {
        var before = See(0, Looks.At(300, 200, "AB123CD"));
        See(1);

        Assert.Equal(before, See(1.4, Looks.At(310, 205, "AB123CD")));
    }

    [Fact]
    public void See_HiddenForLonger_AnotherTrack()
    {
        var before = See(0, Looks.At(300, 200, "AB123CD"));

        Assert.NotEqual(before, See(1.6, Looks.At(300, 200, "AB123CD")));
        Assert.Single(_tracker.Tracks);
    }

    [Fact]
    public void See_SureOfAnotherTextInItsPlace_AnotherTrack()
    {
        var before = See(0, Looks.At(300, 200, "AB123CD"));
        See(0.2, Looks.At(300, 200, "AB123CD"));

        Assert.NotEqual(before, See(0.4, Looks.At(300, 200, "EF456GH")));
        Assert.Equal(before, See(0.6, Looks.At(301, 200, "AB123CD")));
    }

    [Fact]
    public void See_UnsureOfAnotherTextInItsPlace_SameTrack()
    {
        var before = See(0, Looks.At(300, 200, "AB123CD"));
        See(0.2, Looks.At(300, 200, "AB123CD"));

        Assert.Equal(before, See(0.4, Looks.At(300, 200, "EF456GH", 0.4f)));
    }

    [Fact]
    public void See_TextWhereNothingWasReadForLong_AnotherTrack()
    {
        var before = See(0, Looks.At(300, 200, "AB123CD", 0.5f));
        for (var s = 0.2; s < 3; s += 0.2)
        {
            Assert.Equal(before, See(s, Looks.At(300, 200, "")));
        }

        Assert.NotEqual(before, See(3, Looks.At(300, 200, "AB123CE", 0.5f)));
    }

    [Fact]
    public void See_FarAwayOrOfAnotherSize_AnotherTrack()
    {
        var before = See(0, Looks.At(300, 200, "AB123CD", 0.5f));

        Assert.NotEqual(before, See(0.2, Looks.At(900, 200, "AB123CD", 0.5f)));
        Assert.NotEqual(before, See(0.4, Looks.At(300, 200, "AB123CD", 0.5f, width: 210)));
    }

    /// <summary>The very list of the frame before, as the gate gives it, goes a shorter way.</summary>
    [Fact]
    public void See_TheSameLooksAgain_TracksOfTheOnesBefore() => Gen.Select(Gen.Float[100, 1000], Gen.Float[100, 600]).Array[1, 5].Select(Gen.Int[1, 20]).Sample((places, times) =>
    {
        var (again, copied) = (new PlateTracker(new(), Scene.Syntax), new PlateTracker(new(), Scene.Syntax));
        PlateLook[] looks = [.. places.Select((place, i) => Looks.At(place.Item1, place.Item2, $"AB12{i}CD", 0.9f) with { Repeated = true })];
        for (var i = 0; i < times; i++)
        {
            var time = Start + TimeSpan.FromSeconds(0.2 * i);
            var tracks = again.See(looks, time);
            var wanted = copied.See([.. looks], time);
            Assert.Equal(wanted.Select(t => copied.Tracks.ToList().IndexOf(t)), tracks.Select(t => again.Tracks.ToList().IndexOf(t)));
        }

        Assert.Equal(copied.Tracks.Select(t => (t.Looks, t.LastSeen, t.Last.Plate)), again.Tracks.Select(t => (t.Looks, t.LastSeen, t.Last.Plate)));
        var before = again.Tracks.ToList();
        Assert.Empty(before.Intersect(again.See(looks, Start + TimeSpan.FromSeconds(60))));
    });

    private IReadOnlyList<PlateTrack> See(double second, params PlateLook[] looks) => _tracker.See(looks, Start + TimeSpan.FromSeconds(second));
}
