namespace Anpr.EndToEnd.Site;

/// <summary>The clips of the measuring data: video/labels.csv names each with its text.</summary>
internal static class Clips
{
    /// <summary>Each clip with its registration.</summary>
    public static IReadOnlyList<(string File, string Text)> In(string folder) =>
    [
        .. File.ReadLines(Path.Combine(folder, "labels.csv")).Skip(1)
            .Select(line => line.Split(','))
            .Select(cells => (Path.Combine(folder, Path.GetFileName(cells[0])), cells[1])),
    ];
}
