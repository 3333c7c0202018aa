using Anpr.Edge.Capture;
using Anpr.Edge.Passage;
using Anpr.Models.Plates;

namespace Anpr.Edge.Tests.Passage;

/// <summary>The shipped models on real footage, which is not part of the repository (see SharedData).</summary>
public sealed class RealFootageTests
{
    [Theory]
    [InlineData("Video10_2.avi")]
    [InlineData("Video12_2.avi")]
    [InlineData("Video13_2.avi")]
    [InlineData("Video140_2.avi")]
    public async Task Process_Clip_OnePassageWithItsText(string clip)
    {
        var expected = Labels("video/labels.csv").Single(l => l[0] == "video/" + clip)[1];
        using var models = VisionModels.Load(SharedData.NeedModels());
        using var vision = new Vision(new(), models, TimeProvider.System);
        var changes = new List<PassageChange>();
        await using var source = Anpr.Edge.Capture.FrameSource.Open(SharedData.Need("video/" + clip), new());
        await foreach (var frame in source.ReadAsync(TestContext.Current.CancellationToken))
        {
            using (frame)
            {
                changes.AddRange(vision.Process(frame));
            }
        }

        changes.AddRange(vision.Flush());

        var closed = Assert.Single(changes, c => c.Passage.Stage == RecordStage.Closed);
        Assert.Equal(expected, closed.Sighting?.Text);
    }

    [Fact]
    public void LookAt_110Photographs_AtLeast85PercentRightAtTheBestBox()
    {
        var labels = Labels("endtoend/labels.csv");
        using var models = VisionModels.Load(SharedData.NeedModels());
        using var vision = new Vision(new(), models, TimeProvider.System);
        var right = labels.Count(label =>
        {
            using var picture = Picture.Of(ImageFile.Read(SharedData.Need(label[0])));
            var best = vision.LookAt(picture).MaxBy(l => l.Plate.Detection);
            return PlateText.Merge(best is null ? "" : vision.Correct(best.Read).Text) == PlateText.Merge(label[2]);
        });

        Assert.Equal(110, labels.Count);
        Assert.True(right >= 0.85 * labels.Count, $"{right} of {labels.Count}");
    }

    private static List<string[]> Labels(string name) => [.. File.ReadLines(SharedData.Need(name)).Skip(1).Select(l => l.Split(','))];
}
