using Anpr.Edge.Read;
using Anpr.Models.Plates;
using CsCheck;

namespace Anpr.Edge.Tests.Read;

public sealed class CtcLineTests
{
    private static readonly Gen<float[]> AnyLine = Gen.Int[1, 8].SelectMany(steps => Gen.Double[0, 1].Array[steps * CtcLine.Classes].Select(raw => Normalised(raw, 9)));

    private static readonly int[] FewClasses = [0, 1, 11, 12];

    // Steps that hold nothing but the blank, 0, A and B, none of them negligible: few enough for all paths to be walked.
    private static readonly Gen<float[]> AnyShortLine = Gen.Int[1, 6].SelectMany(steps => Gen.Double[0.001, 1].Array[steps * FewClasses.Length].Select(OfFewClasses));

    [Fact]
    public void Best_ClearLine_ItsTextWithItsProbability()
    {
        var best = new CtcLine(Line("AA.A1", 0.9f)).Best(8);

        Assert.Equal("AA1", best[0].Text);
        Assert.True(best[0].LogP > Math.Log(0.55));
    }

    [Fact]
    public void LogProbability_TwoSteps_SumOfAllAlignments()
    {
        // 'A' out of two steps: A then blank, blank then A, A twice.
        float[] line = [.. Step((0, 0.5f), (11, 0.5f)), .. Step((0, 0.25f), (11, 0.75f))];

        Assert.Equal(Math.Log((0.5 * 0.25) + (0.5 * 0.75) + (0.5 * 0.75)), new CtcLine(line).LogProbability("A"), 6);
        Assert.Equal(Math.Log(0.5 * 0.25), new CtcLine(line).LogProbability(""), 6);
    }

    [Fact]
    public void LogProbability_RepeatedCharacterWithoutBlank_Impossible()
    {
        float[] line = [.. Step((11, 1f)), .. Step((11, 1f))];

        Assert.True(new CtcLine(line).LogProbability("AA") < -20);
    }

    [Fact]
    public void LogProbability_AllShortTexts_SumToOneAtMost() =>
        Gen.Double[0, 1].Array[2 * CtcLine.Classes].Select(raw => Normalised(raw, 3)).Sample(
            line =>
            {
                var ctc = new CtcLine(line);
                var sum = Math.Exp(ctc.LogProbability(""));
                foreach (var a in PlateText.Alphabet)
                {
                    sum += Math.Exp(ctc.LogProbability(a.ToString()));
                    foreach (var b in PlateText.Alphabet)
                    {
                        sum += a == b ? 0 : Math.Exp(ctc.LogProbability($"{a}{b}"));
                    }
                }

                Assert.Equal(1, sum, 3);
            },
            iter: 30);

    [Fact]
    public void Best_AnyLine_ProbabilitiesFallAndSumToOneAtMost() =>
        AnyLine.Sample(line =>
        {
            var best = new CtcLine(line).Best(8);
            Assert.NotEmpty(best);
            Assert.Equal(best.OrderByDescending(b => b.LogP), best);
            Assert.InRange(best.Sum(b => Math.Exp(b.LogP)), 0, 1.0001);
        });

    [Fact]
    public void Distributions_AnyLine_EachSumsToOne() =>
        AnyLine.Sample(line =>
        {
            var ctc = new CtcLine(line);
            var text = ctc.Best(8)[0].Text;
            var distributions = ctc.Distributions(text);
            Assert.Equal(text.Length, distributions.Count);
            Assert.All(distributions, d => Assert.Equal(1, d.Sum(), 1e-3f));
        });

    [Fact]
    public void Distributions_ConfusableCharacter_ShowsBoth()
    {
        float[] line = [.. Step((11, 1f)), .. Step((9, 0.6f), (12, 0.4f))]; // A, then 8 or B

        var second = new CtcLine(line).Distributions("A8")[1];

        Assert.Equal(0.6f, second[8], 0.001f);
        Assert.Equal(0.4f, second[11], 0.001f);
    }

