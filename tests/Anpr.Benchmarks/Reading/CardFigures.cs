using System.Text.Json;

namespace Anpr.Benchmarks.Reading;

/// <summary>What models/training/detector/evaluate.py measured on the detector's held-out photographs, out of the model's card; it is not measured again.</summary>
internal static class CardFigures
{
    private static readonly (string Begins, string Missing)[] Wanted =
    [
        ("AP at IoU 0.5", "AP at IoU 0.5 on held-out photographs"),
        ("false boxes", "false boxes a picture at 85 % recall"),
        ("corner error", "corner error"),
    ];

    /// <summary>The lines of the table; a figure that the card lacks is said to be missing.</summary>
    public static IEnumerable<Figure> Of(string path)
    {
        using var card = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. Of(card.RootElement)];
    }

    /// <summary>The same of a card in hand.</summary>
    public static IEnumerable<Figure> Of(JsonElement card)
    {
        var measured = card.TryGetProperty("measured", out var list) ? list.EnumerateArray().ToList() : [];
        foreach (var (begins, missing) in Wanted)
        {
            var found = measured.FindAll(m => m.GetProperty("what").GetString()!.StartsWith(begins, StringComparison.OrdinalIgnoreCase));
            if (found.Count == 0)
            {
                yield return new($"detector, {missing}", "not in the card", "", null);
            }

            foreach (var one in found)
            {
                yield return new(
                    $"detector, {one.GetProperty("what").GetString()}",
                    $"{one.GetProperty("value")}, n {(one.TryGetProperty("n", out var n) ? n.ToString() : "unknown")}",
                    one.TryGetProperty("wanted", out var wanted) ? wanted.ToString() : "",
                    null);
            }
        }
    }
}
