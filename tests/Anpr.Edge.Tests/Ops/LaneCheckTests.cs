using Anpr.Edge.Ops;

namespace Anpr.Edge.Tests.Ops;

public sealed class LaneCheckTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Run_OnAnEmptyFolder_FailsWithTheNextStep()
    {
        var folder = Directory.CreateTempSubdirectory("anpr-check-").FullName;
        using var output = new StringWriter();
        Assert.Equal(1, await new LaneCheck(folder, new CameraCheck(folder, 20, TimeProvider.System), output, TimeProvider.System).RunAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Error    config", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("`./anpr lane enrol", output.ToString(), StringComparison.Ordinal);
        Directory.Delete(folder);
    }

    [Theory]
    [InlineData(0, "OK")]
    [InlineData(-0.5, "OK")]
    [InlineData(60, "Error")]
    [InlineData(-60, "Error")]
    public void Clock_ByItsDifference(double seconds, string verdict) =>
        Assert.Equal(verdict, HubCheck.Clock(Noon, Noon.AddSeconds(seconds)).Verdict.ToString());

    [Theory]
    [InlineData(0, 0, "Error")]
    [InlineData(25, 0, "OK")]
    [InlineData(25, 20, "OK")]
    public void Camera_ByWhatCame(int frames, int withPlate, string verdict) =>
        Assert.Equal(verdict, CameraCheck.Judge("front", frames, "960x540", withPlate).Verdict.ToString());
}
