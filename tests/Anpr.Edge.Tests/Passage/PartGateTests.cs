using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Passage;
using CsCheck;
using OpenCvSharp;
using Size = OpenCvSharp.Size;

namespace Anpr.Edge.Tests.Passage;

public sealed class PartGateTests : IDisposable
{
    private static readonly View FullHd = View.Of(1920, 1080, 640);
    private readonly Picture _picture = Picture.Of(new Mat(1080, 1920, MatType.CV_8UC3, Scalar.Black));
    private readonly PartGate _gate = new(3);

    [Fact]
    public void Part_NothingFollowed_Whole()
    {
        _gate.Remember([], whole: true, Scene.At(0));

        Assert.Null(_gate.Part(_picture, FullHd, Scene.At(0.1)));
    }

    [Theory]
    [InlineData(0.1, true)]
    [InlineData(0.29, true)]
    [InlineData(0.3, false)] // long enough ago
    [InlineData(-0.1, false)] // the clock was set back
    public void Part_PlateFollowed_PartUntilTheNextWholeLookIsDue(double seconds, bool part)
    {
        _gate.Remember([new(900, 500, 1020, 530)], whole: true, Scene.At(0));

        Assert.Equal(part, _gate.Part(_picture, FullHd, Scene.At(seconds)) is not null);
    }

    [Fact]
    public void Part_LooksAtParts_DoNotPutTheWholeOff()
    {
        _gate.Remember([new(900, 500, 1020, 530)], whole: true, Scene.At(0));
        _gate.Remember([new(910, 500, 1030, 530)], whole: false, Scene.At(0.2));

        Assert.Null(_gate.Part(_picture, FullHd, Scene.At(0.35)));
    }

    [Fact]
    public void Part_AnyPlateThatIsFollowed_HoldsItWithinThePictureAtEvenPixels() =>
        Gen.Select(Gen.Float[0, 1500], Gen.Float[0, 900], Gen.Float[12, 380], Gen.Float[4, 170]).Sample((x, y, width, height) =>
        {
            var box = new Box(x, y, Math.Min(1920, x + width), Math.Min(1080, y + height));
            var gate = new PartGate(3); // samples are taken side by side
            gate.Remember([box], whole: true, Scene.At(0));

            var part = gate.Part(_picture, FullHd, Scene.At(0.1))!.Value;

            Assert.Equal(new Size(768, 480), part.Size);
            Assert.Equal(part, part & new Rect(0, 0, 1920, 1080));
            Assert.Equal((0, 0), (part.X % 2, part.Y % 2));
            Assert.True(part.X <= box.X1 && part.Y <= box.Y1 && part.Right >= box.X2 && part.Bottom >= box.Y2, $"{box} in {part}");
        });

    [Theory]
    [InlineData(100, 500, 600, 560)] // wider than half of the part
    [InlineData(100, 500, 220, 800)]
    public void Part_PlateThatFillsIt_Whole(float x1, float y1, float x2, float y2)
    {
        _gate.Remember([new(x1, y1, x2, y2)], whole: true, Scene.At(0));

        Assert.Null(_gate.Part(_picture, FullHd, Scene.At(0.1)));
    }

    [Fact]
    public void Part_TwoThatAreFarApart_Whole()
    {
        _gate.Remember([new(100, 500, 220, 530), new(1500, 500, 1620, 530)], whole: true, Scene.At(0));

        Assert.Null(_gate.Part(_picture, FullHd, Scene.At(0.1)));
    }

    [Fact]
    public void HoldsAll_FollowedOneNotFound_False()
    {
        _gate.Remember([new(900, 500, 1020, 530)], whole: true, Scene.At(0));

        Assert.True(_gate.HoldsAll([Of(1200, 520)]));
        Assert.False(_gate.HoldsAll([Of(1400, 520)]));
        Assert.False(_gate.HoldsAll([]));
    }

    [Theory]
    [InlineData(1920, 1080, 768, 480)]
    [InlineData(1280, 720, 512, 320)]
    [InlineData(1080, 1920, 768, 480)]
    public void PartSize_OfFrames_AsLargeAsInTheWholeView(int width, int height, int partWidth, int partHeight) =>
        Assert.Equal(new Size(partWidth, partHeight), View.Of(width, height, 640).PartSize);

    [Theory]
    [InlineData(640, 360)]
    [InlineData(320, 240)]
    [InlineData(2000, 1)]
    [InlineData(1, 1_000_000)]
    public void PartSize_SmallOrStrangeFrames_None(int width, int height) => Assert.Null(View.Of(width, height, 640).PartSize);

    [Fact]
    public void OfPart_APoint_SameInTheFrameAsInTheWholeView()
    {
        var part = FullHd.OfPart(new(300, 600));

        Assert.Equal(new Point2f(360, 630), part.ToFrame(new(20, 10)));
        Assert.Equal(new Point2f(20, 10), part.ToView(new(360, 630)));
    }

    public void Dispose() => _picture.Dispose();

    private static Plate Of(float x, float y)
    {
        var box = new Box(x - 60, y - 15, x + 60, y + 15);
        return new(Quad.Of(box), box, 0.9f);
    }
}
