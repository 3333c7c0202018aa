using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;

namespace Anpr.Models;

/// <summary>A model that was checked against its card and loaded. Thread-safe as ONNX Runtime's session is. Dispose it.</summary>
public sealed class ModelFile : IDisposable
{
    private ModelFile(string path, ModelCard card, InferenceSession session)
    {
        Path = path;
        Card = card;
        Session = session;
    }

    /// <summary>Where the .onnx file was.</summary>
    public string Path { get; }

    /// <summary>Its card.</summary>
    public ModelCard Card { get; }

    /// <summary>The loaded graph.</summary>
    public InferenceSession Session { get; }

    /// <summary>The folder beside the program that holds the shipped models.</summary>
    public static string ShippedFolder => System.IO.Path.Combine(AppContext.BaseDirectory, "models");

    /// <summary>
    /// Loads <paramref name="name"/>.onnx and its card <paramref name="name"/>.json out of <paramref name="folder"/>, on
    /// <paramref name="threads"/> threads (1 or more). Throws <see cref="ModelException"/> when a file is missing, damaged,
    /// is another one than its card says, or does not have the named input and output.
    /// </summary>
    public static ModelFile Load(string folder, string name, string input, string output, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var path = System.IO.Path.Combine(folder, name + ".onnx");
        var bytes = ReadBytes(path);
        var card = ModelCard.Read(System.IO.Path.ChangeExtension(path, ".json"));
        CheckCard(path, name, card, bytes);
        var session = Open(path, bytes, threads);
        var model = new ModelFile(path, card, session);
        try
        {
            model.CheckGraph(input, output);
            return model;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>A value out of the file's own metadata. Throws <see cref="ModelException"/> when it is absent.</summary>
    public string Metadata(string key) => TryMetadata(key)
        ?? throw new ModelException($"{Path}: the metadata key '{key}' is missing. Export the model again with models/training.");

    /// <summary>A value out of the file's own metadata, null when absent.</summary>
    public string? TryMetadata(string key) => Session.ModelMetadata.CustomMetadataMap.GetValueOrDefault(key);

    /// <summary>A number out of the metadata within a range. Throws <see cref="ModelException"/> when absent, no number or outside.</summary>
    public float Number(string key, float min, float max)
    {
        var text = Metadata(key);
        return float.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw new ModelException(FormattableString.Invariant($"{Path}: metadata '{key}' is '{text}', allowed is {min} to {max}. Export the model again with models/training."));
    }

    /// <inheritdoc/>
    public void Dispose() => Session.Dispose();

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelException($"{path}: the model is missing. Restore it from the release, or train it (docs/training.md).", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ModelException($"{path}: the model cannot be read ({ModelCard.FirstLine(e.Message)}). Check its permissions.", e);
        }
    }

    private static void CheckCard(string path, string name, ModelCard card, byte[] bytes)
    {
        if (card.Name != name)
        {
            throw new ModelException($"{path}: its card is for '{card.Name}', not '{name}'. Restore both from one release.");
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!string.Equals(hash, card.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new ModelException($"{path}: the file is truncated or not the one its card describes (sha256 {hash}, card {card.Sha256}). Restore both from one release.");
        }
    }

    private static InferenceSession Open(string path, byte[] bytes, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        try
        {
            return new InferenceSession(bytes, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelException($"{path}: this is no model that ONNX Runtime can load ({ModelCard.FirstLine(e.Message)}). Restore it from the release.", e);
        }
    }

    private void CheckGraph(string input, string output)
    {
        if (!Session.InputMetadata.ContainsKey(input) || !Session.OutputMetadata.ContainsKey(output))
        {
            throw new ModelException($"{Path}: the graph has no input '{input}' or no output '{output}'. It is a model of another kind: restore it from the release.");
        }

        var version = Metadata("version");
        if (version != Card.Version)
        {
            throw new ModelException($"{Path}: its version is '{version}', its card says '{Card.Version}'. Restore both from one release.");
        }
    }
}
