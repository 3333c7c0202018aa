namespace Anpr.Models.Plates;

/// <summary>What a plate says once it is known which texts countries issue.</summary>
/// <param name="Text">The likeliest text, 0-9 A-Z.</param>
/// <param name="P">Its probability, 0..1.</param>
/// <param name="Columns">For each of its characters the distribution over <see cref="PlateText.Alphabet"/>, 36 numbers that sum to 1, given how many there are.</param>
/// <param name="Others">Other texts of at least 0.001, best first.</param>
/// <param name="Country">ISO 3166-1 alpha-2, null when unknown. It serves reading only.</param>
public sealed record PlatePosterior(
    string Text,
    double P,
    IReadOnlyList<float[]> Columns,
    IReadOnlyList<(string Text, double P)> Others,
    string? Country);
