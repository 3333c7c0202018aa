using Anpr.Edge.Detect;
using CsCheck;

namespace Anpr.Edge.Tests.Detect;

public sealed class PlateBoxesTests
{
    private static readonly DetectOptions Options = new();

    // 1280 x 720 in a view of 640: everything is half as large, padded from 360 to 384 below.
    private static readonly View Half = View.Of(1280, 720, 640);

    [Fact]
    public void Of_WideFrame_PadsToMultiplesOf32()
    {
        Assert.Equal((640, 384, 640, 360), (Half.Width, Half.Height, Half.ScaledWidth, Half.ScaledHeight));
        Assert.Equal((640, 480), (View.Of(640, 480, 640).Width, View.Of(640, 480, 640).Height));
        Assert.Equal((384, 640), (View.Of(1080, 1920, 640).Width, View.Of(1080, 1920, 640).Height));
    }

    [Fact]
    public void Decode_OneRow_InFramePixels()
    {
        var plate = Assert.Single(Decode([0.9f, 100, 50, 200, 80, 101, 52, 199, 50, 200, 78, 100, 80]));

        Assert.Equal(new Box(200, 100, 400, 160), plate.Box);
        Assert.Equal(new(202, 104), plate.Quad.TopLeft);
        Assert.Equal(new(200, 160), plate.Quad.BottomLeft);
        Assert.Equal(0.9f, plate.Detection);
    }

    [Theory]
    [InlineData(0.49f, 100f, 200f)] // below the threshold
    [InlineData(0.9f, 100f, 104f)] // 8 pixels wide
    [InlineData(0.9f, 200f, 100f)] // inside out
    [InlineData(float.NaN, 100f, 200f)]
    [InlineData(0.9f, float.PositiveInfinity, 200f)]
    public void Decode_RowThatIsNoPlate_LeftOut(float score, float x1, float x2) =>
        Assert.Empty(Decode([score, x1, 50, x2, 80, x1, 50, x2, 50, x2, 80, x1, 80]));

    [Fact]
    public void Decode_CornersCrossed_TakesTheBox()
    {
        var plate = Assert.Single(Decode([0.9f, 100, 50, 200, 80, 200, 80, 100, 50, 200, 50, 100, 80]));

        Assert.Equal(Quad.Of(plate.Box), plate.Quad);
    }

    [Fact]
    public void Decode_BeyondTheEdge_BoxEndsAtTheFrame()
    {
        var plate = Assert.Single(Decode([0.9f, -20, 50, 100, 80, -20, 50, 100, 50, 100, 80, -20, 80]));

        Assert.Equal(0, plate.Box.X1);
        Assert.Equal(-40, plate.Quad.TopLeft.X);
    }

    [Fact]
    public void Suppress_Overlapping_BestScoreAndMeanOfCloseCorners()
    {
        Plate a = Of(0, 0, 100, 30, 0.6f), b = Of(5, 0, 105, 30, 0.8f), c = Of(300, 0, 400, 30, 0.5f), inside = Of(10, 5, 80, 28, 0.55f), off = Of(8, 4, 100, 26, 0.7f);

        var kept = PlateBoxes.Suppress([a, b, c, inside, off], 0.5f, 16);

        Assert.Equal([0.8f, 0.5f], kept.Select(k => k.Detection));
        Assert.Equal(c, kept[1]);
        Assert.Equal(((0 * 0.6f) + (5 * 0.8f)) / 1.4f, kept[0].Box.X1, 0.01f);
        Assert.Single(PlateBoxes.Suppress([a, b, c], 0.5f, 1));
    }

    [Fact]
    public void Suppress_AnyBoxes_BestFirstEachFromTheInput() =>
        Gen.Select(Gen.Float[0, 500], Gen.Float[0, 500], Gen.Float[10, 200], Gen.Float[5, 60], Gen.Float[0, 1])
            .Select(t => Of(t.Item1, t.Item2, t.Item1 + t.Item3, t.Item2 + t.Item4, t.Item5))
            .Array[0, 30]
            .Sample(plates =>
            {
                var kept = PlateBoxes.Suppress(plates, 0.5f, 100);
                Assert.Equal(plates.Length == 0, kept.Count == 0);
                Assert.Equal(kept.OrderByDescending(k => k.Detection), kept);
                Assert.All(kept, k => Assert.Contains(plates, p => p.Detection == k.Detection));
            });

    [Fact]
    public void View_AnyPoint_RoundTrips() =>
        Gen.Select(Gen.Int[1, 5000], Gen.Int[1, 5000], Gen.Float[0, 1], Gen.Float[0, 1]).Sample((w, h, x, y) =>
        {
            var view = View.Of(w, h, 640);
            var point = new OpenCvSharp.Point2f(x * w, y * h);
            var back = view.ToFrame(view.ToView(point));
            Assert.Equal(point.X, back.X, 0.05f * Math.Max(1, w / 640f));
            Assert.Equal(point.Y, back.Y, 0.05f * Math.Max(1, h / 640f));
            Assert.True(view.Width % 32 == 0 && view.Height % 32 == 0 && view.ScaledWidth <= view.Width && view.ScaledHeight <= view.Height);
        });

    private static Plate Of(float x1, float y1, float x2, float y2, float score)
    {
        var box = new Box(x1, y1, x2, y2);
        return new(Quad.Of(box), box, score);
    }

    private static IReadOnlyList<Plate> Decode(float[] rows) => PlateBoxes.Decode(rows, Half, 1280, 720, 0.5f, Options);
}
