using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace Anpr.Models.Tests;

public sealed class ModelFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("anpr-model-");

    [Theory]
    [InlineData("detector", "frame", "plates")]
    [InlineData("reader", "crops", "characters")]
    public void Load_ShippedModel_FitsItsCard(string name, string input, string output)
    {
        using var model = ModelFile.Load(ModelFile.ShippedFolder, name, input, output);

        Assert.Equal(model.Card.Version, model.Metadata("version"));
        Assert.True(new FileInfo(model.Path).Length < 8_000_000);
    }

    [Fact]
    public void ShippedDetector_OptimisedByTheRuntime_ConvolvesInIntegers()
    {
        var optimised = PathOf("optimised.onnx");
        using (var options = new SessionOptions { OptimizedModelFilePath = optimised, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR })
        {
            using var session = new InferenceSession(Path.Combine(ModelFile.ShippedFolder, "detector.onnx"), options);
        }

        var graph = Encoding.Latin1.GetString(File.ReadAllBytes(optimised));

        // 33 a look; where a pattern is not fused the operators between the convolutions run in float, three times as slow.
        Assert.Equal(66, graph.Split("QLinearConv").Length - 1);
        Assert.Equal(10, graph.Split("QLinearAdd").Length - 1);
        Assert.Equal(2, graph.Split("\u0010DequantizeLinear").Length - 1);
    }

    [Fact]
    public void Load_NoFile_NamesIt() => Refused("is missing");

    [Fact]
    public void Load_NoCard_NamesIt()
    {
        Copy();
        File.Delete(PathOf("reader.json"));
        Refused("reader.json: the model card is missing");
    }

    [Fact]
    public void Load_TruncatedFile_Refused()
    {
        Copy();
        var bytes = File.ReadAllBytes(PathOf("reader.onnx"));
        File.WriteAllBytes(PathOf("reader.onnx"), bytes[..^100]);
        Refused("truncated or not the one its card describes");
    }

    [Fact]
    public void Load_NoModelAtAll_Refused()
    {
        File.WriteAllText(PathOf("reader.onnx"), "no model");
        WriteCard("reader", "1");
        Refused("no model that ONNX Runtime can load");
    }

    [Fact]
    public void Load_CardOfAnother_Refused()
    {
        Copy();
        WriteCard("detector", "1");
        Refused("its card is for 'detector'");
    }

    [Fact]
    public void Load_OtherVersionThanItsCard_Refused()
    {
        Copy();
        WriteCard("reader", "other");
        Refused("its card says 'other'");
    }

    [Fact]
    public void Load_OtherInput_Refused()
    {
        Copy();
        var e = Assert.Throws<ModelException>(() => ModelFile.Load(_folder.FullName, "reader", "frame", "characters"));
        Assert.Contains("no input 'frame'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Number_OutOfRangeOrAbsent_NamesKeyAndRange()
    {
        Copy();
        using var model = ModelFile.Load(_folder.FullName, "reader", "crops", "characters");

        Assert.Contains("allowed is 5 to 6", Assert.Throws<ModelException>(() => model.Number("margin_x", 5, 6)).Message, StringComparison.Ordinal);
        Assert.Contains("'nonsense' is missing", Assert.Throws<ModelException>(() => model.Metadata("nonsense")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private void Copy()
    {
        foreach (var name in new[] { "reader.onnx", "reader.json" })
        {
            File.Copy(Path.Combine(ModelFile.ShippedFolder, name), PathOf(name));
        }
    }

    private void WriteCard(string name, string version)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(PathOf("reader.onnx"))));
        File.WriteAllText(PathOf("reader.json"), $$"""{"name":"{{name}}","version":"{{version}}","sha256":"{{hash}}"}""");
    }

    private void Refused(string words)
    {
        var e = Assert.Throws<ModelException>(() => ModelFile.Load(_folder.FullName, "reader", "crops", "characters"));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
