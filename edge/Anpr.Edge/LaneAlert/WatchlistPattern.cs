namespace Anpr.Edge.LaneAlert;

/// <summary>Patterns of a watchlist: <c>?</c> stands for one character, <c>*</c> for any number, all else for itself.</summary>
internal static class WatchlistPattern
{
    /// <summary>True when the pattern stands for more than one text.</summary>
    public static bool IsWildcard(string pattern) => pattern.AsSpan().ContainsAny('?', '*');

    /// <summary>True when the whole text fits the whole pattern. Both folded; an empty pattern fits nothing.</summary>
    public static bool Matches(string pattern, string text)
    {
        if (pattern.Length == 0)
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

        return pattern.AsSpan(p).IndexOfAnyExcept('*') < 0;
    }
}
