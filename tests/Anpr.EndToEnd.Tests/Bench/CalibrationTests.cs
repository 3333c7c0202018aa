using Anpr.Benchmarks.Reading;
using CsCheck;

namespace Anpr.EndToEnd.Tests.Bench;

public sealed class CalibrationTests
{
    // A sample that is right as often as it says, on the dot: of 20 with probability k/20 exactly k are right.
    private static readonly Gen<(double P, bool Right)[]> Perfect =
        Gen.Int[0, 20].Array[15, 40].Select(all => all.SelectMany(k => Enumerable.Range(0, 20).Select(i => (k / 20.0, i < k))).ToArray());

    [Fact]
    public void ExpectedError_PerfectlyCalibrated_IsNone() =>
        Perfect.Sample(sample => Assert.Equal(0, Of(sample).ExpectedError, 9));

    [Fact]
    public void ExpectedError_TooSureByAConstant_IsThatConstant() => Gen.Select(Perfect, Gen.Double[0.01, 0.3]).Sample((sample, by) =>
    {
        // Only the part that stays a probability.
        var moved = sample.Where(t => t.P + by <= 1).Select(t => (t.P + by, t.Right)).ToArray();
        Assert.Equal(moved.Length == 0 ? double.NaN : by, Of(moved).ExpectedError, 9);
    });

    [Fact]
    public void ExpectedError_AnyOrder_TheSame() => Gen.Select(Gen.Select(Gen.Int[0, 9], Gen.Bool).Array[1, 200], Gen.Int).Sample((told, seed) =>
    {
        var sample = told.Select(t => (t.Item1 / 9.0, t.Item2)).ToArray();
        var shuffled = sample.ToArray();
        new Random(seed).Shuffle(shuffled);
        Assert.Equal(Of(sample).ExpectedError, Of(shuffled).ExpectedError, 9);
    });

    [Fact]
    public void ExpectedError_RightOnAverageOnly_IsNotHidden()
    {
        // Eight bins are told as .6 and always right, seven as .4 and never: each is off by .4, one way or the other.
        var sample = Enumerable.Range(0, 300).Select(i => i % 15 < 8 ? (0.6, true) : (0.4, false)).ToArray();

        Assert.Equal(0.4, Of(sample).ExpectedError, 9);
    }

    [Fact]
    public void LogLoss_IsLeastWhereTheProbabilityIsTheShare() => Gen.Select(Gen.Int[1, 99], Gen.Double[0.01, 0.99]).Sample((right, told) =>
    {
        Calibration Told(double p) => Of([.. Enumerable.Range(0, 100).Select(i => (p, i < right))]);
        Assert.True(Told(right / 100.0).LogLoss <= Told(told).LogLoss + 1e-12);
    });

    [Fact]
    public void LogLoss_CertainAndWrong_IsDearButFinite()
    {
        Assert.Equal(Math.Log(2), Of([(0.5, true), (0.5, false)]).LogLoss, 9);
        Assert.InRange(Of([(1, false)]).LogLoss, 10, 20);
    }

    [Fact]
    public void Below_ALimit_LeavesTheSurerOut()
    {
        var part = Of([(0.2, false), (0.9, true), (0.95, false), (0.89, true)]).Below(0.9);

        Assert.Equal(2, part.Count);
        Assert.Equal(0.5, part.ShareRight);
        Assert.Equal(0.545, part.MeanProbability, 9);
    }

    [Theory]
    [InlineData(-0.01)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void Add_NoProbability_Throws(double p) => Assert.Throws<ArgumentOutOfRangeException>(() => new Calibration().Add(p, true));

    private static Calibration Of(IEnumerable<(double P, bool Right)> sample)
    {
        var calibration = new Calibration();
        foreach (var (p, right) in sample)
        {
            calibration.Add(p, right);
        }

        return calibration;
    }
}
