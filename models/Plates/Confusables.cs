namespace Anpr.Models.Plates;

/// <summary>
/// Characters that readers and people take for one another. The classes are those that published matchers use
/// (0=O=D=Q, 1=I, 2=Z, 5=S, 6=G, 8=B); which ones a given camera confuses is to be learned, not widened here.
/// </summary>
public static class Confusables
{
    private static readonly string[] Classes = ["0ODQ", "1I", "2Z", "5S", "6G", "8B"];

    private static readonly Dictionary<char, char> Representative =
        Classes.SelectMany(all => all.Select(c => (c, all[0]))).ToDictionary(pair => pair.c, pair => pair.Item2);

    /// <summary>The text with each character replaced by the first of its class: equal shapes differ in confusable characters only.</summary>
    public static string Shape(string text) => string.Create(text.Length, text, static (shape, source) =>
    {
        for (var i = 0; i < source.Length; i++)
        {
            shape[i] = Representative.GetValueOrDefault(source[i], source[i]);
        }
    });

    /// <summary>True when both are the same or of one class.</summary>
    public static bool Alike(char a, char b) => Representative.GetValueOrDefault(a, a) == Representative.GetValueOrDefault(b, b);

    /// <summary>Positions, from 0, at which two texts of the same length differ; null when the lengths differ.</summary>
    public static IReadOnlyList<int>? Differences(string a, string b) =>
        a.Length != b.Length ? null : [.. Enumerable.Range(0, a.Length).Where(i => a[i] != b[i])];
}
