using System.CommandLine;
using Anpr.Benchmarks.Cameras;
using Anpr.Benchmarks.Line;
using Anpr.Benchmarks.Passages;
using Anpr.Edge.Passage;
using Anpr.Models;
using Anpr.Tests;

namespace Anpr.Benchmarks.Reading;

/// <summary>
/// The figures of the reading step in one table: texts of crops, photographs and clips, time of the models, probabilities, passages, CPU time of
/// the line, an empty lane, cameras that fail.
/// "merged" counts O as 0 and I as 1.
/// </summary>
internal static class ReadingBenchmark
{
    private sealed record Plan(string Data, int Passages, int Seed, int Threads, bool Texts, string? Page);

    public static Benchmark Create() => new("reading", $"all figures of the reading step, 30 minutes on 2 cores: --data FOLDER --passages N ({ConfidenceBenchmark.Passages} rendered ones; 0: none) --seed S ({ConfidenceBenchmark.Seed}) --threads N (1, of rendered ones) --texts (without what needs the machine for itself) --write PAGE (the table into this page of docs)", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var data = new Option<string>("--data") { DefaultValueFactory = _ => EvaluationData.Folder };
        var passages = Benchmark.Number("--passages", ConfidenceBenchmark.Passages, 0);
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => ConfidenceBenchmark.Seed };
        var threads = Benchmark.Number("--threads", 1, 1);
        var texts = new Option<bool>("--texts");
        var write = new Option<string?>("--write");
        var command = new RootCommand { data, passages, seed, threads, texts, write };
        command.SetAction((parsed, cancellation) => MeasureAsync(
            new(parsed.GetRequiredValue(data), parsed.GetValue(passages), parsed.GetValue(seed), parsed.GetValue(threads), parsed.GetValue(texts), parsed.GetValue(write)), cancellation));
        return await Benchmark.InvokeAsync(command, args);
    }

    private static async Task<int> MeasureAsync(Plan plan, CancellationToken cancellation)
    {
        if (!Directory.Exists(plan.Data))
        {
            await Console.Error.WriteLineAsync($"anpr bench: there is no evaluation data at '{plan.Data}'. Name its folder with --data, or {EvaluationData.Cure}.");
            return 2;
        }

        try
        {
            // Before half an hour's work, so that a page without a place for the table is refused at once.
            _ = plan.Page is null ? "" : Figure.Into(await File.ReadAllTextAsync(plan.Page, cancellation), "", []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            await Console.Error.WriteLineAsync($"anpr bench: --write {plan.Page}: {e.Message}");
            return 2;
        }

        var (figures, models) = await AllAsync(plan, cancellation);
        var above = $"{models}, 1 thread an inference; rendered passages: seed {plan.Seed}, {plan.Threads} threads.";
        Console.WriteLine(above);
        Console.WriteLine();
        Figure.Print(figures);
        if (plan.Page is not null)
        {
            await File.WriteAllTextAsync(plan.Page, Figure.Into(await File.ReadAllTextAsync(plan.Page, cancellation), $"{Machine.Line()}; {above}", figures), cancellation);
        }

        return 0;
    }

    private static async Task<(List<Figure> Figures, string Models)> AllAsync(Plan plan, CancellationToken cancellation)
    {
        using var models = VisionModels.Load();
        var set = new EvaluationSet(plan.Data, models);
        List<Figure> figures = [.. set.Photographs(), .. await set.ClipsAsync(), .. ModelsBenchmark.Figures(), .. set.Crops()];
        if (plan.Passages > 0)
        {
            var (trials, reads) = ConfidenceBenchmark.Measure(models, plan.Passages, plan.Seed, plan.Threads);
            figures.AddRange(ConfidenceBenchmark.Figures(trials, reads));
        }

        if (!plan.Texts)
        {
            figures.AddRange(await LineBenchmark.FiguresAsync(cancellation));
            figures.AddRange(StillBenchmark.Figures());
            figures.AddRange(await PassagesBenchmark.FiguresAsync(cancellation));
            figures.AddRange(await CamerasBenchmark.FiguresAsync(cancellation));
        }

        figures.AddRange(CardFigures.Of(Path.Combine(ModelFile.ShippedFolder, "detector.json")));
        return (figures, $"detector {models.Detector.Card.Version}, reader {models.Reader.Card.Version}");
    }
}
