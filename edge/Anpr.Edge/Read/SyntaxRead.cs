using Anpr.Models.Plates;

namespace Anpr.Edge.Read;

/// <summary>One plate's text from one frame with the formats of countries weighed in; it stands beside the raw read and never replaces it.</summary>
/// <param name="Text">0-10 characters, 0-9 A-Z.</param>
/// <param name="Confidence">Probability that the whole text is right, 0..1.</param>
/// <param name="Characters">One per position.</param>
/// <param name="Alternatives">Other texts, best first.</param>
/// <param name="Country">ISO 3166-1 alpha-2, null when unknown.</param>
public sealed record SyntaxRead(string Text, float Confidence, IReadOnlyList<CharacterRead> Characters, IReadOnlyList<TextProbability> Alternatives, string? Country)
{
    // Other texts and other characters below this are not listed.
    private const float LeastListed = 0.001f;

    /// <summary>What a raw read says under the formats.</summary>
    public static SyntaxRead Of(PlateRead read, PlateSyntax syntax)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(syntax);
        return Of(syntax.Apply(read.Spellings, read.Look));
    }

    /// <summary>The same for what several frames say together.</summary>
    internal static SyntaxRead Of(PlatePosterior posterior) => new(
        posterior.Text,
        (float)posterior.P,
        [.. posterior.Columns.Select((column, k) => PlateDecoder.Describe(column, posterior.Text[k], LeastListed))],
        [.. posterior.Others.Select(o => new TextProbability(o.Text, (float)o.P))],
        posterior.Country);
}
