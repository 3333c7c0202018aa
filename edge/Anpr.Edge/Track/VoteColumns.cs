using System.Text;
using Anpr.Edge.Read;
using Anpr.Models.Plates;

namespace Anpr.Edge.Track;

/// <summary>One column a character of a pivot text; each read adds its log-probabilities to the columns that it is aligned with.</summary>
internal sealed class VoteColumns(string pivot)
{
    // The last symbol is "no character here".
    private static readonly int Symbols = PlateText.Alphabet.Length + 1;

    // No single read may veto a character: the reader is never surer than this.
    private const double Floor = 1e-3;

    // What one read's missing or present character says about whether there is one.
    private const double GapWhenAbsent = 0.8;
    private const double GapWhenPresent = 0.02;

    // Characters for which many countries stamp one glyph.
    private static readonly (int A, int B)[] OneGlyph = [(IndexOf('0'), IndexOf('O')), (IndexOf('1'), IndexOf('I'))];

    private static readonly double[] Absent = Logs(null);

    private readonly double[][] _logs = [.. pivot.Select(_ => new double[Symbols])];
    private double _weight;
    private double _squared;
    private double _inserted;

    /// <summary>What each character of a read says of its column: log-probabilities of all symbols. Worked out once a read.</summary>
    public static double[][] Evidence(PlateRead read) => [.. read.Characters.Select(c => Logs(c))];

    /// <summary>Adds one read, by its text and <see cref="Evidence"/>, with its weight, more than 0.</summary>
    public void Add(string text, double[][] evidence, float weight)
    {
        var same = text == pivot;
        var owner = same ? [] : Align(pivot, text);
        for (var i = 0; i < pivot.Length; i++)
        {
            var says = same ? evidence[i] : owner[i] is { } k ? evidence[k] : Absent;
            var column = _logs[i];
            for (var s = 0; s < Symbols; s++)
            {
                column[s] += weight * says[s];
            }
        }

        _weight += weight;
        _squared += weight * weight;
        _inserted += !same && owner.Count(o => o is not null) < text.Length ? weight : 0;
    }

    /// <summary>
    /// What the weighted sum of the reads' logarithms is multiplied by. Frames of one plate share its dirt and light, so n of them say
    /// less than n: their evidence counts as the root of the effective number of reads, (sum w)^2 / sum w^2.
    /// </summary>
    public double Scale => Math.Sqrt(_weight * _weight / _squared) / _weight;

    /// <summary>Probability that the plate has a character that the pivot lacks, 0..0.5: half the weight of the reads that have one.</summary>
    public double Inserted => 0.5 * _inserted / _weight;

    /// <summary>The likeliest characters and the probability of all of them together, as the sums have them. No syntax in it.</summary>
    public (string Text, float Confidence) Raw()
    {
        var text = new StringBuilder();
        var confidence = 1 - Inserted;
        foreach (var column in _logs)
        {
            var p = Softmax(column, Scale);
            var best = Array.IndexOf(p, p.Max());
            confidence *= p[best];
            if (best < Symbols - 1)
            {
                text.Append(PlateText.Alphabet[best]);
            }
        }

        return (text.ToString(), (float)confidence);
    }

    /// <summary>
    /// For each column the probability of each character and, last, of none. More frames of one glyph do not tell which of two characters
    /// it stands for: between those the reads count as one, whatever their number.
    /// </summary>
    public IReadOnlyList<double[]> Probabilities() => [.. _logs.Select(column => Softmax(Shared(column), Scale))];

    /// <summary>For each character of <paramref name="a"/> the place in <paramref name="b"/> that it is aligned with, null when it has none.</summary>
    internal static int?[] Align(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                cost[i, j] = i == 0 ? j : j == 0 ? i : Math.Min(
                    cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1),
                    Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
            }
        }

        var owner = new int?[a.Length];
        for (var (i, j) = (a.Length, b.Length); i > 0 && j > 0;)
        {
            if (cost[i, j] == cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
            {
                owner[--i] = --j;
            }
            else if (cost[i, j] == cost[i - 1, j] + 1)
            {
                i--;
            }
            else
            {
                j--;
            }
        }

        return owner;
    }

    private static double[] Logs(CharacterRead? character)
    {
        var gap = character is null ? GapWhenAbsent : GapWhenPresent;
        var letters = Symbols - 1;
        var listed = character is null ? 0 : character.P + character.Alternatives.Sum(a => a.P);
        var logs = new double[Symbols];
        Array.Fill(logs, character is null ? 1.0 / letters : Math.Max(0, 1 - listed) / letters);
        if (character is not null)
        {
            logs[PlateText.Alphabet.IndexOf(character.C, StringComparison.Ordinal)] = character.P;
            foreach (var other in character.Alternatives)
            {
                logs[PlateText.Alphabet.IndexOf(other.C, StringComparison.Ordinal)] = other.P;
            }
        }

        for (var s = 0; s < letters; s++)
        {
            logs[s] = Math.Log(Math.Max(Floor, logs[s]) * (1 - gap));
        }

        logs[letters] = Math.Log(gap);
        return logs;
    }

    private static int IndexOf(char c) => PlateText.Alphabet.IndexOf(c, StringComparison.Ordinal);

    private double[] Shared(double[] column)
    {
        var logs = (double[])column.Clone();
        foreach (var (a, b) in OneGlyph)
        {
            var both = LogSum(column[a] * Scale, column[b] * Scale);
            var odds = (column[a] - column[b]) / _weight;
            logs[a] = (both - LogSum(0, -odds)) / Scale;
            logs[b] = (both - LogSum(0, odds)) / Scale;
        }

        return logs;
    }

    private static double LogSum(double a, double b) => Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b)));

    private static double[] Softmax(double[] logs, double scale)
    {
        var max = logs.Max();
        var p = Array.ConvertAll(logs, l => Math.Exp((l - max) * scale));
        var sum = p.Sum();
        return Array.ConvertAll(p, x => x / sum);
    }
}
