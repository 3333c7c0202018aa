using System.Text.Json;
using System.Text.Json.Serialization;

namespace Anpr.Models;

/// <summary>The part of a model's card that is checked when it is loaded; the rest is for people.</summary>
/// <param name="Name">"detector" or "reader".</param>
/// <param name="Version">Version of the weights, the same as in the file's own metadata.</param>
/// <param name="Sha256">Lower-case hex of the .onnx file.</param>
public sealed record ModelCard(
    [property: JsonRequired] string Name,
    [property: JsonRequired] string Version,
    [property: JsonRequired] string Sha256)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Reads a card. Throws <see cref="ModelException"/> when it is missing or is no card.</summary>
    public static ModelCard Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelCard>(File.ReadAllBytes(path), Json)
                ?? throw new ModelException($"{path}: the model card is empty. Restore it from the release.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelException($"{path}: the model card is missing. Restore it from the release.", e);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: the model card cannot be read ({FirstLine(e.Message)}). Restore it from the release.", e);
        }
    }

    internal static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('\r', '.', ' ');
}
