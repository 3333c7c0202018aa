namespace Anpr.Tests;

/// <summary>Where the evaluation data is, which is no part of the repository. This file is linked into every project that reads it.</summary>
internal static class EvaluationData
{
    /// <summary><c>data</c> in the shared folder: the one that <c>ANPR_SHARED</c> names, else <c>shared</c> in or above the repository.</summary>
    public static string Folder { get; } = Find(Environment.GetEnvironmentVariable("ANPR_SHARED"), AppContext.BaseDirectory);

    /// <summary>What a person without it does.</summary>
    public const string Cure = "put it into shared/data beside the repository, or name that shared folder in ANPR_SHARED";

    /// <summary>The folder, which may not be there.</summary>
    /// <param name="shared">The shared folder's name; empty or null: looked for from <paramref name="from"/> upwards.</param>
    /// <param name="from">A folder.</param>
    internal static string Find(string? shared, string from)
    {
        if (!string.IsNullOrEmpty(shared))
        {
            return Path.Combine(shared, "data");
        }

        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data))
            {
                return data;
            }
        }

        return Path.Combine("shared", "data");
    }
}
