using Anpr.Hub.Web.Parts;

namespace Anpr.Hub.Tests.Web;

public sealed class ScoreWordsTests
{
    [Theory]
    [InlineData(0.001, "1 in 1,000", "usual")]
    [InlineData(0.00099, "1 in 1,000", "usual")]
    [InlineData(0.00142, "1 in 700", "usual")]
    [InlineData(0.0297, "1 in 34", "raised")]
    [InlineData(0.0999, "1 in 10", "raised")]
    [InlineData(0.1, "10%", "high")]
    [InlineData(0.734, "73%", "high")]
    [InlineData(0, "none", "usual")]
    public void Odds_AnyProbability_AreWordsThatAPersonUses(double score, string odds, string level)
    {
        Assert.Equal(odds, ScoreWords.Odds(score));
        Assert.Equal(level, ScoreWords.Level(score));
    }
}
