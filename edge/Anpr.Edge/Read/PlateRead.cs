using Anpr.Models.Plates;

namespace Anpr.Edge.Read;

/// <summary>Another character that a position may hold, with its probability, 0..1.</summary>
public sealed record CharacterAlternative(char C, float P);

/// <summary>One position of a read: its best character, that one's probability, and the others, best first.</summary>
public sealed record CharacterRead(char C, float P, IReadOnlyList<CharacterAlternative> Alternatives);

/// <summary>A whole text of one read with its calibrated probability, 0..1.</summary>
public sealed record TextProbability(string Text, float P);

/// <summary>One plate's text from one frame, raw, never rewritten.</summary>
/// <param name="Text">0-10 characters, 0-9 A-Z.</param>
/// <param name="Confidence">Calibrated probability that the whole text is right, 0..1.</param>
/// <param name="Characters">One per position.</param>
/// <param name="Lines">Text lines on the plate: 1 or 2.</param>
/// <param name="Spellings">The ways to divide it into characters, the text's own first.</param>
public sealed record PlateRead(string Text, float Confidence, IReadOnlyList<CharacterRead> Characters, int Lines, IReadOnlyList<Spelling> Spellings)
{
    /// <summary>Other texts of this frame, best first.</summary>
    public IReadOnlyList<TextProbability> Alternatives { get; init; } = [];

    /// <summary>Probability of each country of the table, in its order, by the plate's looks; what is missing to 1 is "unknown". Null when the model does not say.</summary>
    public IReadOnlyList<float>? Look { get; init; }
}
