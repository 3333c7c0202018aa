using Anpr.Edge.Capture;
using Anpr.Edge.Passage;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Passage;

/// <summary>The empty lane and what differs from it, on drawn pictures of a road with a line, a kerb and noise.</summary>
public sealed class MotionDetectorTests : IDisposable
{
    private MotionDetector _motion = new([]);
    private readonly Mat _noise = new(270, 480, MatType.CV_8UC3);
    private double _second;

    [Fact]
    public void See_EmptyLane_NothingDiffers()
    {
        Assert.Null(See(Draw()));
        Assert.All(Enumerable.Range(0, 50), _ => Assert.True(See(Draw()) < 0.02f));
    }

    [Fact]
    public void See_StandingTwentyMinutesWhileOccupied_StaysAsLarge()
    {
        Empty(15);
        var first = See(Draw(vehicle: true), occupied: true);
        for (var i = 0; i < 300; i++)
        {
            _second += 3.8;
            var share = See(Draw(vehicle: true), occupied: true);
            Assert.InRange(share!.Value, first!.Value - 0.03f, first.Value + 0.03f);
        }

        Assert.True(first > 0.15f);
        Assert.True(See(Draw()) < 0.02f);
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(1.5)]
    public void See_LightChanges_LaneStaysEmpty(double gain)
    {
        Empty(15);

        Assert.True(See(Draw(gain: gain)) < 0.03f);
    }

    [Fact]
    public void See_StartsWithAVehicleThatLeaves_EmptyAfterAMoment()
    {
        See(Draw(vehicle: true));
        for (var i = 0; i < 20; i++)
        {
            See(Draw(vehicle: true));
        }

        Assert.True(See(Draw(), occupied: true) > 0.1f);
        for (var i = 0; i < 12; i++)
        {
            See(Draw(), occupied: true);
        }

        Assert.True(See(Draw(), occupied: true) < 0.03f);
    }

    [Fact]
    public void See_PlateInView_NotTakenForTheEmptyLane()
    {
        Assert.Null(See(Draw(vehicle: true), plate: true));
        Assert.Null(See(Draw(vehicle: true), plate: true));
        Assert.Null(See(Draw()));
        Assert.True(See(Draw()) < 0.02f);
    }

    /// <summary>The vehicle stands at 0.31 to 0.73 of the width: in the next lane, or across the edge to this one.</summary>
    [Theory]
    [InlineData("0.25,0 0.8,0 0.8,1 0.25,1", false)]
    [InlineData("0,0 0.2,0 0.2,1 0,1", true)]
    [InlineData("0,0 1,0 1,1 0,1", false)]
    public void See_VehicleInAnExcludedPart_NothingDiffers(string excluded, bool differs)
    {
        Assert.True(Area.TryParse(excluded, out var area));
        _motion.Dispose();
        _motion = new([area]);
        Empty(15);

        Assert.Equal(differs, See(Draw(vehicle: true)) > 0.05f);
    }

    public void Dispose()
    {
        _motion.Dispose();
        _noise.Dispose();
    }

    private void Empty(double seconds)
    {
        for (var i = 0; i < seconds * 5; i++)
        {
            See(Draw());
        }
    }

    private float? See(Mat picture, bool occupied = false, bool plate = false)
    {
        using (var taken = Picture.Of(picture))
        {
            _second += 0.2;
            _motion.Take(taken);
            return _motion.See(Scene.At(_second), occupied, plate);
        }
    }

    private Mat Draw(bool vehicle = false, double gain = 1)
    {
        var picture = new Mat(270, 480, MatType.CV_8UC3, new Scalar(105, 108, 110));
        Cv2.Line(picture, new Point(80, 270), new Point(220, 0), new Scalar(220, 220, 220), 8);
        Cv2.Rectangle(picture, new Rect(380, 0, 100, 270), new Scalar(70, 110, 80), -1);
        for (var y = 10; y < 270; y += 30)
        {
            Cv2.Rectangle(picture, new Rect(390, y, 60, 12), new Scalar(150, 160, 150), -1);
        }

        if (vehicle)
        {
            Cv2.Rectangle(picture, new Rect(150, 40, 200, 180), new Scalar(40, 45, 150), -1);
            Cv2.Rectangle(picture, new Rect(170, 60, 160, 50), new Scalar(30, 30, 30), -1);
            for (var y = 130; y < 180; y += 12)
            {
                Cv2.Line(picture, new Point(180, y), new Point(320, y), new Scalar(210, 210, 210), 4);
            }
        }

        Cv2.Randn(_noise, new Scalar(6, 6, 6), new Scalar(3, 3, 3));
        picture.ConvertTo(picture, -1, gain);
        Cv2.Add(picture, _noise, picture);
        return picture;
    }
}
