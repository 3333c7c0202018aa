using Anpr.Proto.V1;

namespace Anpr.Hub.Link;

/// <summary>What reads of one lane are worth. Immutable.</summary>
/// <param name="doubts">How far what they state is true.</param>
/// <param name="letters">What is taken for what there.</param>
internal sealed class Reading(Doubts doubts, Confusions letters)
{
    private const double Least = 1e-6;
    private const double Most = 0.9;

    private readonly double _mean = Enumerable.Range(0, MergedAlphabet.Count).Average(letters.Misread);

    /// <summary>While nothing is learned.</summary>
    public static Reading Shipped { get; } = new(Doubts.Stated, Confusions.Shipped);

    /// <summary>What is taken for what.</summary>
    public Confusions Letters => letters;

    /// <summary>Probability that a character is not what stands there.</summary>
    /// <param name="kind">How the read states its doubts.</param>
    /// <param name="stated">Its doubt of this character, 0..1.</param>
    /// <param name="c">The character.</param>
    public double Doubt(DoubtKind kind, double stated, char c)
    {
        // Which characters are misread more often than others, the reader's own probabilities know; nothing else does.
        var read = MergedAlphabet.IndexOf(c);
        var doubt = Doubts.Expected(kind, stated) * (kind == DoubtKind.None ? 1 : doubts.Factor(Doubts.Cell(kind, stated)));
        return Math.Clamp(kind == DoubtKind.Characters || read < 0 ? doubt : doubt * (letters.Misread(read) / (kind == DoubtKind.None ? Doubts.Assumed : _mean)), Least, Most);
    }

    /// <summary>What a sighting says of each position of its text.</summary>
    public IReadOnlyList<Position> Positions(Sighting sighting)
    {
        var (kind, stated) = Doubts.Of(sighting);
        return [.. sighting.Text.Select((c, i) => Position(c, Doubt(kind, stated[i], c), kind == DoubtKind.Characters ? sighting.Characters[i] : null))];
    }

    // Others keep their shares of the doubt.
    private static Position Position(char c, double doubt, Character? given)
    {
        var scale = given is null || given.P >= 1 ? 1 : doubt / (1 - Math.Clamp(given.P, 0, 1));
        return new(
        [
            new Option(c, 1 - doubt),
            .. (given?.Alternatives ?? []).Where(a => a.C.Length == 1).Select(a => new Option(a.C[0], Math.Clamp(a.P * scale, 0, 1))),
        ]);
    }
}
