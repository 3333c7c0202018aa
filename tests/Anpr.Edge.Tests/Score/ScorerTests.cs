using Anpr.Edge.Passage;
using Anpr.Edge.Score;
using Anpr.Edge.Tests.Outbox;
using CsCheck;

namespace Anpr.Edge.Tests.Score;

public sealed class ScorerTests
{
    private static readonly PassageRecord Vehicle = Passages.Passage(Guid.CreateVersion7(Passages.Noon), 1);

    [Fact]
    public void Score_ForAnyEvidenceAndWeights_PartsAddUpToIt() => Gen.Select(
        Gen.Double[0.01, 500],
        Gen.Double[0, 1],
        Gen.Double[0, 1],
        Gen.Select(Gen.Bool, Gen.Double[-50, 50], Gen.Bool).List[0, 6]).Sample((prior, co2, heartbeat, list) =>
        {
            var scorer = new Scorer(new ScoreOptions { PriorPerThousand = prior, Co2Weight = co2, HeartbeatWeight = heartbeat });
            var scored = scorer.Score(Vehicle, [.. list.Select(e => Part(e.Item1 ? "co2" : "heartbeat", e.Item2, e.Item3 ? "why" : ""))]);
            var sum = scored.Evidence.Sum(e => e.Weight * e.Llr);
            Assert.Equal(Scorer.Probability(sum), scored.Score);
            Assert.InRange(scored.Score, 0, 1);
            if (Math.Abs(sum) < 30)
            {
                Assert.Equal(sum, Math.Log(scored.Score / (1 - scored.Score)), 1e-3);
            }

            Assert.All(scored.Evidence.Skip(1), e => Assert.InRange(e.Llr, -Scorer.Clip, Scorer.Clip));
        });

    [Fact]
    public void Score_WithoutEvidence_IsThePrior()
    {
        var scored = new Scorer(new ScoreOptions()).Score(Vehicle, []);
        Assert.Equal(0.001, scored.Score, 1e-12);
        Assert.Equal("prior", Assert.Single(scored.Evidence).Kind);
    }

    [Fact]
    public void Score_OfAVetoedSensor_CountsNothing()
    {
        var scored = new Scorer(new ScoreOptions()).Score(Vehicle, [Part("co2", 3, "the sensor is silent")]);
        Assert.Equal(0, scored.Evidence[1].Llr);
        Assert.Equal(0.001, scored.Score, 1e-12);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Score_OfEvidenceThatIsNoNumber_CountsNothing(double llr) =>
        Assert.Equal(0.001, new Scorer(new ScoreOptions()).Score(Vehicle, [Part("co2", llr, "")]).Score, 1e-12);

    [Theory]
    [InlineData("nationality")]
    [InlineData("country")]
    [InlineData("operator")]
    public void Score_OfAKindThatMayNotCount_Throws(string kind) =>
        Assert.Throws<ArgumentException>(() => new Scorer(new ScoreOptions()).Score(Vehicle, [Part(kind, 1, "")]));

    private static Evidence Part(string kind, double llr, string veto) => new(kind, llr, 0, "", "", veto, "x-1", Passages.Noon, Passages.Noon);
}
