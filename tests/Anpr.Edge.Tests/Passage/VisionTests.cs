using Anpr.Edge.Capture;
using Anpr.Edge.Passage;
using Microsoft.Extensions.Time.Testing;
using OpenCvSharp;

namespace Anpr.Edge.Tests.Passage;

/// <summary>The joined stages with toy models: the detector finds magenta rectangles, the reader reads AB12 (Fixtures/README.md).</summary>
public sealed class VisionTests : IDisposable
{
    private readonly VisionModels _models = VisionModels.Load(Path.Combine(AppContext.BaseDirectory, "toy"));
    private readonly VisionOptions _options = new() { Read = new() { SecondReaderBelow = 0 } };

    [Fact]
    public void LookAt_MagentaRectangle_BoxInItsPixels()
    {
        using var vision = NewVision();
        using var image = new Mat(1080, 1920, MatType.CV_8UC3, Scalar.Black);
        Cv2.Rectangle(image, new Rect(600, 300, 300, 90), new Scalar(255, 0, 255), -1);

        var look = Assert.Single(vision.LookAt(Picture.Of(image)));

        Assert.Equal(600, look.Plate.Box.X1, 3.0f);
        Assert.Equal(300, look.Plate.Box.Y1, 3.0f);
        Assert.Equal(900, look.Plate.Box.X2, 3.0f);
        Assert.Equal(390, look.Plate.Box.Y2, 3.0f);
        Assert.Equal("AB12", look.Read.Text);
    }

    [Fact]
    public void LookAt_FramesOfChangingSize_EachRight()
    {
        using var vision = NewVision();
        foreach (var (w, h) in new[] { (1280, 720), (640, 480), (1280, 740), (333, 999), (1280, 720) })
        {
            using var image = new Mat(h, w, MatType.CV_8UC3, Scalar.Black);
            Cv2.Rectangle(image, new Rect(w / 4, h / 2, w / 3, h / 10), new Scalar(255, 0, 255), -1);

            var box = Assert.Single(vision.LookAt(Picture.Of(image))).Plate.Box;

            Assert.Equal(w / 4f, box.X1, 2 + (w / 320f));
            Assert.Equal((h / 2f) + (h / 10f), box.Y2, 2 + (h / 320f));
        }
    }

    /// <summary>A picture of one pixel, a line of pixels, and as long a one as a picture file can hold.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(2000, 1)]
    [InlineData(1, 2000)]
    [InlineData(1, 1_000_000)]
    [InlineData(1_000_000, 1)]
    public void Process_StrangeSizes_NoPlateAndNoPassage(int width, int height)
    {
        using var vision = NewVision();
        for (var i = 0; i < 3; i++)
        {
            using var frame = new Frame("front", i, Scene.At(i), TimeSpan.FromSeconds(i), new(TimeSource.BoxClock), Picture.Of(new Mat(height, width, MatType.CV_8UC3, Scalar.Gray)));
            Assert.Empty(vision.Process(frame));
        }

        using var crop = new Mat(height, width, MatType.CV_8UC3, Scalar.Gray);
        Assert.NotNull(vision.ReadCrop(crop));
        Assert.Equal(0, vision.Counts.Plates);
    }

    [Fact]
    public void Process_SizeChangesInMidStream_ThePassageAfterItIsTold()
    {
        using var vision = NewVision();
        var changes = new List<PassageChange>();
        for (var i = 0; i < 60; i++)
        {
            using var frame = Draw(i, there: i is >= 15 and < 40);
            var size = i < 8 ? new Size(640, 360) : new Size(480, 272);
            using var sized = frame with { Picture = Picture.Of(frame.Picture.Bgr.Resize(size)) };
            changes.AddRange(vision.Process(sized));
        }

        Assert.Equal("AB12", Assert.Single(changes, c => c.Passage.Stage == RecordStage.Closed).Sighting!.Text);
    }

