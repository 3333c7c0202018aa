using Anpr.Edge.Read;
using Anpr.Edge.Tests.Passage;
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
    public void Consensus_OneRead_IsThatReadUnderTheFormats()
    {
        var read = Scene.Read("AB123CD", 0.7f);
        var says = Of(("AB123CD", 0.7f)).Consensus!;

        Assert.Equal(("AB123CD", "AB123CD", 1, 1), (says.Text, says.RawText, says.Reads, says.Agreeing));
        Assert.Equal(SyntaxRead.Of(read, Scene.Syntax).Confidence, says.Confidence);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(32)]
    public void Consensus_GlyphOfTwoCharacters_FormatDecidesHoweverManyFramesShowIt(int frames)
    {
        var vote = new PlateVote(new(), Scene.Syntax);
        for (var i = 0; i < frames; i++)
        {
            vote.Add(Looks.At(0, 0, Scene.Read("PHI1DSX", 0.9f, twin: 0.2f)));
        }

        Assert.Equal(("PH11DSX", "PHI1DSX"), (vote.Consensus!.Text, vote.Consensus.RawText));
        Assert.Contains(vote.Consensus.Alternatives, a => a.Text == "PHI1DSX");
    }

    [Fact]
    public void Consensus_UnusualTextInManyFrames_PriorCountsOnce()
    {
        // One unsure look at what fits no format may be taken for what does; twenty looks may not.
        var reads = Enumerable.Repeat(Scene.Read("7X8Y", 0.8f), 20).ToList();
        var vote = new PlateVote(new(), Scene.Syntax);
        reads.ForEach(r => vote.Add(Looks.At(0, 0, r)));
        var one = new PlateVote(new(), Scene.Syntax);
        one.Add(Looks.At(0, 0, reads[0]));

        Assert.Equal("7X8Y", vote.Consensus!.Text);
        Assert.True(vote.Consensus.Confidence > one.Consensus!.Confidence);
        Assert.True(vote.Consensus.Confidence > 0.99f);
    }

    [Fact]
    public void Consensus_LooksOfOneCountry_DecideTheCountry()
    {
        var look = new float[Scene.Syntax.Countries.Countries.Count];
        look[Scene.Syntax.Countries.Countries.ToList().FindIndex(c => c.Code == "IT")] = 0.6f; // France issues such texts too
        var vote = new PlateVote(new(), Scene.Syntax);
        for (var i = 0; i < 8; i++)
        {
            vote.Add(Looks.At(0, 0, Scene.Read("AB123CD", 0.95f) with { Look = look }));
        }

        Assert.Equal("IT", vote.Consensus!.Country);
        Assert.Null(Of([.. Enumerable.Repeat(("AB123CD", 0.95f), 8)]).Consensus!.Country);
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
        var vote = new PlateVote(new(), Scene.Syntax);
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
        var vote = new PlateVote(new() { MaxReads = 4 }, Scene.Syntax);
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
        var vote = new PlateVote(new(), Scene.Syntax);
        foreach (var (text, confidence) in reads)
        {
            vote.Add(Looks.At(0, 0, text, confidence));
        }

        return vote;
    }
}
