using System.Globalization;
using System.Text;

namespace Anpr.Models.Plates;

/// <summary>The alphabet of registrations and the forms in which they are compared.</summary>
public static class PlateText
{
    /// <summary>All characters that a text may hold, in the order of the reader's classes (class 0 is CTC's blank, so class = index + 1).</summary>
    public const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    // Greek and Cyrillic letters that plates use for their Latin twins: Vienna Convention on Road Traffic 1968, annex 2, asks for
    // capital Latin letters; Greece, Bulgaria, Ukraine and others issue only letters that exist in both scripts.
    private const string Twins = "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXАAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅS";

    // Latin letters with marks as people type them; plates are compared by the base letter. A table, because the programs run without
    // the system's Unicode data (InvariantGlobalization), where Normalize leaves such letters as they are.
    private const string Marked =
        "ÀAÁAÂAÃAÄAÅAĀAĂAĄAÇCĆCČCĎDĐDÈEÉEÊEËEĒEĖEĘEĚEĞGĢGÌIÍIÎIÏIĪIĮIİIĶKĹLĻLĽLŁLÑNŃNŅNŇNÒOÓOÔOÕOÖOØOŐOŔRŘRŚSŞSŠSȘSŢTŤTȚTÙUÚUÛUÜUŪUŮUŰUŲUÝYŸYŹZŻZŽZ";

    private static readonly Dictionary<char, char> Latin = Pairs(Twins + Marked);

    /// <summary>
    /// The canonical form: capital letters A-Z and digits only; accents, spaces, hyphens and all else dropped, Greek and Cyrillic twins
    /// made Latin. O and 0, I and 1 stay apart. Folding twice changes nothing.
    /// </summary>
    public static string Fold(string text) => Fold(text, keep: "");

    /// <summary>As <see cref="Fold(string)"/>, but <c>*</c> and <c>?</c> stay, for patterns.</summary>
    public static string FoldPattern(string pattern) => Fold(pattern, keep: "*?");

    /// <summary>
    /// The form in which texts are compared loosely and readers are scored: folded, O written 0 and I written 1, because many
    /// countries stamp one glyph for both.
    /// </summary>
    public static string Merge(string text) => Fold(text).Replace('O', '0').Replace('I', '1');

    /// <summary>Number of characters to insert, delete or replace to come from one text to the other.</summary>
    public static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        Span<int> row = b.Length < 64 ? stackalloc int[b.Length + 1] : new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            row[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replace = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replace, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }

    private static Dictionary<char, char> Pairs(string pairs) => Enumerable.Range(0, pairs.Length / 2).ToDictionary(i => pairs[2 * i], i => pairs[(2 * i) + 1]);

    private static string Fold(string text, string keep)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var upper = char.ToUpper(c, CultureInfo.InvariantCulture);
            upper = Latin.GetValueOrDefault(upper, upper);
            if (char.IsAsciiLetterUpper(upper) || char.IsAsciiDigit(upper) || keep.Contains(upper, StringComparison.Ordinal))
            {
                folded.Append(upper);
            }
        }

        return folded.ToString();
    }
}
