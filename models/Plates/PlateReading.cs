namespace Anpr.Models.Plates;

/// <summary>One character that may stand at a position.</summary>
/// <param name="C">0-9 A-Z.</param>
/// <param name="P">Its probability, 0..1.</param>
public readonly record struct CharacterChance(char C, double P);

/// <summary>What one read says of a registration: a text, and what else may stand at each of its positions. Immutable, thread-safe.</summary>
public sealed class PlateReading
{
    // Of a text alone: what published matchers take for a good read.
    private const double Assumed = 0.99;

    // A reader is never surer than this of what it did not see: dirt, screws and tape.
    private const double Doubt = 1e-3;

    // A character lost, or one too many, in one of 250 reads (of the reads of rendered passages that our reader gets wrong a sixth are such),
    // as often the one as the other, at any of some eight places.
    private const double Gap = 0.004 / 2 / 8;

    // How much more probable it is that the listed registration comes here than another of its form: most of those were never issued (of the
    // British form one in twenty is on the road, of the French one in seven), and a listed vehicle is listed because it travels.
    private const double Listed = 100;

    private const double Digit = 0.1;
    private const double Letter = 1.0 / 24;

    // Other texts that are worth a look: characters of at least this probability, in so many texts.
    private const double Likely = 0.02;
    private const int MostVariants = 24;

    private readonly double[][] rows;

    private PlateReading(string text, double[][] rows) => (Text, this.rows) = (text, rows);

    /// <summary>The text, folded.</summary>
    public string Text { get; }

    /// <summary>A folded text of which nothing else is known.</summary>
    public static PlateReading Of(string text) => Of(text, [.. text.Select(c => (IReadOnlyList<CharacterChance>)[new(c, Assumed)])]);

    /// <summary>A folded text with what may stand at each position, the read character first.</summary>
    /// <exception cref="ArgumentException">There are more or fewer positions than characters.</exception>
    public static PlateReading Of(string text, IReadOnlyList<IReadOnlyList<CharacterChance>> characters)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(characters);
        return characters.Count == text.Length
            ? new(text, [.. text.Select((c, i) => Row(c, characters[i]))])
            : throw new ArgumentException($"{characters.Count} positions for {text.Length} characters", nameof(characters));
    }

    /// <summary>
    /// Probability, 0..1, that the plate <em>is</em> this folded registration, given that it is on a watchlist: what the characters say,
    /// a character lost or one too many included, against all other registrations of its form.
    /// </summary>
    public double ProbabilityOf(string listed)
    {
        ArgumentNullException.ThrowIfNull(listed);
        var read = Math.Min(1, ByCharacters(listed));
        return Listed * read / ((Listed * read) + 1 - read);
    }

    /// <summary>The text and others that the read may be, the likeliest first, at most 24.</summary>
    internal IReadOnlyList<string> Variants()
    {
        List<(double P, string Text)> variants = [(1, "")];
        for (var i = 0; i < rows.Length; i++)
        {
            var (row, own) = (rows[i], Misreads.IndexOf(Text[i]));
            var likely = Enumerable.Range(0, row.Length).Where(c => c == own || row[c] >= Likely).Select(c => (P: row[c], C: c == own ? Text[i] : Misreads.Alphabet[c])).ToList();
            if (own < 0)
            {
                likely.Insert(0, (1, Text[i]));
            }

            variants = likely.Count == 1
                ? variants.ConvertAll(v => (v.P, v.Text + likely[0].C))
                : [.. variants.SelectMany(v => likely, (v, c) => (P: v.P * c.P, Text: v.Text + c.C)).OrderByDescending(v => v.P).Take(MostVariants)];
        }

        var texts = variants.ConvertAll(v => v.Text);
        texts.Remove(Text);
        return [Text, .. texts.Take(MostVariants - 1)];
    }

    // The characters' own word: all alignments are summed, as a hidden Markov model's forward pass does.
    private double ByCharacters(string listed)
    {
        if (Math.Abs(listed.Length - rows.Length) > 2)
        {
            return 0;
        }

        var before = new double[listed.Length + 1];
        var now = new double[listed.Length + 1];
        for (var i = 0; i <= rows.Length; i++)
        {
            for (var j = 0; j <= listed.Length; j++)
            {
                var sum = i == 0 && j == 0 ? 1.0 : 0;
                if (i > 0)
                {
                    sum += before[j] * Gap;
                }

                if (j > 0)
                {
                    var c = Misreads.IndexOf(listed[j - 1]);
                    sum += (now[j - 1] * Gap * (c is >= 0 and < 10 ? Digit : Letter)) + (i > 0 && c >= 0 ? before[j - 1] * rows[i - 1][c] : 0);
                }

                now[j] = sum;
            }

            (before, now) = (now, before);
        }

        return before[listed.Length];
    }

    private static double[] Row(char text, IReadOnlyList<CharacterChance> chances)
    {
        var row = new double[Misreads.Alphabet.Length];
        var listed = Math.Max(1, chances.Sum(c => c.P));
        foreach (var (c, p) in chances)
        {
            if (Misreads.IndexOf(c) is >= 0 and var index)
            {
                row[index] += p / listed;
            }
        }

        var (rest, read) = (Math.Max(0, 1 - row.Sum()), Misreads.IndexOf(text));
        for (var c = 0; c < row.Length; c++)
        {
            row[c] = (row[c] * (1 - Doubt)) + (((rest * (1 - Doubt)) + Doubt) * (read < 0 ? 1.0 / row.Length : Misreads.Of(read)[c]));
        }

        return row;
    }
}
