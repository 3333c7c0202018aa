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

    // Share of the plate's width that the second look adds on each side, and the confidence from which its longer text is believed:
    // on whole photographs 0.12 to 0.2 and 0.3 to 0.5 were alike, and 9 to 12 of 110 more were right than with one look.
    private const float WiderBy = 0.15f;
    private const float SureEnough = 0.4f;

    // Where the plain look is so sure that nothing is written, the wider one is not worth its time: in 131 such boxes of 2,595
    // photographs it found 3 single characters and no text. No confidence in a text is enough: of 728 that were regular and at least 0.97
    // sure, it made 13 longer, some of them rightly.
    private const float SureOfNothing = 0.9f;

    private readonly ModelFile _model;
    private readonly PlateDecoder _decoder;
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
    /// One read for each plate, in their order: its quad, and the BGR pixels that hold it with room round it. Each that may hold a text is looked at twice, the second time a little
    /// wider: a box that ends too early cuts a character off, and what is left reads as sure as a whole plate.
    /// </summary>
    public IReadOnlyList<PlateRead> Read(IReadOnlyList<(Mat Image, Quad Quad)> plates)
    {
        ArgumentNullException.ThrowIfNull(plates);
        List<PlateRead> Look(IReadOnlyList<(Mat Image, Quad Quad)> at, float marginX) =>
            ReadAll(at.Count, (i, crop) => Rectifier.Cut(at[i].Image, at[i].Quad, marginX, _marginY, crop));

        var reads = Look(plates, _marginX);
        int[] again = [.. Enumerable.Range(0, plates.Count).Where(i => IsWorthWiderLook(reads[i]))];
        var wider = Look([.. again.Select(i => plates[i])], _marginX + WiderBy);
        for (var k = 0; k < again.Length; k++)
        {
            reads[again[k]] = Whole(reads[again[k]], wider[k]);
        }

        return reads;
    }

    /// <summary>False where the plain look is sure that nothing is written.</summary>
    internal static bool IsWorthWiderLook(PlateRead plain) => plain.Text.Length > 0 || plain.Confidence < SureOfNothing;

    /// <summary>The wider look's read when it says the same and more, and is sure enough; else the plain one.</summary>
    internal static PlateRead Whole(PlateRead plain, PlateRead wider) =>
        wider.Text.Length > plain.Text.Length && wider.Text.Contains(plain.Text, StringComparison.Ordinal) && wider.Confidence >= SureEnough ? wider : plain;

    /// <summary>The text of a picture that is one plate already, cut with about the margins that the detector leaves.</summary>
    public PlateRead ReadCrop(Mat plate)
    {
        ArgumentNullException.ThrowIfNull(plate);
        return ReadAll(1, (_, crop) => Stretch(plate, crop))[0];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _crops.Dispose();
        _run.Dispose();
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
