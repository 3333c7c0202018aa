using Anpr.EndToEnd.Site;
using Anpr.Models;
using Anpr.Tests;

namespace Anpr.EndToEnd.Tests;

/// <summary>What a test cannot do without. Missing, the test is skipped with a word, and fails where <c>CI</c> is set.</summary>
internal static class Needs
{
    /// <summary>The trained models.</summary>
    public static void Models() => Have(
        File.Exists(Path.Combine(ModelFile.ShippedFolder, "detector.onnx")) && File.Exists(Path.Combine(ModelFile.ShippedFolder, "reader.onnx")),
        "models/detector.onnx and models/reader.onnx are not there");

    /// <summary>A folder of the evaluation data.</summary>
    public static string Data(string folder)
    {
        var path = Path.Combine(EvaluationData.Folder, folder);
        Have(Directory.Exists(path), $"the evaluation data {path} is absent: {EvaluationData.Cure}");
        return path;
    }

    private static void Have(bool there, string words)
    {
        if (there)
        {
            return;
        }

        Assert.False(Environment.GetEnvironmentVariable("CI") == "true", words);
        Assert.Skip(words);
    }
}
