using System.CommandLine;
using System.Diagnostics;
using Anpr.Benchmarks.Reading;
using Anpr.Edge.Detect;
using Anpr.Edge.Read;
using Anpr.Models;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Anpr.Benchmarks;

/// <summary>
/// Milliseconds of one run of detector and reader on one thread, beside another build of the same models: the runs take turns, so that
/// what else the machine does falls on both, and the ratio is the figure.
/// </summary>
internal static class ModelsBenchmark
{
    private const int Rounds = 60;
    private const int RunsATurn = 4; // after one that warms the caches again

    private sealed class Timed(string build, ModelFile model, string input, long[] shape) : IDisposable
    {
        private readonly List<double> _milliseconds = [];
        private readonly RunOptions _run = new();
        private readonly OrtValue _tensor = Noise(shape);
        private readonly string[] _outputs = [.. model.Session.OutputMetadata.Keys];

        public double Median => Quantile(0.5);

        public int Runs => _milliseconds.Count;

        public double Quantile(double share) => _milliseconds.Order().ElementAt((int)(share * (_milliseconds.Count - 1)));

        public void TakeTurn()
        {
            Run();
            for (var i = 0; i < RunsATurn; i++)
            {
                var start = Stopwatch.GetTimestamp();
                Run();
                _milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        public void Print(Timed first) => Console.WriteLine(FormattableString.Invariant(
            $"{model.Card.Name,-8} {build,-8} {model.Card.Version,-8} {string.Join('x', shape),-14} median {Median,7:0.000} ms, 1 in 10 below {Quantile(0.1),7:0.000}{(first == this ? "" : FormattableString.Invariant($"; shipped / {build} {first.Median / Median:0.00}"))}"));

        public void Dispose()
        {
            _tensor.Dispose();
            _run.Dispose();
            model.Dispose();
        }

        private static OrtValue Noise(long[] shape)
        {
            var tensor = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, TensorElementType.UInt8, shape);
            new Random(1).NextBytes(tensor.GetTensorMutableDataAsSpan<byte>());
            return tensor;
        }

        private void Run() => model.Session.Run(_run, [input], [_tensor], _outputs).Dispose();
    }

    public static Benchmark Create() => new("models", "milliseconds of detector and reader on one thread [--beside FOLDER]", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var beside = new Option<string?>("--beside") { Description = "a folder with detector.onnx or reader.onnx to compare, such as export.py --float writes" };
        var command = new RootCommand { beside };
        command.SetAction(parsed => Measure(parsed.GetValue(beside)));
        return await Benchmark.InvokeAsync(command, args);
    }

    /// <summary>Medians of the shipped models, for the table of the reading step.</summary>
    public static IEnumerable<Figure> Figures() =>
    [
        Median("detector, one run at 640x384 on one thread", Detector(ModelFile.ShippedFolder, "shipped"), "at most 5 ms"),
        Median("reader, one plate on one thread", Reader(ModelFile.ShippedFolder, "shipped"), "at most .5 ms"),
    ];

    private static Figure Median(string what, Timed model, string wanted)
    {
        using (model)
        {
            for (var round = 0; round < Rounds; round++)
            {
                model.TakeTurn();
            }

            return new(what, FormattableString.Invariant($"{model.Median:0.000} ms, 1 in 10 below {model.Quantile(0.1):0.000}"), wanted, model.Runs);
        }
    }

    private static Timed Detector(string folder, string build) => new(build, PlateDetector.Load(folder), "frame", [1, 384, 640, 3]);

    private static Timed Reader(string folder, string build) => new(build, PlateReader.Load(folder), "crops", [1, Rectifier.Height, Rectifier.Width, 3]);

    private static int Measure(string? beside)
    {
        try
        {
            Compare("detector", beside, Detector);
            Compare("reader", beside, Reader);
            return 0;
        }
        catch (ModelException e)
        {
            Console.Error.WriteLine($"anpr bench: {e.Message}");
            return 2;
        }
    }

    private static void Compare(string name, string? beside, Func<string, string, Timed> load)
    {
        List<Timed> builds = [load(ModelFile.ShippedFolder, "shipped")];
        try
        {
            if (beside is not null && File.Exists(Path.Combine(beside, name + ".onnx")))
            {
                builds.Add(load(beside, "beside"));
            }

            for (var round = 0; round < Rounds; round++)
            {
                builds.ForEach(b => b.TakeTurn());
            }

            builds.ForEach(b => b.Print(builds[0]));
        }
        finally
        {
            builds.ForEach(b => b.Dispose());
        }
    }
}
