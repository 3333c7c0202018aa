using System.CommandLine;
using Anpr.Edge.Passage;
using Anpr.Models.Plates;
using OpenCvSharp;

namespace Anpr.Benchmarks.Reading;

/// <summary>
/// Whether a confidence can be taken at its word: rendered passages of held-out drawings (<see cref="DrawnPassage"/>) under conditions laid
/// down beforehand (<see cref="Conditions"/>), those that nobody can read among them. How many passages are told with a confidence of 0.99
/// or more, how many of these wrongly, and how far the reader's own probabilities are right.
/// </summary>
internal static class ConfidenceBenchmark
{
    /// <summary>Passages when nothing else is asked for.</summary>
    public const int Passages = 3000;

    /// <summary>The seed when nothing else is asked for.</summary>
    public const int Seed = 1;

    private const float Sure = 0.99f;

    private static readonly (Severity Severity, string Name)[] Severities = [(Severity.Ordinary, "ordinary"), (Severity.Hard, "hard"), (Severity.VeryHard, "very hard")];

    private static readonly (int From, int To)[] Bands = [(30, 60), (60, 90), (90, 130), (130, 201)];

    public static Benchmark Create() => new("confidence", $"confidence of passages and characters: --passages N ({Passages}) --seed S ({Seed}) --threads N (1) --pictures FOLDER --verbose", RunAsync);

    /// <summary>Reads the passages with a number from 0; the parts that the threads take do not change the figures.</summary>
    public static (IReadOnlyList<PassageTrial> Trials, ReadCalibration Reads) Measure(VisionModels models, int passages, int seed, int threads)
    {
        threads = Math.Clamp(threads, 1, Math.Max(1, passages));
        var parts = new (PassageTrial[] Trials, ReadCalibration Reads)[threads];
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            using var trials = new PassageTrials(models, seed);
            var (from, to) = ((int)((long)passages * part / threads), (int)((long)passages * (part + 1) / threads));
            parts[part] = ([.. Enumerable.Range(from, to - from).Select(trials.Run)], trials.Reads);
        });
        foreach (var (_, reads) in parts[1..])
        {
            parts[0].Reads.Add(reads);
        }

        return ([.. parts.SelectMany(part => part.Trials)], parts[0].Reads);
    }

    /// <summary>The lines of the table.</summary>
    public static IEnumerable<Figure> Figures(IReadOnlyList<PassageTrial> trials, ReadCalibration reads)
    {
        var sure = trials.Where(IsSure).ToArray();
        return
        [
            Figure.Share("rendered passages with a confidence of .99 or more", sure.Length, trials.Count, "at least 80 %"),
            Figure.Share("of those: text wrong", sure.Count(t => IsWrong(t, merged: false)), sure.Length, "at most 1 %"),
            Figure.Share("of those: text wrong, O=0 and I=1 merged", sure.Count(t => IsWrong(t, merged: true)), sure.Length, ""),
            .. reads.Figures("rendered views"),
        ];
    }

    /// <summary>The same by severity and by width: what dominates.</summary>
    public static IEnumerable<Figure> Parts(IReadOnlyList<PassageTrial> trials) =>
    [
        .. Severities.SelectMany(s => Part($"{s.Name} passages", [.. trials.Where(t => t.Conditions.Severity == s.Severity)])),
        .. Bands.SelectMany(band => Part($"passages that end {band.From} to {band.To} px wide", [.. trials.Where(t => t.Conditions.LastWidthPx >= band.From && t.Conditions.LastWidthPx < band.To)])),
    ];

    private static async Task<int> RunAsync(string[] args)
    {
        var passages = Benchmark.Number("--passages", Passages, 1);
        var seed = new Option<int>("--seed") { DefaultValueFactory = _ => Seed };
        var threads = Benchmark.Number("--threads", 1, 1);
        var pictures = new Option<string?>("--pictures") { Description = "a folder into which the views are written instead of being read" };
        var verbose = new Option<bool>("--verbose") { Description = "a line for each passage that is sure and wrong" };
        var command = new RootCommand { passages, seed, threads, pictures, verbose };
        command.SetAction(parsed =>
        {
            using var models = VisionModels.Load();
            if (parsed.GetValue(pictures) is { } folder)
            {
                Save(models, parsed.GetValue(passages), parsed.GetValue(seed), Directory.CreateDirectory(folder).FullName);
                return 0;
            }

            var (trials, reads) = Measure(models, parsed.GetValue(passages), parsed.GetValue(seed), parsed.GetValue(threads));
            Console.WriteLine($"reader {models.Reader.Card.Version}, {parsed.GetValue(threads)} threads, seed {parsed.GetValue(seed)}");
            Figure.Print([.. Figures(trials, reads), .. Parts(trials)]);
            foreach (var wrong in trials.Where(t => parsed.GetValue(verbose) && IsWrong(t, merged: false)))
            {
                Console.WriteLine($"  {wrong.Truth}: {string.Join(", ", wrong.Told.Select(t => FormattableString.Invariant($"{t.Text} {t.Confidence:0.0000}")))}; {wrong.Conditions}");
            }

            return 0;
        });
        return await Benchmark.InvokeAsync(command, args);
    }

    private static void Save(VisionModels models, int passages, int seed, string folder)
    {
        for (var number = 0; number < passages; number++)
        {
            using var drawn = new DrawnPassage(models.Syntax.Countries, seed, number);
            foreach (var (view, (picture, _)) in drawn.Views().Index())
            {
                using (picture)
                {
                    Cv2.ImWrite(Path.Combine(folder, $"{number:0000}-{view}-{drawn.Conditions.Severity}-{drawn.Text}.png"), picture);
                }
            }
        }
    }

    private static IEnumerable<Figure> Part(string of, PassageTrial[] trials)
    {
        var sure = trials.Where(IsSure).ToArray();
        var best = trials.Count(t => t.Told.Any(told => PlateText.Merge(told.Text) == PlateText.Merge(t.Truth)));
        return
        [
            Figure.Share($"{of}: .99 or more", sure.Length, trials.Length, ""),
            Figure.Share($"{of}: of those wrong", sure.Count(t => IsWrong(t, merged: false)), sure.Length, ""),
            Figure.Share($"{of}: text right (merged)", best, trials.Length, ""),
            Figure.Share($"{of}: no plate told", trials.Count(t => t.Told.Count == 0), trials.Length, ""),
        ];
    }

    private static bool IsSure(PassageTrial trial) => trial.Told.Any(told => told.Confidence >= Sure);

    // One sure text that is not the plate's is enough.
    private static bool IsWrong(PassageTrial trial, bool merged) => trial.Told.Any(told =>
        told.Confidence >= Sure && (merged ? PlateText.Merge(told.Text) != PlateText.Merge(trial.Truth) : told.Text != trial.Truth));
}
