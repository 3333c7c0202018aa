namespace Anpr.EndToEnd.Site;

/// <summary>The clips of the measuring data: video/labels.csv names each with its text.</summary>
internal static class Clips
{
    /// <summary>The shared folder: <c>ANPR_SHARED</c>, else <c>shared</c> beside the repository.</summary>
    public static string SharedData(string folder)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Anpr.sln")))
        {
            root = root.Parent;
        }

        var shared = Environment.GetEnvironmentVariable("ANPR_SHARED") ?? Path.Combine(root?.Parent?.FullName ?? "", "shared");
        return Path.Combine(shared, "data", folder);
    }

    /// <summary>Each clip with its registration.</summary>
    public static IReadOnlyList<(string File, string Text)> In(string folder) =>
    [
        .. File.ReadLines(Path.Combine(folder, "labels.csv")).Skip(1)
            .Select(line => line.Split(','))
            .Select(cells => (Path.Combine(folder, Path.GetFileName(cells[0])), cells[1])),
    ];
}
