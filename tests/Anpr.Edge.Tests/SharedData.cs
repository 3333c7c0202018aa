namespace Anpr.Edge.Tests;

/// <summary>The evaluation data, which is not part of the repository: tests that need it are skipped without it, but not in CI.</summary>
internal static class SharedData
{
    /// <summary>The path of a file or folder of it; skips the test when it is absent.</summary>
    public static string Need(string name)
    {
        var path = Find() is { } root ? Path.Combine(root, name) : null;
        return Require(path is not null && (File.Exists(path) || Directory.Exists(path)) ? path : null, $"evaluation data '{name}' is absent: put it beside the repository as shared/data, or name its folder in ANPR_SHARED");
    }

    /// <summary>The folder of the shipped models; skips the test when they are not built in.</summary>
    public static string NeedModels()
    {
        var folder = Anpr.Models.ModelFile.ShippedFolder;
        var there = File.Exists(Path.Combine(folder, "detector.onnx")) && File.Exists(Path.Combine(folder, "reader.onnx"));
        return Require(there ? folder : null, "the trained models are absent: models/detector.onnx and models/reader.onnx");
    }

    private static string Require(string? path, string missing)
    {
        if (path is null && Environment.GetEnvironmentVariable("CI") is ("true" or "1"))
        {
            Assert.Fail(missing);
        }

        Assert.SkipWhen(path is null, missing);
        return path!;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("ANPR_SHARED") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var data = Path.Combine(folder.FullName, "shared", "data");
            if (Directory.Exists(data))
            {
                return data;
            }
        }

        return null;
    }
}
