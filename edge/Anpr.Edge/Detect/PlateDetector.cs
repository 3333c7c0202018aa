using Anpr.Edge.Capture;
using Anpr.Models;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OpenCvSharp;

namespace Anpr.Edge.Detect;

/// <summary>Finds plates in frames with the detector model. Its input buffers are pooled: one thread at a time.</summary>
public sealed class PlateDetector : IDisposable
{
    // The grey that pads the view, as in training.
    private static readonly Scalar Grey = new(114, 114, 114);

    // What ends so near to the edge of a part, in pixels of the picture, reaches it.
    private const float Edge = 6;

    private readonly ModelFile _model;
    private readonly DetectOptions _options;
    private readonly RunOptions _run = new();
    private readonly string[] _inputs = ["frame"];
    private readonly string[] _outputs = ["plates"];
    private readonly PictureShrink _shrink = new();
    private Input? _whole;
    private Input? _part;

    /// <summary>Takes a loaded model, which it does not own. Throws <see cref="ModelException"/> when it expects another stride or colour order.</summary>
    public PlateDetector(ModelFile model, DetectOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        _model = model;
        _options = options;
        if (model.Metadata("colour") != "bgr" || View.Stride % (int)model.Number("stride", 1, 64) != 0)
        {
            throw new ModelException($"{model.Path}: the detector wants colour '{model.Metadata("colour")}' and stride {model.Metadata("stride")}; bgr and a divisor of {View.Stride} can be given. Export it again with models/training.");
        }

        MinScore = options.MinScore ?? model.Number("score_threshold", 0, 1);
    }

    /// <summary>The weakest score that is used, 0..1.</summary>
    public float MinScore { get; }

    /// <summary>"detector/VERSION".</summary>
    public string Version => "detector/" + _model.Card.Version;

    /// <summary>Loads the model out of a folder.</summary>
    public static ModelFile Load(string folder, int threads = 1) => ModelFile.Load(folder, "detector", "frame", "plates", threads);

    /// <summary>How a picture lies in the detector's input.</summary>
    public View ViewOf(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return View.Of(picture.Width, picture.Height, _options.LongSidePx);
    }

    /// <summary>Plates of a picture, best first, in its pixels.</summary>
    public IReadOnlyList<Plate> Find(Picture picture) => Find(picture, ViewOf(picture), picture, ref _whole);

    /// <summary>
    /// Plates of a part of a picture, which begins at an even pixel and has the size that <see cref="View.PartSize"/> says; best first, in
    /// pixels of the picture. What reaches the part's edge is left out: it may go on beyond.
    /// </summary>
    public IReadOnlyList<Plate> Find(Picture picture, Rect part)
    {
        using var cut = picture.Part(part);
        return [.. Find(picture, ViewOf(picture).OfPart(part.Location), cut, ref _part).Where(plate => IsWithin(plate.Box, part, picture))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _whole?.Dispose();
        _part?.Dispose();
        _shrink.Dispose();
        _run.Dispose();
    }

    private static bool IsWithin(Box box, Rect part, Picture picture) =>
        (part.Left == 0 || box.X1 > part.Left + Edge) && (part.Top == 0 || box.Y1 > part.Top + Edge) &&
        (part.Right == picture.Width || box.X2 < part.Right - Edge) && (part.Bottom == picture.Height || box.Y2 < part.Bottom - Edge);

    private IReadOnlyList<Plate> Find(Picture picture, View view, Picture pixels, ref Input? input)
    {
        var shape = view with { Origin = default };
        if (input?.Shape != shape)
        {
            input?.Dispose();
            input = new(shape);
        }

        Fill(pixels, view, input.Pixels);
        using var results = _model.Session.Run(_run, _inputs, [input.Tensor], _outputs);
        var rows = results[0].GetTensorDataAsSpan<float>();
        return PlateBoxes.Decode(rows, view, picture.Width, picture.Height, MinScore, _options);
    }

    private void Fill(Picture pixels, View view, Mat input)
    {
        // Enlarging needs no area averaging; shrinking without it aliases the strokes away.
        using var inside = new Mat(input, new Rect(0, 0, view.ScaledWidth, view.ScaledHeight));
        if (view.ScaleX < 1)
        {
            _shrink.Into(pixels, inside);
        }
        else
        {
            Cv2.Resize(pixels.Bgr, inside, inside.Size(), 0, 0, InterpolationFlags.Linear);
        }
    }

    /// <summary>A view's pixels, 8-bit BGR, and the tensor that lies over them.</summary>
    private sealed class Input : IDisposable
    {
        public Input(View shape)
        {
            Shape = shape;
            Pixels = new(shape.Height, shape.Width, MatType.CV_8UC3, Grey);
            Tensor = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.UInt8, [1, shape.Height, shape.Width, 3], Pixels.Data, (long)shape.Height * shape.Width * 3);
        }

        /// <summary>The view, wherever in a frame it begins.</summary>
        public View Shape { get; }

        public Mat Pixels { get; }

        public OrtValue Tensor { get; }

        public void Dispose()
        {
            Tensor.Dispose();
            Pixels.Dispose();
        }
    }
}
