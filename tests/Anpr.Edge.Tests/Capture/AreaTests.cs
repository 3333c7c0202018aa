using Anpr.Edge.Capture;
using CsCheck;
using OpenCvSharp;
using FrameSource = Anpr.Edge.Capture.FrameSource;

namespace Anpr.Edge.Tests.Capture;

public sealed class AreaTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-area-");

    [Theory]
    [InlineData("")]
    [InlineData("0,0 1,1")]
    [InlineData("0,0 1,0 1,1.01")]
    [InlineData("0,0 1,0 1,-0.1")]
    [InlineData("0,0 1,0 1")]
    [InlineData("0,0 1,0 a,1")]
    [InlineData("0,0 1,0 NaN,1")]
    [InlineData("0,0 1,0 1,1,1")]
    public void TryParse_NoPolygonOfShares_False(string text) => Assert.False(Area.TryParse(text, out _));

    [Fact]
    public void Contains_CornersOfARectangle_AsComparisonSays() =>
        Gen.Select(Gen.Int[0, 100], Gen.Int[0, 100]).Sample((x, y) =>
        {
            Assert.True(Area.TryParse("0.2,0.3 0.6,0.3 0.6,0.9 0.2,0.9", out var area));

            Assert.Equal(x is >= 20 and <= 60 && y is >= 30 and <= 90, area.Contains(new(x / 100f, y / 100f)));
        });

    [Theory]
    [InlineData("white.png")]
    [InlineData("white.avi")]
    [InlineData("white.ts")]
    public async Task ReadAsync_PrivateArea_BlackInEveryFrameWhereverItIsLookedAt(string name)
    {
        Assert.True(Area.TryParse("0.25,0.25 0.75,0.25 0.75,0.75 0.25,0.75", out var area));
        var path = Path.Combine(_folder.FullName, name);
        var frames = name.EndsWith("png", StringComparison.Ordinal) ? 1 : 5;
        TestVideo.Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "color=white:size=320x240:rate=5", "-frames:v", $"{frames}", path);
        await using var source = FrameSource.Open(path, new() { Private = [area] });
        using var shrink = new PictureShrink();
        await foreach (var frame in source.ReadAsync(TestContext.Current.CancellationToken))
        {
            using (frame)
            {
                frames--;
                using var small = new Mat(60, 80, MatType.CV_8UC3);
                shrink.Into(frame.Picture, small);
                using var cut = frame.Picture.Cut(new Rect(82, 62, 156, 116));
                var whole = frame.Picture.Bgr;
                Assert.All([small.Get<Vec3b>(30, 40), whole.Get<Vec3b>(60, 80), whole.Get<Vec3b>(179, 239), cut.Bgr.Get<Vec3b>(62 - cut.At.Y, 82 - cut.At.X)], pixel => Assert.InRange(pixel.Item0 + pixel.Item1 + pixel.Item2, 0, 6));
                Assert.All([small.Get<Vec3b>(5, 5), whole.Get<Vec3b>(50, 70), whole.Get<Vec3b>(190, 250)], pixel => Assert.InRange(pixel.Item0, 240, 255));
            }
        }

        Assert.Equal(0, frames);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