    [Fact]
    public void LogProbability_AnyShortLine_SumOfAllPathsThatSpellTheText() =>
        AnyShortLine.Sample(
            line =>
            {
                var paths = TextsOfAllPaths(line);
                Assert.All(paths, text => Assert.Equal(Math.Log(text.Value), new CtcLine(line).LogProbability(text.Key), 1e-9));
            },
            iter: 100);

    [Fact]
    public void Best_AsWideAsThereAreTexts_EveryTextWithTheSumOfItsPaths() =>
        AnyShortLine.Sample(
            line =>
            {
                var paths = TextsOfAllPaths(line);
                var best = new CtcLine(line).Best(paths.Count);
                Assert.Equal(paths.Keys.Order(StringComparer.Ordinal), best.Select(b => b.Text).Order(StringComparer.Ordinal));
                Assert.All(best, b => Assert.Equal(Math.Log(paths[b.Text]), b.LogP, 1e-9));
            },
            iter: 100);

    [Fact]
    public void Best_Narrow_SoManyTextsAtMostWithTheSumsOfTheirPaths() =>
        AnyShortLine.Sample(
            line =>
            {
                var paths = TextsOfAllPaths(line);
                var best = new CtcLine(line).Best(8);
                Assert.Equal(Math.Min(8, paths.Count), best.Count);
                Assert.All(best, b => Assert.Equal(Math.Log(paths[b.Text]), b.LogP, 1e-9));
            },
            iter: 100);

    [Fact]
    public void LogProbability_ManyStepsAgainstIt_DoesNotVanish()
    {
        float[] line = [.. Enumerable.Repeat(Step((11, 1f)), 40).SelectMany(step => step)];

        Assert.Equal(40 * Math.Log(1e-12), new CtcLine(line).LogProbability(""), 0.001);
        Assert.Equal(0, new CtcLine(line).LogProbability("A"), 0.001);
    }

    [Fact]
    public void Constructor_LengthThatIsNoLine_Throws() => Assert.Throws<ArgumentException>(() => new CtcLine(new float[36]).Steps);

    internal static float[] Line(string steps, float sure) =>
        [.. steps.SelectMany(c => Step((c == '.' ? 0 : CtcLine.ClassOf(c), sure), (c == '.' ? 1 : 0, 1 - sure)))];

    internal static float[] Step(params (int Class, float P)[] filled)
    {
        var step = new float[CtcLine.Classes];
        foreach (var (c, p) in filled)
        {
            step[c] += p;
        }

        return step;
    }

    private static float[] Normalised(double[] raw, double sharp)
    {
        var line = new float[raw.Length];
        for (var t = 0; t < raw.Length; t += CtcLine.Classes)
        {
            var step = raw.AsSpan(t, CtcLine.Classes).ToArray().Select(r => Math.Exp(sharp * r)).ToArray();
            for (var c = 0; c < step.Length; c++)
            {
                line[t + c] = (float)(step[c] / step.Sum());
            }
        }

        return line;
    }

    // Every path of the four classes that such a line has, collapsed (same neighbours become one, blanks go), with its probability.
    private static Dictionary<string, double> TextsOfAllPaths(float[] line)
    {
        var texts = new Dictionary<string, double>(StringComparer.Ordinal);
        void Walk(int t, int last, string text, double p)
        {
            if (t * CtcLine.Classes == line.Length)
            {
                texts[text] = texts.GetValueOrDefault(text) + p;
                return;
            }

            foreach (var c in FewClasses)
            {
                Walk(t + 1, c, c == 0 || c == last ? text : text + PlateText.Alphabet[c - 1], p * line[(t * CtcLine.Classes) + c]);
            }
        }

        Walk(0, 0, "", 1);
        return texts;
    }

    private static float[] OfFewClasses(double[] raw) =>
        [.. raw.Chunk(FewClasses.Length).SelectMany(step => Step([.. FewClasses.Select((c, i) => (c, (float)(step[i] / step.Sum())))]))];
}
