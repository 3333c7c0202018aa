using Anpr.Hub.Audit;
using Anpr.Models.Plates;

namespace Anpr.Hub.Retention;

/// <summary>Finds audit entries that name what was erased: by an id, or by a registration however it was typed. Pure.</summary>
internal sealed class ErasedNames
{
    // A shorter text stands in too many others.
    private const int LeastInside = 5;

    private readonly HashSet<string> words;
    private readonly List<string> plates;

    /// <param name="names">Ids and folded registrations.</param>
    public ErasedNames(IEnumerable<string> names)
    {
        words = new HashSet<string>(names, StringComparer.OrdinalIgnoreCase);
        plates = [.. words.Where(w => w.Length >= LeastInside && w.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c)))];
    }

    /// <summary>True when the entry's content names one of them.</summary>
    public bool AreIn(AuditEntry entry) => AreIn(entry.About) || AreIn(entry.Result);

    /// <summary>True when a text names one of them.</summary>
    public bool AreIn(string text)
    {
        if (text.Length == 0)
        {
            return false;
        }

        var begin = 0;
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '-'))
            {
                continue;
            }

            if (at > begin && words.Contains(text[begin..at]))
            {
                return true;
            }

            begin = at + 1;
        }

        var folded = PlateText.Fold(text); // "ab12 cde" names AB12CDE
        return plates.Exists(p => folded.Contains(p, StringComparison.Ordinal));
    }
}