    [Fact]
    public void Process_VehicleThroughTheLane_OnePassageWithPicturesOfItsOwnFrame()
    {
        using var vision = NewVision();
        var changes = new List<PassageChange>();
        for (var i = 0; i < 60; i++)
        {
            using var frame = Draw(i, there: i is >= 15 and < 40);
            changes.AddRange(vision.Process(frame));
        }

        var closed = Assert.Single(changes, c => c.Passage.Stage == RecordStage.Closed);
        var sighting = closed.Sighting!;
        Assert.Equal("AB12", sighting.Text);
        Assert.Equal("detector/toy reader/toy", sighting.ModelVersion);
        using var overview = Cv2.ImDecode(sighting.OverviewJpeg.ToArray(), ImreadModes.Color);
        using var patch = Cv2.ImDecode(sighting.PatchJpeg.ToArray(), ImreadModes.Color);
        Assert.Equal(new Size(640, 360), overview.Size());
        using var inside = new Mat(overview, Rect.FromLTRB((int)sighting.Quad.TopLeft.X + 3, (int)sighting.Quad.TopLeft.Y + 3, (int)sighting.Quad.BottomRight.X - 3, (int)sighting.Quad.BottomRight.Y - 3));
        Assert.True(inside.Mean() is { Val0: > 220, Val1: < 40, Val2: > 220 });
        Assert.InRange(patch.Width, 60, 200);
        Assert.Equal((60, 1, 1, 0), ((int)vision.Counts.Frames, (int)vision.Counts.PassagesOpened, (int)vision.Counts.PassagesClosed, (int)vision.Counts.PassagesUnread));
        // It grows over 12 frames, and stands for 13 more; of those that show the same, 5 are looked at.
        Assert.InRange(vision.Counts.Plates, 14, 17);
        Assert.InRange(vision.Counts.Looked, 25, 35);
    }

    [Fact]
    public void Process_PlateThatMoves_FoundInEachFrameAndMostlyInAPart()
    {
        using var vision = NewVision();
        for (var i = 0; i < 40; i++)
        {
            var plates = vision.Counts.Plates;
            using var frame = Moving(i, i < 10 ? [] : [new(100 + (30 * (i - 10)), 400, 120, 30)]);

            vision.Process(frame);

            Assert.Equal(i < 10 ? 0 : 1, vision.Counts.Plates - plates);
        }

        // Of 30 frames every third, at 10 a second, is looked at whole.
        Assert.InRange(vision.Counts.LookedPart, 18, 20);
    }

    [Fact]
    public void IsQuiet_VehicleThroughTheLane_NotWhileItIsThereNorWhenItComes()
    {
        using var vision = NewVision();
        for (var i = 0; i < 70; i++)
        {
            using var frame = Draw(i, there: i is >= 15 and < 40);
            vision.Process(frame);
            if (i is 14 or > 60)
            {
                Assert.True(vision.IsQuiet, $"{i}");
            }
            else if (i is >= 15 and < 41)
            {
                Assert.False(vision.IsQuiet, $"{i}");
            }
        }
    }

    [Fact]
    public void IsQuiet_OneOfTwoCamerasSeesAChange_False()
    {
        using var vision = NewVision();
        for (var i = 0; i < 15; i++)
        {
            using var front = Draw(i, there: false);
            using var rear = Draw(i, there: i == 12) with { Camera = "rear" };
            vision.Process(rear);
            vision.Process(front);
            Assert.Equal(i is > 0 and not (12 or 13), vision.IsQuiet);
        }
    }

    [Fact]
    public void Process_FollowedPlateJumpsOutOfThePart_FoundAtOnce()
    {
        using var vision = NewVision();
        for (var i = 0; i < 12; i++)
        {
            using var frame = Moving(i, [i < 8 ? new(100 + (30 * i), 500, 120, 30) : new(1000, 60 + (10 * i), 120, 30)]);
            vision.Process(frame);
        }

        Assert.Equal(12, vision.Counts.Plates);
    }

    /// <summary>Ten minutes back in the middle of a vehicle: what was seen is closed, and the next vehicle has the right times.</summary>
    [Theory]
    [InlineData(30)]
    [InlineData(50)]
    public void Process_ClockSetBack_GoesOnWithTheNewTime(int at)
    {
        using var vision = NewVision();
        var changes = new List<PassageChange>();
        for (var i = 0; i < 120; i++)
        {
            using var frame = Draw(i % 60, there: i % 60 is >= 15 and < 40);
            var back = TimeSpan.FromSeconds((i / 5.0) - (i >= at ? 600 : 0));
            changes.AddRange(vision.Process(frame with { Time = Scene.Start + back }));
        }

        PassageRecord[] closed = [.. changes.Select(c => c.Passage).Where(p => p.Stage == RecordStage.Closed)];
        Assert.All(closed, p => Assert.InRange(p.ClosedAt!.Value - p.OpenedAt, TimeSpan.Zero, TimeSpan.FromSeconds(10)));
        Assert.Equal(closed.Length, vision.Counts.PassagesOpened);
        Assert.InRange(closed[^1].OpenedAt, Scene.At(-600 + 14.5), Scene.At(-600 + 15.5));
        Assert.Equal("AB12", changes[^1].Sighting!.Text);
    }

