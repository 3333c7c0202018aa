using Anpr.Proto.V1;

namespace Anpr.Hub.Link;

/// <summary>How a read states its doubts.</summary>
internal enum DoubtKind
{
    /// <summary>A probability for each character.</summary>
    Characters,

    /// <summary>One confidence for the whole text.</summary>
    Whole,

    /// <summary>Not at all.</summary>
    None,
}

/// <summary>
/// What doubts that reads state are worth: for each class of them, so many times as many misreads as were to be expected. Immutable.
/// </summary>
/// <param name="factors">One for each cell, more than 0.</param>
internal sealed class Doubts(double[] factors)
{
    /// <summary>What a character is doubted where the read says nothing of each: what published matchers take for a good read.</summary>
    public const double Assumed = 0.01;

    /// <summary>All cells: a half decade of doubt each, of those for characters first and of those for whole texts then.</summary>
    public const int Cells = 2 * Classes;

    private const int Classes = 10;

    // So many misreads are believed of what is behind.
    private const double Belief = 3;

    /// <summary>Doubts for characters are true, and those for whole texts say nothing: sources differ in what they call a confidence.</summary>
    public static Doubts Stated { get; } = new([.. Enumerable.Repeat(1.0, Cells)]);

    /// <summary>The cell of a stated doubt, -1 where there is none.</summary>
    public static int Cell(DoubtKind kind, double stated) => kind == DoubtKind.None
        ? -1
        : ((int)kind * Classes) + Math.Clamp((int)(-2 * Math.Log10(Math.Max(stated, 1e-9))), 0, Classes - 1);

    /// <summary>How a sighting states its doubts, and of each character, 0..1.</summary>
    public static (DoubtKind Kind, IReadOnlyList<double> Stated) Of(Sighting sighting)
    {
        var (text, given) = (sighting.Text, sighting.Characters);
        if (given.Count == text.Length && !given.Where((c, i) => c.C.Length != 1 || c.C[0] != text[i] || float.IsNaN(c.P) || c.Alternatives.Any(a => float.IsNaN(a.P))).Any())
        {
            return (DoubtKind.Characters, [.. given.Select(c => 1 - Math.Clamp((double)c.P, 0, 1))]);
        }

        return sighting.Confidence is > 0 and < 1
            ? (DoubtKind.Whole, [.. text.Select(_ => 1 - Math.Pow(sighting.Confidence, 1.0 / text.Length))])
            : (DoubtKind.None, [.. text.Select(_ => Assumed)]);
    }

    /// <summary>How many misreads a stated doubt lets expect before anything is learned.</summary>
    public static double Expected(DoubtKind kind, double stated) => kind == DoubtKind.Characters ? stated : Assumed;

    /// <summary>The cells of all together.</summary>
    public static double[] Sum(IEnumerable<IReadOnlyList<double>> all)
    {
        var sum = new double[Cells];
        foreach (var cells in all)
        {
            for (var k = 0; k < cells.Count; k++)
            {
                sum[k] += cells[k];
            }
        }

        return sum;
    }

    /// <summary>So many times as many misreads as expected.</summary>
    public double Factor(int cell) => factors[cell];

    /// <summary>What was learned at one place, with these behind it while that is little.</summary>
    /// <param name="expected">Misreads that were to be expected, for each cell.</param>
    /// <param name="wrong">Misreads that there were.</param>
    public Doubts Learned(double[] expected, double[] wrong) =>
        new([.. factors.Select((behind, k) => (wrong[k] + (Belief * behind)) / (expected[k] + Belief))]);
}
