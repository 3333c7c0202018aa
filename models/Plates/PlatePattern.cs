namespace Anpr.Models.Plates;

/// <summary>One registration format in the pattern language of Plates/README.md. Immutable.</summary>
public sealed class PlatePattern
{
    private readonly string[] _positions;

    private PlatePattern(string source, string[] positions)
    {
        Source = source;
        _positions = positions;
    }

    /// <summary>The pattern as written.</summary>
    public string Source { get; }

    /// <summary>Number of characters of a text that fits.</summary>
    public int Length => _positions.Length;

    /// <summary>The characters that each position may hold.</summary>
    public IReadOnlyList<string> Positions => _positions;

    /// <summary>Reads a pattern; <paramref name="letters"/> is what <c>A</c> stands for. Throws <see cref="FormatException"/> on a mistake.</summary>
    public static PlatePattern Parse(string pattern, string letters)
    {
        var positions = new List<string>();
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '-': break;
                case 'A': positions.Add(letters); break;
                case '9': positions.Add("0123456789"); break;
                case '[': positions.Add(Until(pattern, ref i, ']')); break;
                case '\'': positions.AddRange(Until(pattern, ref i, '\'').Select(c => c.ToString())); break;
                default: throw new FormatException($"pattern \"{pattern}\": '{pattern[i]}' at {i + 1} is not part of the pattern language (Plates/README.md)");
            }
        }

        return positions.Count > 0 ? new(pattern, [.. positions]) : throw new FormatException("an empty pattern");
    }

    /// <summary>True when the pattern describes all characters of the folded text.</summary>
    public bool Fits(ReadOnlySpan<char> text)
    {
        if (text.Length != _positions.Length)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (!_positions[i].Contains(text[i], StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }

    private static string Until(string pattern, ref int i, char end)
    {
        var close = pattern.IndexOf(end, i + 1);
        if (close <= i + 1)
        {
            throw new FormatException($"pattern \"{pattern}\": '{pattern[i]}' at {i + 1} is not closed or holds nothing");
        }

        var inside = pattern[(i + 1)..close];
        i = close;
        return inside;
    }
}
