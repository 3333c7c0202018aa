using Anpr.Tests;

namespace Anpr.Edge.Tests;

/// <summary>The evaluation data, which is not part of the repository: tests that need it are skipped without it, but not in CI.</summary>
internal static class SharedData
{
    /// <summary>The path of a file or folder of it; skips the test when it is absent.</summary>
    public static string Need(string name)
    {
        var path = Path.Combine(EvaluationData.Folder, name);
        return Require(File.Exists(path) || Directory.Exists(path) ? path : null, $"the evaluation data {path} is absent: {EvaluationData.Cure}");
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
}
