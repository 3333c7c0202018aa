using System.CommandLine;
using Anpr.Edge.Passage;
using Anpr.Models;
using Anpr.Tests;

namespace Anpr.Benchmarks.Reading;

/// <summary>
/// The figures of the reading step in one table: texts of crops, photographs and clips, time of the models, probabilities, passages.
/// "merged" counts O as 0 and I as 1.
/// </summary>
internal static class ReadingBenchmark
{
    public static Benchmark Create() => new("reading", $"all figures of the reading step: --data FOLDER --passages N ({ConfidenceBenchmark.Passages}; 0 leaves rendered ones out) --seed S ({ConfidenceBenchmark.Seed}) --threads N (1, of rendered ones) --markdown", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var data = new Option<string>("--data") { DefaultValueFactory = _ => EvaluationData.Folder };
        var passages = Benchmark.Number("--passages", ConfidenceBenchmark.Passages, 0);
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => ConfidenceBenchmark.Seed };
        var threads = Benchmark.Number("--threads", 1, 1);
        var markdown = new Option<bool>("--markdown");
        var command = new RootCommand { data, passages, seed, threads, markdown };
        command.SetAction(async (parsed, _) => await MeasureAsync(
            parsed.GetRequiredValue(data), parsed.GetValue(passages), parsed.GetValue(seed), parsed.GetValue(threads), parsed.GetValue(markdown)));
        return await Benchmark.InvokeAsync(command, args);
    }

    private static async Task<int> MeasureAsync(string data, int passages, int seed, int threads, bool markdown)
    {
        if (!Directory.Exists(data))
        {
            await Console.Error.WriteLineAsync($"anpr bench: there is no evaluation data at '{data}'. Name its folder with --data, or {EvaluationData.Cure}.");
            return 2;
        }

        using var models = VisionModels.Load();
        var set = new EvaluationSet(data, models);
        List<Figure> figures = [.. set.Photographs(), .. await set.ClipsAsync(), .. ModelsBenchmark.Figures(), .. set.Crops()];
        if (passages > 0)
        {
            var (trials, reads) = ConfidenceBenchmark.Measure(models, passages, seed, threads);
            figures.AddRange(ConfidenceBenchmark.Figures(trials, reads));
        }

        figures.AddRange(CardFigures.Of(Path.Combine(ModelFile.ShippedFolder, "detector.json")));
        Console.WriteLine($"detector {models.Detector.Card.Version}, reader {models.Reader.Card.Version}, 1 thread an inference; rendered passages: seed {seed}, {threads} threads");
        Console.WriteLine();
        Figure.Print(figures, markdown);
        Console.WriteLine();
        Console.WriteLine("Not in this table, as they need the machine for themselves: cameras that fail (./anpr bench cameras), CPU time of the whole line (line), CPU time and memory of an empty lane (still), whole simulated lorries (passages).");
        return 0;
    }
}
