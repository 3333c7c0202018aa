using Anpr.Models.Plates;
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

    /// <summary>What is to be said of each character that differs from the pattern, null for the others. One that the read lacks is said of its neighbour.</summary>
    internal static string?[] Differing(string text, string pattern)
    {
        var differs = new string?[text.Length];
        foreach (var (at, read, listed) in pattern.Length == 0 || text.Length == 0 ? [] : PlateDifference.Between(pattern, text))
        {
            differs[Math.Min(at, text.Length - 1)] ??= (read, listed) switch
            {
                (null, _) => $"the list has {listed} besides",
                (_, null) => $"{read} is not on the list",
                _ => $"{read} is {listed} on the list",
            };
        }

        return differs;
    }

    private static PlateCell Cell(char c, Character? read, string? differs)
    {
        var unsure = read is not null && read.P < SureFrom;
        var words = unsure
            ? $"{c} {read!.P:P0}" + string.Concat(read.Alternatives.Take(3).Select(a => $", perhaps {a.C} {a.P:P0}"))
            : "";
        return new PlateCell(c, unsure, differs is not null, string.Join("; ", new[] { differs ?? "", words }.Where(w => w.Length > 0)));
    }
}
