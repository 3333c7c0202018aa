namespace Anpr.Benchmarks;

/// <summary>Where the evaluation data lies: --data, ANPR_SHARED, or shared/data beside the repository.</summary>
internal static class EvaluationData
{
    /// <summary>The folder; null, with one line on stderr, when there is none.</summary>
    public static string? Find(string[] args)
    {
        var at = Array.IndexOf(args, "--data");
        var named = at >= 0 && at + 1 < args.Length ? args[at + 1] : Environment.GetEnvironmentVariable("ANPR_SHARED");
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); named is null && folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data");
            named = Directory.Exists(data) ? data : null;
        }

        if (named is not null && Directory.Exists(named))
        {
            return named;
        }

        Console.Error.WriteLine($"anpr bench: there is no evaluation data at '{named ?? "shared/data"}'. Name its folder with --data or ANPR_SHARED.");
        return null;
    }

    /// <summary>Rows of a labels.csv without its heading.</summary>
    public static List<string[]> Labels(string data, string file) => [.. File.ReadLines(Path.Combine(data, file)).Skip(1).Select(l => l.Split(','))];
}
