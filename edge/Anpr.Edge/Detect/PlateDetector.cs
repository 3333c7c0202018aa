using Anpr.Edge.Capture;
using Anpr.Models;
using Microsoft.ML.OnnxRuntime;
using OpenCvSharp;

namespace Anpr.Edge.Detect;

/// <summary>Finds plates in frames with the detector model. Its input buffer is pooled: one thread at a time.</summary>
public sealed class PlateDetector : IDisposable
{
    // The grey that pads the view, as in training.
    private static readonly Scalar Grey = new(114, 114, 114);

    private readonly ModelFile _model;
    private readonly DetectOptions _options;
    private readonly RunOptions _run = new();
    private readonly string[] _inputs = ["frame"];
    private readonly string[] _outputs = ["plates"];
    private readonly PictureShrink _shrink = new();
    private Mat _input = new();
    private OrtValue? _tensor;
    private View _view;

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

    /// <summary>Plates of a picture, best first, in its pixels.</summary>
    public IReadOnlyList<Plate> Find(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var view = View.Of(picture.Width, picture.Height, _options.LongSidePx);
        Fill(picture, view);
        using var results = _model.Session.Run(_run, _inputs, [_tensor!], _outputs);
        var rows = results[0].GetTensorDataAsSpan<float>();
        return PlateBoxes.Decode(rows, view, picture.Width, picture.Height, MinScore, _options);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tensor?.Dispose();
        _input.Dispose();
        _shrink.Dispose();
        _run.Dispose();
    }

    private void Fill(Picture picture, View view)
    {
        if (_tensor is null || _view != view)
        {
            Allocate(view);
        }

        // Enlarging needs no area averaging; shrinking without it aliases the strokes away.
        using var inside = new Mat(_input, new Rect(0, 0, view.ScaledWidth, view.ScaledHeight));
        if (view.ScaleX < 1)
        {
            _shrink.Into(picture, inside);
        }
        else
        {
            Cv2.Resize(picture.Bgr, inside, inside.Size(), 0, 0, InterpolationFlags.Linear);
        }
    }

    private void Allocate(View view)
    {
        _view = view;
        _tensor?.Dispose();
        _input.Dispose();
        _input = new Mat(view.Height, view.Width, MatType.CV_8UC3, Grey);
        long[] shape = [1, view.Height, view.Width, 3];
        _tensor = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.UInt8, shape, _input.Data, (long)view.Height * view.Width * 3);
    }
}
