using Anpr.Edge.Sense;

namespace Anpr.Edge.Tests.Sense;

public sealed class PeriodicityTests
{
    private const double Rate = 125;

    // Critical values of Fisher's g at 5 %: Nowroozi 1967, table 1 (m = 10: 0.445, m = 50: 0.131).
    [Theory]
    [InlineData(10, 0.445)]
    [InlineData(50, 0.131)]
    public void Fisher_AtItsPublishedCriticalValue_IsFivePercent(int m, double g) => Assert.Equal(0.05, Periodicity.Fisher(g, m), 0.003);

    [Fact]
    public void PValue_OfNoise_IsUniform()
    {
        var random = new Random(11);
        var p = Enumerable.Range(0, 600).Select(_ => Periodicity.PValue(Noise(random, 20), Rate)).ToList();
        foreach (var level in new[] { 0.02, 0.05, 0.1, 0.3, 0.5 })
        {
            // Three standard errors of a share of 600.
            var error = 3 * Math.Sqrt(level * (1 - level) / 600);
            Assert.InRange(p.Count(x => x < level) / 600.0, level - error - (0.15 * level), level + error + (0.15 * level));
        }
    }

    [Theory]
    [InlineData(55)]
    [InlineData(90)]
    [InlineData(140)]
    public void PValue_OfAHeartInNoise_IsSmall(double beatsPerMinute)
    {
        var random = new Random(5);
        var period = 60 / beatsPerMinute;
        var samples = Noise(random, 30);
        for (var i = 0; i < samples.Length; i++)
        {
            var since = i / Rate % period;
            samples[i] += 4 * Math.Exp(-since / 0.12) * Math.Sin(2 * Math.PI * 5.5 * since);
        }

        Assert.True(Periodicity.PValue(samples, Rate) < 1e-4);
    }

    [Fact]
    public void PValue_OfAScaledRecord_IsTheSame()
    {
        var samples = Noise(new Random(2), 15);
        Assert.Equal(Periodicity.PValue(samples, Rate), Periodicity.PValue([.. samples.Select(s => s * 1e-7)], Rate), 1e-9);
    }

    [Fact]
    public void PValue_OfTooShortARecord_IsOne() => Assert.Equal(1, Periodicity.PValue(Noise(new Random(1), 1), Rate));

    private static double[] Noise(Random random, int seconds) =>
        [.. Enumerable.Range(0, (int)(seconds * Rate)).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
}
