using System.Text;

namespace Anpr.Models.Plates;

/// <summary>The alphabet of registrations and the forms in which they are compared.</summary>
public static class PlateText
{
    /// <summary>Stands for a character that no registration of ours holds.</summary>
    public const char Unknown = '?';

    /// <summary>All characters that a text may hold, in the order of the reader's classes (class 0 is CTC's blank, so class = index + 1).</summary>
    public const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    // Greek and Cyrillic letters that plates use for their Latin twins: Vienna Convention on Road Traffic 1968, annex 2, asks for
    // capital Latin letters; Greece, Bulgaria, Ukraine and others issue only letters that exist in both scripts.
    private const string Twins = "ΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXАAВBЕEКKМMНHОOРPСCТTУYХXІIЈJЅS";

    // Latin letters with marks as people type them; plates are compared by the base letter. A table, because the programs run without
    // the system's Unicode data (InvariantGlobalization), where Normalize leaves such letters as they are.
    private const string Marked =
        "ÀAÁAÂAÃAÄAÅAĀAĂAĄAÇCĆCČCĎDĐDÈEÉEÊEËEĒEĖEĘEĚEĞGĢGÌIÍIÎIÏIĪIĮIİIĶKĹLĻLĽLŁLÑNŃNŅNŇNÒOÓOÔOÕOÖOØOŐOŔRŘRŚSŞSŠSȘSŢTŤTȚTÙUÚUÛUÜUŪUŮUŰUŲUÝYŸYŹZŻZŽZÐDıIЁEЇIΆAΈEΉHΊIΌOΎYΪIΫY";

    private static readonly Dictionary<char, char> Latin = Pairs(Twins + Marked);

    /// <summary>
    /// The canonical form in which registrations are stored and compared, at lanes and at the hub alike: capital letters A-Z, digits, and <c>?</c>
    /// for each letter or digit outside them. Spaces, hyphens, dots, seals and all else that is neither letter nor digit is dropped; a letter with
    /// marks becomes its base letter, one for one (Ä is A and never AE), Greek and Cyrillic twins become Latin. O and 0, I and 1 stay apart.
    /// Folding twice changes nothing (models/Plates/README.md).
    /// </summary>
    public static string Fold(string text) => Fold(text, keep: "?");

    /// <summary>As <see cref="Fold(string)"/>, but <c>*</c> stays too, for patterns, in which <c>?</c> is any one character.</summary>
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
        foreach (var rune in text.EnumerateRunes())
        {
            var c = rune.IsBmp ? char.ToUpperInvariant((char)rune.Value) : Unknown;
            c = Latin.GetValueOrDefault(c, c);
            if (char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || (rune.IsBmp && keep.Contains(c, StringComparison.Ordinal)))
            {
                folded.Append(c);
            }
            else if (Rune.IsLetterOrDigit(rune))
            {
                folded.Append(Unknown);
            }
        }

        return folded.ToString();
    }
}
