using System.CommandLine;
using Anpr.Edge.Capture;
using Anpr.Edge.Passage;
using Anpr.Edge.Read;
using Anpr.Tests;

namespace Anpr.Benchmarks;

/// <summary>What it costs to weigh the formats of countries in, against reading the plate.</summary>
internal static class SyntaxBenchmark
{
    private const int Rounds = 5;

    public static Benchmark Create() => new("syntax", "time of the syntax prior against the reader's own [--data FOLDER]", async args =>
    {
        var data = new Option<string>("--data") { DefaultValueFactory = _ => EvaluationData.Folder };
        var command = new RootCommand { data };
        command.SetAction(parsed => Measure(Path.Combine(parsed.GetRequiredValue(data), "reading", "oneline")));
        return await Benchmark.InvokeAsync(command, args);
    });

    private static int Measure(string folder)
    {
        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"anpr bench: there are no crops at '{folder}'. Name the evaluation data with --data, or {EvaluationData.Cure}.");
            return 2;
        }

        using var models = VisionModels.Load();
        using var vision = new Vision(new VisionOptions(), models, TimeProvider.System);
        var pictures = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Take(200).Select(ImageFile.Read).ToList();
        var (best, bestRead) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
        var bytes = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var start = TimeProvider.System.GetTimestamp();
            var reads = pictures.ConvertAll(vision.ReadCrop);
            var reading = TimeProvider.System.GetElapsedTime(start);
            var before = GC.GetAllocatedBytesForCurrentThread();
            start = TimeProvider.System.GetTimestamp();
            reads.ForEach(read => models.Syntax.Apply(read.Spellings, read.Look));
            var weighing = TimeProvider.System.GetElapsedTime(start);
            bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            (best, bestRead) = (weighing < best ? weighing : best, reading < bestRead ? reading : bestRead);
        }

        pictures.ForEach(p => p.Dispose());
        var (one, read) = (best.TotalMicroseconds / pictures.Count, bestRead.TotalMicroseconds / pictures.Count);
        Console.WriteLine(FormattableString.Invariant(
            $"{pictures.Count} crops, best of {Rounds} rounds, 1 thread: read {read:0} us, syntax {one:0.0} us and {bytes / pictures.Count} bytes, ratio {one / read:0.000}"));
        return 0;
    }
}
