using Anpr.Edge.Ops;
using Anpr.Edge.Ops.Aim;
using Anpr.Edge.Tests.Capture;
using Anpr.Edge.Tests.Track;
using OpenCvSharp;

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

    /// <summary>The error stands beside what the pictures before the cut show.</summary>
    [Fact]
    public async Task Camera_OnATruncatedRecording_ErrorAndWhatCameBefore()
    {
        SharedData.NeedModels();
        var folder = Directory.CreateTempSubdirectory("anpr-check-").FullName;
        var cut = Path.Combine(folder, "cut.avi");
        var whole = File.ReadAllBytes(TestVideo.Make(Path.Combine(folder, "w.avi"), "320x240", 4, 10, "-c:v", "mjpeg"));
        await File.WriteAllBytesAsync(cut, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);

        var findings = await new CameraCheck(folder, 20, TimeProvider.System).RunAsync([new() { Name = "front", Source = cut }], new(), TestContext.Current.CancellationToken);

        Finding[] camera = [.. findings.Where(f => f.What == "front")];
        Assert.Contains(camera, f => f.Verdict == Verdict.Error && f.Words.Contains("truncated", StringComparison.Ordinal));
        Assert.Contains(camera, f => f.Verdict == Verdict.OK && f.Words.StartsWith("320x240, ", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(folder, "front.jpg")));
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(0, "OK")]
    [InlineData(-0.5, "OK")]
    [InlineData(60, "Error")]
    [InlineData(-60, "Error")]
    public void Clock_ByItsDifference(double seconds, string verdict) =>
        Assert.Equal(verdict, HubCheck.Clock(Noon, Noon.AddSeconds(seconds)).Verdict.ToString());

    [Theory]
    [InlineData(0, 0, 0, "Error")]
    [InlineData(25, 0, 0, "OK")]
    [InlineData(25, 20, 25, "OK")]
    [InlineData(25, 0, 3, "Warning")]
    public void Camera_ByWhatCame(int frames, int withPlate, int withBox, string verdict) =>
        Assert.Equal(verdict, CameraCheck.Judge("front", frames, "960x540", withPlate, withBox).Verdict.ToString());

    /// <summary>What was found is told, although no still can be kept.</summary>
    [Fact]
    public async Task Camera_WithoutAPlaceForStills_ErrorBesideWhatItShows()
    {
        SharedData.NeedModels();
        var file = Path.GetTempFileName();
        var picture = file + ".png";
        using (var image = new Mat(240, 320, MatType.CV_8UC3, Scalar.Gray))
        {
            Cv2.ImWrite(picture, image);
        }

        var findings = await new CameraCheck(Path.Combine(file, "stills"), 20, TimeProvider.System).RunAsync([new() { Name = "front", Source = picture }], new(), TestContext.Current.CancellationToken);

        Assert.Contains(findings, f => f.Words == "320x240, 1 pictures, no plate in them");
        Assert.Contains(findings, f => f.Verdict == Verdict.Error && f.Words.Contains("--stills", StringComparison.Ordinal));
        File.Delete(file);
        File.Delete(picture);
    }

    /// <summary>A plate that is found but not read is drawn too, and does not take the still from one that is read.</summary>
    [Fact]
    public void Sight_PlatesThatAreNotRead_DrawnAndCounted()
    {
        using var sight = new CameraSight();
        using var image = new Mat(240, 320, MatType.CV_8UC3, Scalar.Black);
        var path = Path.GetTempFileName() + ".png";

        sight.Add(image, [Looks.At(60, 100, "")]);
        Assert.Equal((1, 0, 1), (sight.Count, sight.WithPlate, sight.WithBox));
        Assert.True(sight.TryWriteStill(path));
        using (var still = Cv2.ImRead(path))
        {
            Assert.True(Cv2.CountNonZero(still.CvtColor(ColorConversionCodes.BGR2GRAY)) > 100);
        }

        sight.Add(image, [Looks.At(60, 100, "AB123CD", width: 50)]);
        sight.Add(image, [Looks.At(60, 100, "", width: 200)]);
        Assert.Equal((3, 1, 3), (sight.Count, sight.WithPlate, sight.WithBox));
        Assert.True(sight.TryWriteStill(path));
        using (var still = Cv2.ImRead(path))
        {
            // The right edges of the box of 50 pixels, and of the one of 200.
            Assert.NotEqual(default, still.At<Vec3b>(100, 85));
            Assert.Equal(default, still.At<Vec3b>(100, 160));
        }

        File.Delete(path);
    }

    [Theory]
    [InlineData(0.4, "OK", "its clock is 0.4 s ahead of the box's")]
    [InlineData(-0.9, "OK", "its clock is 0.9 s behind the box's")]
    [InlineData(-3.21, "Warning", "its clock is 3.2 s behind the box's: give it a time server (NTP). Sightings have the box's time and are right.")]
    [InlineData(61, "Warning", "its clock is 61 s ahead of the box's: give it a time server (NTP). Sightings have the box's time and are right.")]
    [InlineData(3600, "Warning", "its clock is 60 min ahead of the box's: give it a time server (NTP). Sightings have the box's time and are right.")]
    [InlineData(-7200, "Warning", "its clock is 2 h behind the box's: give it a time server (NTP). Sightings have the box's time and are right.")]
    [InlineData(-1e9, "Warning", "its clock is 11574 d behind the box's: give it a time server (NTP). Sightings have the box's time and are right.")]
    public void ClockOfACamera_OneLineWithTheCure(double seconds, string verdict, string words)
    {
        var finding = Assert.Single(CameraCheck.Clock("front", TimeSpan.FromSeconds(seconds)));
        Assert.Equal((verdict, words), (finding.Verdict.ToString(), finding.Words));
    }

    [Fact]
    public void ClockOfACamera_NotTold_NoFinding() => Assert.Empty(CameraCheck.Clock("front", null));
}
