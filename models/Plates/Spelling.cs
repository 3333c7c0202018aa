namespace Anpr.Models.Plates;

/// <summary>One way to divide what a plate shows into characters.</summary>
/// <param name="P">Probability of this division, 0..1; those of one plate sum to 1 at most.</param>
/// <param name="Columns">For each character its distribution over <see cref="PlateText.Alphabet"/>: 36 numbers that sum to 1.</param>
public sealed record Spelling(double P, IReadOnlyList<float[]> Columns)
{
    /// <summary>The likeliest character of each column.</summary>
    public string Text => string.Create(Columns.Count, Columns, static (text, columns) =>
    {
        for (var k = 0; k < text.Length; k++)
        {
            text[k] = PlateText.Alphabet[columns[k].AsSpan().IndexOf(columns[k].Max())];
        }
    });
}
