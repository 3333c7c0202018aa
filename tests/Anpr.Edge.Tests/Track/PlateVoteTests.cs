using Anpr.Edge.Track;
using CsCheck;

namespace Anpr.Edge.Tests.Track;

public sealed class PlateVoteTests
{
    private static readonly Gen<string> Texts = Gen.Char["0123456789ABCDEFGHJKLMNPRSTUVWXYZ"].Array[3, 10].Select(c => new string(c));

    [Fact]
    public void Consensus_NoUsableRead_None()
    {
        var vote = Of(("", 0.99f), ("A1", 0.99f));

        Assert.Null(vote.Consensus);
        Assert.Equal(0, vote.Count);
    }

    [Fact]
    public void Consensus_OneRead_IsThatReadWithItsConfidence()
    {
        var says = Of(("AB123CD", 0.7f)).Consensus!;

        Assert.Equal(("AB123CD", 0.7f, 1, 1), (says.Text, says.Confidence, says.Reads, says.Agreeing));
    }

    [Fact]
    public void Consensus_EachReadWrongInAnotherPlace_TextThatNoneReadWhole()
    {
        // Raw reads stay whole: the right text comes out of single characters only.
        var says = Of(("XB123CD", 0.5f), ("ABX23CD", 0.5f), ("AB123CX", 0.5f)).Consensus!;

        Assert.Equal("AB123CD", says.Text);
        Assert.Equal(3, says.Agreeing);
    }

    [Theory]
    [InlineData("AB123CD", "B123CD")]
    [InlineData("AB123CD", "AB123C")]
    [InlineData("AB123CD", "AB1123CD")]
    public void Consensus_ACharacterLostOrAddedOnce_TheOthersWin(string right, string wrong)
    {
        var says = Of((right, 0.9f), (wrong, 0.9f), (right, 0.9f), (right, 0.9f)).Consensus!;

        Assert.Equal(right, says.Text);
        Assert.Contains(says.Alternatives, a => a.Text == wrong);
    }

    [Fact]
    public void Consensus_LargePlateAgainstSmallOnes_SizeWeighs()
    {
        var vote = new PlateVote(new());
        vote.Add(Looks.At(0, 0, "AB123CD", 0.95f, width: 120));
        vote.Add(Looks.At(0, 0, "AB128CD", 0.3f, width: 18));
        vote.Add(Looks.At(0, 0, "AB128CD", 0.3f, width: 18));

        Assert.Equal("AB123CD", vote.Consensus!.Text);
    }

    [Fact]
    public void Consensus_AgreementGrows_SoDoesConfidence() =>
        Gen.Select(Texts, Gen.Float[0.3f, 0.9f], Gen.Int[2, 20]).Sample((text, p, n) =>
            Assert.True(Of([.. Enumerable.Repeat((text, p), n)]).Consensus!.Confidence >= Of((text, p), (text, p)).Consensus!.Confidence - 1e-4f));

    [Fact]
    public void Consensus_AnyReads_IsAProbabilityPerCharacterAndDoesNotDependOnTheirOrder() =>
        Gen.Select(Texts, Gen.Float[0.01f, 0.99f]).Array[1, 12].Sample(reads =>
        {
            var (one, other) = (Of(reads).Consensus!, Of([.. reads.Reverse()]).Consensus!);

            Assert.Equal(one.Text, other.Text);
            Assert.Equal(one.Confidence, other.Confidence, 1e-4f);
            Assert.InRange(one.Confidence, 0, 1);
            Assert.Equal(one.Text, string.Concat(one.Characters.Select(c => c.C)));
            Assert.All(one.Characters, c => Assert.InRange(c.P + c.Alternatives.Sum(a => a.P), 0, 1.001f));
            Assert.DoesNotContain(one.Alternatives, a => a.Text == one.Text || a.P is < 0 or > 1);
        });

    [Fact]
    public void Add_MoreReadsThanAreKept_TheWeightiestStay()
    {
        var vote = new PlateVote(new() { MaxReads = 4 });
        for (var i = 0; i < 50; i++)
        {
            vote.Add(Looks.At(0, 0, "ZZ999ZZ", 0.1f, width: 20));
        }

        for (var i = 0; i < 4; i++)
        {
            vote.Add(Looks.At(0, 0, "AB123CD", 0.95f));
        }

        Assert.Equal(("AB123CD", 54), (vote.Consensus!.Text, vote.Count));
    }

    private static PlateVote Of(params (string Text, float Confidence)[] reads)
    {
        var vote = new PlateVote(new());
        foreach (var (text, confidence) in reads)
        {
            vote.Add(Looks.At(0, 0, text, confidence));
        }

        return vote;
    }
}
