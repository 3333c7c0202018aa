namespace Anpr.Models.Plates;

/// <summary>How a text fits a pattern.</summary>
public enum PatternFit
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A wildcard stood for a part, or a character is only a look-alike: must be shown as loose.</summary>
    Loose,

    /// <summary>Character by character.</summary>
    Exact,
}

/// <summary>Patterns of a watchlist: <c>?</c> stands for one character, <c>*</c> for any number, all else for itself. Lane and hub both match by this.</summary>
public static class WatchlistPattern
{
    /// <summary>How a folded text fits a folded pattern. Many countries stamp one glyph for O and 0 and one for I and 1: those always fit loosely.</summary>
    /// <param name="pattern">Registration or pattern, folded.</param>
    /// <param name="text">What was read, folded.</param>
    public static PatternFit Fit(string pattern, string text)
    {
        if (Matches(pattern, text))
        {
            return pattern.AsSpan().ContainsAny('?', '*') ? PatternFit.Loose : PatternFit.Exact;
        }

        return Matches(Merged(pattern), Merged(text)) ? PatternFit.Loose : PatternFit.None;
    }

    /// <summary>True when the whole text fits the whole pattern. Both folded; an empty pattern fits nothing.</summary>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        if (pattern.IsEmpty)
        {
            return false;
        }

        // Goes back only to the last star, so that no pattern takes more than pattern x text steps.
        var (p, t, star, resume) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, resume) = (p++, t);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }

    /// <summary>A folded text or pattern with O written 0 and I written 1.</summary>
    internal static string Merged(string text) => text.Replace('O', '0').Replace('I', '1');
}
