namespace Anpr.Hub.Link;

/// <summary>How often two lanes read which characters at one position, and how often their doubts were right. Grows while it is counted.</summary>
internal sealed class LetterCounts
{
    /// <summary>By what the first read, then what the second read.</summary>
    public double[][] Letters { get; } = [.. Enumerable.Range(0, MergedAlphabet.Count).Select(_ => new double[MergedAlphabet.Count])];

    /// <summary>Misreads of the first that were to be expected.</summary>
    public double[] ExpectedFrom { get; } = new double[Doubts.Cells];

    /// <summary>Misreads of the first.</summary>
    public double[] WrongFrom { get; } = new double[Doubts.Cells];

    /// <summary>Misreads of the second that were to be expected.</summary>
    public double[] ExpectedTo { get; } = new double[Doubts.Cells];

    /// <summary>Misreads of the second.</summary>
    public double[] WrongTo { get; } = new double[Doubts.Cells];

    /// <summary>Matches.</summary>
    public double Matches { get; private set; }

    /// <summary>As stored, counted so many times.</summary>
    public static LetterCounts Of(LanePair pair, double weight = 1)
    {
        var counts = new LetterCounts { Matches = weight * pair.Matches };
        foreach (var (letters, count) in pair.Letters)
        {
            counts.Letters[MergedAlphabet.IndexOf(letters[0])][MergedAlphabet.IndexOf(letters[1])] = weight * count;
        }

        Copy(pair.ExpectedFrom, counts.ExpectedFrom);
        Copy(pair.WrongFrom, counts.WrongFrom);
        Copy(pair.ExpectedTo, counts.ExpectedTo);
        Copy(pair.WrongTo, counts.WrongTo);
        return counts;

        void Copy(IReadOnlyList<double> from, double[] to)
        {
            for (var k = 0; k < from.Count; k++)
            {
                to[k] = weight * from[k];
            }
        }
    }

    /// <summary>The characters of all together.</summary>
    public static double[][] Sum(IEnumerable<LetterCounts> all)
    {
        var sum = new LetterCounts().Letters;
        foreach (var counts in all)
        {
            for (var a = 0; a < sum.Length; a++)
            {
                for (var b = 0; b < sum.Length; b++)
                {
                    sum[a][b] += counts.Letters[a][b];
                }
            }
        }

        return sum;
    }

    /// <summary>Takes in one match.</summary>
    public void Learn(IReadOnlyList<LetterLesson> match)
    {
        Matches += match.Count > 0 ? 1 : 0;
        foreach (var one in match)
        {
            Letters[one.A][one.B]++;
            if (one.CellA >= 0)
            {
                ExpectedFrom[one.CellA] += one.ExpectedA;
                WrongFrom[one.CellA] += one.BlameA;
            }

            if (one.CellB >= 0)
            {
                ExpectedTo[one.CellB] += one.ExpectedB;
                WrongTo[one.CellB] += one.BlameB;
            }
        }
    }

    /// <summary>The pair with these counts.</summary>
    public LanePair In(LanePair pair) => pair with
    {
        Matches = Matches,
        Letters = (from a in Enumerable.Range(0, MergedAlphabet.Count) from b in Enumerable.Range(0, MergedAlphabet.Count) where Letters[a][b] > 0 select (a, b))
            .ToDictionary(p => $"{MergedAlphabet.All[p.a]}{MergedAlphabet.All[p.b]}", p => Math.Round(Letters[p.a][p.b], 4), StringComparer.Ordinal),
        ExpectedFrom = Rounded(ExpectedFrom),
        WrongFrom = Rounded(WrongFrom),
        ExpectedTo = Rounded(ExpectedTo),
        WrongTo = Rounded(WrongTo),
    };

    private static IReadOnlyList<double> Rounded(double[] values) => [.. values.Select(v => Math.Round(v, 6))];
}
