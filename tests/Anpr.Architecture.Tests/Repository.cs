namespace Anpr.Architecture.Tests;

internal static class Repository
{
    /// <summary>The folder that holds Anpr.sln, found upwards from the test program.</summary>
    public static string Root { get; } = Find();

    /// <summary>Source files by pattern, without build output.</summary>
    public static IReadOnlyList<string> Files(string pattern) => [.. Directory.EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
        .Where(f => !f.Contains("/obj/", StringComparison.Ordinal) && !f.Contains("/bin/", StringComparison.Ordinal) && !f.Contains("/.git/", StringComparison.Ordinal))];

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Anpr.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Anpr.sln was not found above " + AppContext.BaseDirectory);
    }
}
