using Anpr.Edge.Read;

namespace Anpr.Edge.Track;

/// <summary>What the reads of one plate say together.</summary>
/// <param name="Text">0-9 A-Z, with the formats of countries weighed in.</param>
/// <param name="RawText">The same before that.</param>
/// <param name="RawConfidence">Probability of <paramref name="RawText"/> before that, 0..1: whether two looks, or a look and a place, belong together is judged by it.</param>
/// <param name="Confidence">Probability that the whole text is right, 0..1.</param>
/// <param name="Characters">One per position.</param>
/// <param name="Alternatives">Other texts, best first.</param>
/// <param name="Country">ISO 3166-1 alpha-2, null when unknown.</param>
/// <param name="Lines">1 or 2.</param>
/// <param name="Reads">Frames that were read.</param>
/// <param name="Agreeing">Of those, how many say the raw text but for one character at most (O=0, I=1).</param>
internal sealed record Consensus(
    string Text,
    string RawText,
    float RawConfidence,
    float Confidence,
    IReadOnlyList<CharacterRead> Characters,
    IReadOnlyList<TextProbability> Alternatives,
    string? Country,
    int Lines,
    int Reads,
    int Agreeing);
