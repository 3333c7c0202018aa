using Anpr.Benchmarks.Reading;
using CsCheck;

namespace Anpr.EndToEnd.Tests.Bench;

public sealed class ConditionsTests
{
    [Fact]
    public void Draw_AnySeed_StaysWithinWhatTheBenchmarkSays() => Gen.Int.Sample(seed =>
    {
        var drawn = Conditions.Draw(new Random(seed));
        double[] widths = [.. Enumerable.Range(0, drawn.Views).Select(drawn.WidthPx)];
        Assert.InRange(drawn.Views, 4, 8);
        Assert.All(widths, width => Assert.InRange(width, 29.999, 200.001));
        Assert.Equal(widths.Order(), widths);
        Assert.Equal(drawn.LastWidthPx, widths[^1], 6);
        Assert.InRange(drawn.YawDegrees, -60, 60);
        Assert.InRange(drawn.DirtShare, 0, 0.4);
        Assert.InRange(drawn.JpegQuality ?? 50, 12, 95);
    });

    [Fact]
    public void Draw_Many_SharesAreThoseOfTheTable()
    {
        var random = new Random(1);
        var drawn = Enumerable.Range(0, 20_000).Select(_ => Conditions.Draw(random).Severity).CountBy(s => s).ToDictionary();

        // Four standard deviations of a share of 20,000 are 1.4 in 100 at most.
        Assert.InRange(drawn[Severity.Ordinary] / 20_000.0, 0.636, 0.664);
        Assert.InRange(drawn[Severity.Hard] / 20_000.0, 0.236, 0.264);
        Assert.InRange(drawn[Severity.VeryHard] / 20_000.0, 0.086, 0.114);
    }
}
