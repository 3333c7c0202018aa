using Anpr.Models.Plates;
using Anpr.Simulation.Scene;
using Anpr.Simulation.Traffic;
using OpenCvSharp;

namespace Anpr.Simulation.Tests.Scene;

public sealed class LaneSceneTests
{
    private static readonly TrafficPlan Plan = new(new RegistrationMaker(CountryTable.LoadShipped()), 1);

    [Theory]
    [InlineData("calais", 0)]
    [InlineData("coquelles", 3)]
    [InlineData("dunkerque", 1)]
    public void PlateCorners_AtTheStop_AreWithinThePictureAndLargeEnoughToRead(string port, int slot)
    {
        using var scene = new LaneScene(Weather.Of(port), 1);
        var corners = scene.PlateCorners(Plan.At(port, slot), Drive.ApproachSeconds + 1);
        Assert.All(corners!, corner => Assert.True(corner is { X: > 0 and < LaneView.WidthPx, Y: > 0 and < LaneView.HeightPx }));
        Assert.InRange(corners![0].DistanceTo(corners[1]), 60, 200);
    }

    [Fact]
    public void Draw_AtTheStop_ShowsTheTextWhereThePlateIs()
    {
        var vehicle = Plan.At("calais", 0);
        Assert.True(Contrast(vehicle) > 40, "characters stand out from an uncovered plate");
        Assert.True(Contrast(vehicle with { Cover = PlateCover.Missing }) < 20, "nothing is where the plate was taken off");
        Assert.True(Contrast(vehicle with { Cover = PlateCover.Cloth }) < 25, "nothing is read through a cloth");
    }

    [Fact]
    public void Draw_VehicleGone_IsTheEmptyLaneAgain()
    {
        var vehicle = Plan.At("calais", 0);
        using var scene = new LaneScene(Weather.Of("calais"), 1);
        using var empty = new Mat(LaneView.HeightPx, LaneView.WidthPx, MatType.CV_8UC3);
        using var last = new Mat(LaneView.HeightPx, LaneView.WidthPx, MatType.CV_8UC3);
        using var standing = new Mat(LaneView.HeightPx, LaneView.WidthPx, MatType.CV_8UC3);
        scene.Draw(empty, null, 0);
        scene.Draw(standing, vehicle, Drive.ApproachSeconds);
        // Left of the barrier's post nothing but the vehicle moves.
        scene.Draw(last, vehicle, new Drive(vehicle).GoneAfter - 0.01f);
        var right = new Rect(500, 200, 400, 300);
        Assert.True(Difference(empty, last, right) < 8);
        Assert.True(Difference(empty, standing, new Rect(150, 200, 400, 250)) > 25);
    }

    private static double Contrast(PlannedVehicle vehicle)
    {
        using var scene = new LaneScene(Weather.Of("calais"), 1);
        using var frame = new Mat(LaneView.HeightPx, LaneView.WidthPx, MatType.CV_8UC3);
        scene.Draw(frame, vehicle, Drive.ApproachSeconds + 1);
        var corners = scene.PlateCorners(vehicle, Drive.ApproachSeconds + 1)!;
        var (middleX, middleY) = ((corners[0].X + corners[2].X) / 2, (corners[0].Y + corners[2].Y) / 2);
        using var plate = new Mat(frame, new Rect((int)middleX - 30, (int)middleY - 6, 60, 12));
        using var grey = plate.CvtColor(ColorConversionCodes.BGR2GRAY);
        Cv2.MeanStdDev(grey, out _, out var deviation);
        return deviation.Val0;
    }

    private static double Difference(Mat one, Mat other, Rect area)
    {
        using var difference = new Mat();
        Cv2.Absdiff(new Mat(one, area), new Mat(other, area), difference);
        var mean = Cv2.Mean(difference);
        return (mean.Val0 + mean.Val1 + mean.Val2) / 3;
    }
}
