using Anpr.Proto.V1;

namespace Anpr.Hub.Web.Parts;

/// <summary>One character of a registration as drawn.</summary>
/// <param name="C">The character.</param>
/// <param name="Unsure">Its probability is under <see cref="SureFrom"/>.</param>
/// <param name="Differs">It is not what the watchlist entry has there.</param>
/// <param name="Words">What else it may be, for a tooltip and screen readers; empty when nothing is to be said.</param>
internal sealed record PlateCell(char C, bool Unsure, bool Differs, string Words)
{
    /// <summary>From this probability on a character is drawn as sure.</summary>
    public const double SureFrom = 0.9;

    /// <summary>Lays a registration out beside the pattern that it is compared with.</summary>
    /// <param name="text">The registration.</param>
    /// <param name="characters">Probabilities; those that do not belong to <paramref name="text"/> are left out.</param>
    /// <param name="pattern">Pattern of a watchlist entry, empty to compare with nothing.</param>
    public static IReadOnlyList<PlateCell> Lay(string text, IReadOnlyList<Character> characters, string pattern)
    {
        var fits = characters.Count == text.Length && text.Select((c, i) => characters[i].C == c.ToString()).All(same => same);
        var differs = Differing(text, pattern);
        return [.. text.Select((c, i) => Cell(c, fits ? characters[i] : null, differs[i]))];
    }

    /// <summary>Which characters of a text a pattern does not cover. A pattern with <c>*</c> is compared from both ends.</summary>
    internal static bool[] Differing(string text, string pattern)
    {
        var differs = new bool[text.Length];
        if (pattern.Length == 0)
        {
            return differs;
        }

        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            for (var i = 0; i < text.Length; i++)
            {
                differs[i] = i >= pattern.Length || !Same(text[i], pattern[i]);
            }

            return differs;
        }

        var tail = pattern[(pattern.LastIndexOf('*') + 1)..];
        for (var i = 0; i < Math.Min(star, text.Length); i++)
        {
            differs[i] = !Same(text[i], pattern[i]);
        }

        for (var i = 1; i <= Math.Min(tail.Length, text.Length); i++)
        {
            differs[^i] |= !Same(text[^i], tail[^i]);
        }

        return differs;
    }

    private static bool Same(char read, char listed) => listed == '?' || read == listed;

    private static PlateCell Cell(char c, Character? read, bool differs)
    {
        var unsure = read is not null && read.P < SureFrom;
        var words = unsure
            ? $"{c} {read!.P:P0}" + string.Concat(read.Alternatives.Take(3).Select(a => $", perhaps {a.C} {a.P:P0}"))
            : "";
        return new PlateCell(c, unsure, differs, differs ? $"{c} differs from the list{(words.Length > 0 ? "; " + words : "")}" : words);
    }
}
