namespace Anpr.Hub.Link;

/// <summary>What may stand at each position of a registration: probabilities over <see cref="MergedAlphabet"/>, each row sums to 1.</summary>
/// <param name="rows">One a position.</param>
internal sealed class Spread(double[][] rows)
{
    // A reader is never surer than this of what it did not see: dirt, screws and tape.
    private const double Doubt = 1e-3;

    // Below this nothing is kept of a character.
    private const double Least = 5e-4;

    // Of a character that no plate has, nothing is said.
    private static readonly double[] Any = [.. Enumerable.Repeat(1.0 / MergedAlphabet.Count, MergedAlphabet.Count)];

    /// <summary>Positions.</summary>
    public int Length => rows.Length;

    /// <summary>The probabilities of one position.</summary>
    public double[] this[int position] => rows[position];

    /// <summary>What a read says; what it does not name shares the rest.</summary>
    /// <param name="positions">Of the read.</param>
    /// <param name="letters">What is taken for what where it was read.</param>
    public static Spread Of(IReadOnlyList<Position> positions, Confusions letters) => new([.. positions.Select(p => Row(p, letters))]);

    /// <summary>What a sighting says.</summary>
    public static Spread Of(PlateEvidence evidence) => Of(evidence.Characters, evidence.Letters);

    /// <summary>What two reads of one plate, of equal length, say together.</summary>
    public Spread With(Spread other)
    {
        var joint = new double[rows.Length][];
        for (var i = 0; i < rows.Length; i++)
        {
            joint[i] = new double[MergedAlphabet.Count];
            for (var c = 0; c < MergedAlphabet.Count; c++)
            {
                joint[i][c] = rows[i][c] * other[i][c] * MergedAlphabet.Weight[c];
            }

            Normalise(joint[i]);
        }

        return new(joint);
    }

    /// <summary>Probability that both show one registration, 0..1; of unequal length, 0.</summary>
    public double SameAs(Spread other)
    {
        if (other.Length != Length)
        {
            return 0;
        }

        var same = 1.0;
        for (var i = 0; i < rows.Length; i++)
        {
            same *= rows[i].Zip(other[i], (a, b) => a * b).Sum();
        }

        return same;
    }

    /// <summary>The likely characters of each position, most probable first.</summary>
    public IReadOnlyList<Position> ToPositions() =>
    [
        .. rows.Select(row => new Position(
        [
            .. row.Select((p, c) => (C: c, P: Math.Round(p, 4))).Where(o => o.P >= Least).OrderByDescending(o => o.P).Select(o => new Option(MergedAlphabet.All[o.C], o.P)),
        ])),
    ];

    private static double[] Row(Position position, Confusions letters)
    {
        var row = new double[MergedAlphabet.Count];
        var listed = Math.Max(1, position.Options.Sum(o => o.P));
        foreach (var option in position.Options)
        {
            if (MergedAlphabet.IndexOf(option.C) is >= 0 and var c)
            {
                row[c] += option.P / listed;
            }
        }

        var share = (Math.Max(0, 1 - row.Sum()) * (1 - Doubt)) + Doubt;
        var others = MergedAlphabet.IndexOf(position.Options[0].C) is >= 0 and var read ? letters[read] : Any;
        for (var c = 0; c < row.Length; c++)
        {
            row[c] = (row[c] * (1 - Doubt)) + (share * others[c]);
        }

        return row;
    }

    private static void Normalise(double[] row)
    {
        var sum = row.Sum();
        for (var c = 0; c < row.Length; c++)
        {
            row[c] /= sum;
        }
    }
}
