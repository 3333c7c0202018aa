namespace Anpr.Simulation.Traffic;

/// <summary>A made-up registration as it is stamped on a plate.</summary>
/// <param name="Text">0-9 A-Z, without gaps.</param>
/// <param name="Country">ISO 3166-1 alpha-2.</param>
/// <param name="Sign">The distinguishing sign in the band.</param>
/// <param name="Lines">One or two lines, each of one or more groups that a gap parts.</param>
/// <param name="Background">Colour of the plate, #RRGGBB.</param>
/// <param name="Ink">Colour of the characters, #RRGGBB.</param>
/// <param name="Band">left, right, both or none.</param>
internal sealed record Registration(
    string Text,
    string Country,
    string Sign,
    IReadOnlyList<IReadOnlyList<string>> Lines,
    string Background,
    string Ink,
    string Band);