    [Fact]
    public void Process_VehicleWithoutPlate_PassageWithAStill()
    {
        using var vision = NewVision();
        var changes = new List<PassageChange>();
        for (var i = 0; i < 60; i++)
        {
            using var frame = Draw(i, there: i is >= 15 and < 40, plate: false);
            changes.AddRange(vision.Process(frame));
        }

        var closed = Assert.Single(changes, c => c.Passage.Stage == RecordStage.Closed);
        Assert.Null(closed.Sighting);
        using var still = Cv2.ImDecode(closed.Passage.PictureJpeg.ToArray(), ImreadModes.Color);
        Assert.Equal(480, still.Width);
    }

    [Theory]
    [InlineData("0,0.6 1,0.6 1,1 0,1", "", true)]
    [InlineData("0,0 1,0 1,0.6 0,0.6", "", false)]
    [InlineData("", "0,0.6 1,0.6 1,1 0,1", false)]
    [InlineData("", "0,0 1,0 1,0.6 0,0.6", true)]
    public void Process_PlateAtTheBottom_CountsWhereTheAreasLetIt(string region, string excluded, bool counts)
    {
        static IReadOnlyList<Area> Areas(string text) => Area.TryParse(text, out var area) ? [area] : [];
        var areas = new Dictionary<string, PlateAreas>(StringComparer.Ordinal) { ["front"] = new(Areas(region), Areas(excluded)) };
        using var vision = new Vision(_options with { Areas = areas }, _models, new FakeTimeProvider(Scene.Start));
        for (var i = 0; i < 30; i++)
        {
            using var frame = Draw(i, there: i >= 15);
            vision.Process(frame);
        }

        Assert.Equal(counts, vision.Counts.Plates > 0);
        Assert.Equal(!counts, vision.Counts.RejectedOutside > 0);
    }

    [Fact]
    public void WarmUp_BeforeTheFirstFrame_CountsNothingAndOpensNothing()
    {
        using var vision = new Vision(new(), _models, new FakeTimeProvider());

        vision.WarmUp();

        Assert.Equal(default(VisionCounts), vision.Counts);
        Assert.Equal(0, vision.OpenPassages);
        Assert.Empty(vision.Flush());
    }

    public void Dispose() => _models.Dispose();

    private Vision NewVision() => new(_options, _models, new FakeTimeProvider(Scene.Start));

    // 10 frames a second of 1280 x 720.
    private static Frame Moving(int index, IReadOnlyList<Rect> plates)
    {
        var image = new Mat(720, 1280, MatType.CV_8UC3, new Scalar(110, 115, 112));
        foreach (var plate in plates)
        {
            Cv2.Rectangle(image, plate, new Scalar(255, 0, 255), -1);
        }

        return new("front", index, Scene.At(index / 10.0), TimeSpan.FromSeconds(index / 10.0), new(TimeSource.BoxClock), Picture.Of(image));
    }

    private static Frame Draw(int index, bool there, bool plate = true)
    {
        var image = new Mat(360, 640, MatType.CV_8UC3, new Scalar(110, 115, 112));
        Cv2.Line(image, new Point(300, 0), new Point(260, 360), new Scalar(230, 230, 230), 6);
        if (there)
        {
            var grow = Math.Min(index - 15, 12);
            Cv2.Rectangle(image, new Rect(160 - (4 * grow), 60, 320 + (8 * grow), 240), new Scalar(60, 50, 160), -1);
            Cv2.Rectangle(image, new Rect(200, 90, 240, 70), new Scalar(20, 20, 20), -1);
            if (plate)
            {
                Cv2.Rectangle(image, new Rect(280 - grow, 250, 70 + (2 * grow), 18), new Scalar(255, 0, 255), -1);
            }
        }

        return new("front", index, Scene.At(index / 5.0), TimeSpan.FromSeconds(index / 5.0), new(TimeSource.BoxClock), Picture.Of(image));
    }
}
