namespace Anpr.Models.Plates;

/// <summary>One place at which a read is not what a pattern has there.</summary>
/// <param name="At">Position in the read, from 0; of a character that the read lacks, the one before which it is missing.</param>
/// <param name="Read">What was read; null where the read lacks a character.</param>
/// <param name="Listed">What is listed; null where the read has one too many.</param>
public readonly record struct PlateDifference(int At, char? Read, char? Listed)
{
    /// <summary>Where a read differs from a pattern (<c>?</c> and <c>*</c> cover what they stand for), by the fewest differences; in order.</summary>
    public static IReadOnlyList<PlateDifference> Between(string pattern, string text)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(text);
        // cost[p, t]: fewest differences between what is left of both.
        var cost = new int[pattern.Length + 1, text.Length + 1];
        for (var p = pattern.Length; p >= 0; p--)
        {
            for (var t = text.Length; t >= 0; t--)
            {
                cost[p, t] = p == pattern.Length && t == text.Length ? 0 : Next(cost, pattern, text, p, t).Cost;
            }
        }

        var found = new List<PlateDifference>();
        for (var (p, t) = (0, 0); p < pattern.Length || t < text.Length;)
        {
            var next = Next(cost, pattern, text, p, t);
            if (next.Difference is { } difference)
            {
                found.Add(difference);
            }

            (p, t) = (next.P, next.T);
        }

        return found;
    }

    private static (int Cost, int P, int T, PlateDifference? Difference) Next(int[,] cost, string pattern, string text, int p, int t)
    {
        var (hasPattern, hasText) = (p < pattern.Length, t < text.Length);
        var best = (Cost: int.MaxValue, P: p, T: t, Difference: (PlateDifference?)null);
        if (hasPattern && pattern[p] == '*')
        {
            Take(cost[p + 1, t], p + 1, t, null);
            if (hasText)
            {
                Take(cost[p, t + 1], p, t + 1, null);
            }

            return best;
        }

        if (hasPattern && hasText)
        {
            var same = pattern[p] == '?' || pattern[p] == text[t];
            Take(cost[p + 1, t + 1] + (same ? 0 : 1), p + 1, t + 1, same ? null : new PlateDifference(t, text[t], pattern[p]));
        }

        if (hasText)
        {
            Take(cost[p, t + 1] + 1, p, t + 1, new PlateDifference(t, text[t], null));
        }

        if (hasPattern)
        {
            Take(cost[p + 1, t] + 1, p + 1, t, new PlateDifference(t, null, pattern[p]));
        }

        return best;

        void Take(int value, int nextP, int nextT, PlateDifference? difference)
        {
            if (value < best.Cost)
            {
                best = (value, nextP, nextT, difference);
            }
        }
    }
}
