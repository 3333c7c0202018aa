namespace Anpr.Edge.Tests.Passage;

public sealed class SecondOpinionTests
{
    // Ten times a tenth larger within a second: each time the best frame so far.
    private static readonly Func<double, (float X, float Y, float Width)> FastApproach = s => (960, 500, 60 + (100 * (float)Math.Min(s, 1)));

    [Fact]
    public void See_UnsureVehicleComingFast_SecondReaderReadsOnlyWhatIsTold()
    {
        var scene = new Scene { SecondText = "AB123CD" };
        scene.Run(0, 10, 25, true, new Vehicle("AB123CD", 3, 6) { Confidence = 0.6f, Way = FastApproach });

        Assert.Equal("agrees", scene.Changes.Last(c => c.Sighting is not null).Sighting!.SecondReader);
        Assert.InRange(scene.SecondReads, 1, 4);
    }

    [Fact]
    public void See_SureVehicle_SecondReaderIsNotAsked()
    {
        var scene = new Scene { SecondText = "AB123CD" };
        scene.Run(0, 10, 25, true, new Vehicle("AB123CD", 3, 6) { Confidence = 0.99f, Way = FastApproach });

        Assert.Equal("", scene.Changes.Last(c => c.Sighting is not null).Sighting!.SecondReader);
        Assert.Equal(0, scene.SecondReads);
    }
}
