using Anpr.Edge.Detect;
using Anpr.Models;
using Anpr.Models.Plates;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OpenCvSharp;

namespace Anpr.Edge.Read;

/// <summary>Reads the text of plates with the reader model. Its crop buffer is pooled: one thread at a time.</summary>
public sealed class PlateReader : IDisposable
{
    /// <summary>Plates that are read in one run of the model.</summary>
    public const int MaxBatch = 8;

    // From this confidence on one look is enough. Of 409 plates in photographs, with texts held out from training, 381 were right with one
    // look and 390 with two more at the unsure ones; 380 with a wider look whose longer text was believed.
    private const float Sure = 0.9f;

    // Shares of the plate's width and height that the further looks add to the margins, on each side: a box that ends too early cuts a
    // character off, one that ends too late has what is beside the plate in it.
    private static readonly (float X, float Y)[] FurtherLooks = [(0.15f, 0), (-0.04f, -0.08f)];

    // A plate that is given as a picture is shrunk to so many times the reader's crop before it is cut.
    private const int MaxCropScale = 4;

    private readonly ModelFile _model;
    private readonly PlateDecoder _decoder;
    private readonly float _minAlternative;
    private readonly float _marginX;
    private readonly float _marginY;
    private readonly int[]? _countries;
    private readonly int _tableSize;
    private readonly string[] _outputs;
    private readonly string[] _inputs = ["crops"];
    private readonly RunOptions _run = new();
    private readonly Mat _crops = new(Rectifier.Height * MaxBatch, Rectifier.Width, MatType.CV_8UC3);

    /// <summary>Takes a loaded model, which it does not own. Throws <see cref="ModelException"/> when it speaks another alphabet.</summary>
    public PlateReader(ModelFile model, ReadOptions options, CountryTable countries)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        if (model.Metadata("alphabet") != PlateText.Alphabet)
        {
            throw new ModelException($"{model.Path}: the reader's alphabet is '{model.Metadata("alphabet")}', it must be '{PlateText.Alphabet}'. Export it again with models/training.");
        }

        _marginX = model.Number("margin_x", -0.2f, 1);
        _marginY = model.Number("margin_y", -0.2f, 1);
        _minAlternative = options.MinAlternative;
        _decoder = new(options, model.Number("temperature", 0.01f, 100));
        _countries = model.Session.OutputMetadata.ContainsKey("country") ? Places(model, countries) : null;
        _tableSize = countries.Countries.Count;
        _outputs = _countries is null ? ["characters"] : ["characters", "country"];
    }

    /// <summary>"reader/VERSION".</summary>
    public string Version => "reader/" + _model.Card.Version;

    /// <summary>Loads the model out of a folder.</summary>
    public static ModelFile Load(string folder, int threads = 1) => ModelFile.Load(folder, "reader", "crops", "characters", threads);

    /// <summary>
    /// One read for each plate, in their order: its quad, and the BGR pixels that hold it with room round it. One that is not surely read is
    /// looked at twice more, cut a little wider and a little closer.
    /// </summary>
    public IReadOnlyList<PlateRead> Read(IReadOnlyList<(Mat Image, Quad Quad)> plates)
    {
        ArgumentNullException.ThrowIfNull(plates);
        return Read(plates.Count, (i, by, crop) => Rectifier.Cut(plates[i].Image, plates[i].Quad, _marginX + by.X, _marginY + by.Y, crop));
    }

    /// <summary>The text of a picture that is one plate already, cut with about the margins that the detector leaves.</summary>
    public PlateRead ReadCrop(Mat plate)
    {
        ArgumentNullException.ThrowIfNull(plate);

        // A picture file may be as long as it likes; a warp takes 32,766 pixels.
        using var held = new Mat(Math.Min(plate.Height, MaxCropScale * Rectifier.Height), Math.Min(plate.Width, MaxCropScale * Rectifier.Width), MatType.CV_8UC3);
        Stretch(plate, held);
        var whole = Quad.Of(new(0, 0, held.Width, held.Height));
        return Read(1, (_, by, crop) =>
        {
            if (by == default)
            {
                Stretch(held, crop);
            }
            else
            {
                Rectifier.Cut(held, whole, by.X, by.Y, crop);
            }
        })[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _crops.Dispose();
        _run.Dispose();
    }

    private List<PlateRead> Read(int count, Action<int, (float X, float Y), Mat> cut)
    {
        var reads = ReadAll(count, (i, crop) => cut(i, default, crop));
        int[] unsure = [.. Enumerable.Range(0, count).Where(i => reads[i] is { Confidence: < Sure, Text.Length: > 0 })];
        var again = FurtherLooks.Select(by => ReadAll(unsure.Length, (k, crop) => cut(unsure[k], by, crop))).ToList();
        for (var k = 0; k < unsure.Length; k++)
        {
            reads[unsure[k]] = LookMixture.Of([reads[unsure[k]], .. again.Select(look => look[k])], _minAlternative);
        }

        return reads;
    }

    private static void Stretch(Mat plate, Mat crop) =>
        Cv2.Resize(plate, crop, crop.Size(), 0, 0, plate.Width > crop.Width ? InterpolationFlags.Area : InterpolationFlags.Linear);

    private List<PlateRead> ReadAll(int count, Action<int, Mat> cut)
    {
        var reads = new List<PlateRead>(count);
        for (var from = 0; from < count; from += MaxBatch)
        {
            var batch = Math.Min(MaxBatch, count - from);
            for (var i = 0; i < batch; i++)
            {
                using var crop = new Mat(_crops, new Rect(0, i * Rectifier.Height, Rectifier.Width, Rectifier.Height));
                cut(from + i, crop);
            }

            Run(batch, reads);
        }

        return reads;
    }

    private void Run(int batch, List<PlateRead> reads)
    {
        long[] shape = [batch, Rectifier.Height, Rectifier.Width, 3];
        using var input = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.UInt8, shape, _crops.Data, (long)batch * Rectifier.Height * Rectifier.Width * 3);
        using var results = _model.Session.Run(_run, _inputs, [input], _outputs);
        var characters = results[0].GetTensorDataAsSpan<float>();
        var length = characters.Length / batch;
        for (var i = 0; i < batch; i++)
        {
            var look = _countries is null ? null : Look(results[1].GetTensorDataAsSpan<float>().Slice(i * _countries.Length, _countries.Length));
            reads.Add(_decoder.Decode(characters.Slice(i * length, length), look));
        }
    }

    // Where each class of the model's second output stands in the table; -1 for its last class, "unknown".
    private static int[] Places(ModelFile model, CountryTable table)
    {
        var codes = model.Metadata("countries").Split(',');
        if (codes[^1] != "unknown")
        {
            throw new ModelException($"{model.Path}: the last of the reader's countries is '{codes[^1]}', it must be 'unknown'. Export it again with models/training.");
        }

        var known = table.Countries.Select(c => c.Code).ToList();
        int[] places = [.. codes.SkipLast(1).Select(code => known.IndexOf(code)), -1];
        var missing = Array.IndexOf(places, -1);
        return missing == places.Length - 1
            ? places
            : throw new ModelException($"{model.Path}: the reader knows the country '{codes[missing]}', which the table of countries does not. Restore both from one release.");
    }

    private float[] Look(ReadOnlySpan<float> probabilities)
    {
        var look = new float[_tableSize];
        for (var i = 0; i < _countries!.Length - 1; i++)
        {
            look[_countries[i]] = probabilities[i];
        }

        return look;
    }
}
