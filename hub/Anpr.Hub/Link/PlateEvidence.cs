using Anpr.Proto.V1;

namespace Anpr.Hub.Link;

/// <summary>What one sighting says about its registration: text, and what may stand at each position.</summary>
/// <param name="Text">0-9 A-Z.</param>
/// <param name="Characters">One for each character of <paramref name="Text"/>.</param>
/// <param name="Country">ISO 3166-1 alpha-2, empty when unknown.</param>
public sealed record PlateEvidence(string Text, IReadOnlyList<Position> Characters, string Country)
{
    // Where a source gives no probabilities per character, as imported records do: what published matchers take for a good read.
    private const double Assumed = 0.99;

    /// <summary>Takes it from a sighting; characters that do not fit the text are replaced by the sighting's confidence.</summary>
    public static PlateEvidence Of(Sighting sighting)
    {
        var text = sighting.Text;
        var given = sighting.Characters;
        var fits = given.Count == text.Length && !given.Where((c, i) => c.C.Length != 1 || c.C[0] != text[i] || float.IsNaN(c.P) || c.Alternatives.Any(a => float.IsNaN(a.P))).Any();
        var positions = fits ? given.Select(Of).ToList() : text.Select(c => new Position([new Option(c, Assumed)])).ToList();
        return new PlateEvidence(text, positions, sighting.Country);
    }

    private static Position Of(Character character) => new(
    [
        new Option(character.C[0], Math.Clamp(character.P, 0, 1)),
        .. character.Alternatives.Where(a => a.C.Length == 1).Select(a => new Option(a.C[0], Math.Clamp(a.P, 0, 1))),
    ]);
}
