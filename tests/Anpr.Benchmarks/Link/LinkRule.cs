using Anpr.Models.Plates;

namespace Anpr.Benchmarks.Link;

/// <summary>
/// What others do, as published: a sighting belongs to the vehicle seen last whose text fits, equal texts first. One text a vehicle, its
/// first; no times, no probabilities.
/// </summary>
/// <param name="name">For the table.</param>
/// <param name="keys">Under which a text is looked for.</param>
/// <param name="fits">Whether two texts of one key fit.</param>
internal sealed class LinkRule(string name, Func<string, IEnumerable<string>> keys, Func<string, string, bool> fits)
{
    private readonly Dictionary<string, List<(string Vehicle, string Text)>> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _last = new(StringComparer.Ordinal);
    private int _count;

    public string Name => name;

    /// <summary>Equal texts, character by character.</summary>
    public static LinkRule Exact() => new("exact match", text => [text], (_, _) => true);

    /// <summary>One character other, missing or too many.</summary>
    public static LinkRule Levenshtein() => new("Levenshtein 1", Deletions, (a, b) => PlateText.Distance(a, b) <= 1);

    /// <summary>One look-alike character (0=O=D=Q, 1=I, 2=Z, 5=S, 6=G, 8=B) and the same length: Genetec's default for plates of 5 to 11.</summary>
    public static LinkRule Genetec() => new("Genetec's rule", text => [Confusables.Shape(text)], (a, b) => Confusables.Differences(a, b) is { Count: <= 1 });

    /// <summary>The vehicle of the next sighting.</summary>
    public string Link(SeenPlate seen)
    {
        var text = seen.Row.Text;
        var fitting = keys(text).SelectMany(k => _known.GetValueOrDefault(k) ?? []).Where(v => v.Text == text || fits(v.Text, text)).ToList();
        var found = fitting.Count == 0 ? null : fitting.MaxBy(v => (v.Text == text, _last[v.Vehicle])).Vehicle;
        if (found is null)
        {
            found = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"v{_last.Count}");
            foreach (var key in keys(text).Distinct(StringComparer.Ordinal))
            {
                if (!_known.TryGetValue(key, out var list))
                {
                    _known[key] = list = [];
                }

                list.Add((found, text));
            }
        }

        _last[found] = _count++;
        return found;
    }

    private static IEnumerable<string> Deletions(string text) => Enumerable.Range(0, text.Length).Select(i => text.Remove(i, 1)).Prepend(text);
}
