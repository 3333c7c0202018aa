using System.CommandLine;
using Anpr.Edge.Capture;
using Anpr.Edge.Passage;
using Anpr.Edge.Read;
using Anpr.Models.Plates;
using Anpr.Tests;
using OpenCvSharp;

namespace Anpr.Benchmarks;

/// <summary>How many texts are right: crops, whole photographs, clips; strict, and with O=0 and I=1 merged.</summary>
internal static class ReadingBenchmark
{
    private sealed class Tally
    {
        public int Total { get; private set; }

        public int Strict { get; private set; }

        public int Merged { get; private set; }

        public bool Add(string expected, string? read)
        {
            var right = PlateText.Merge(read ?? "") == PlateText.Merge(expected);
            Total++;
            Strict += read == expected ? 1 : 0;
            Merged += right ? 1 : 0;
            return right;
        }

        public void Print(string what) => Console.WriteLine(FormattableString.Invariant($"{what,-46} n {Total,4}  strict {(double)Strict / Total:0.000}  merged {(double)Merged / Total:0.000}"));
    }

    public static Benchmark Create() => new("reading", "texts read right: crops, whole photographs, clips [--data FOLDER]", RunAsync);

    private static async Task<int> RunAsync(string[] args)
    {
        var data = new Option<string>("--data") { DefaultValueFactory = _ => EvaluationData.Folder };
        var command = new RootCommand { data };
        command.SetAction(async (parsed, _) => await MeasureAsync(parsed.GetRequiredValue(data)));
        return await Benchmark.InvokeAsync(command, args);
    }

    private static async Task<int> MeasureAsync(string data)
    {
        if (!Directory.Exists(data))
        {
            await Console.Error.WriteLineAsync($"anpr bench: there is no evaluation data at '{data}'. Name its folder with --data, or {EvaluationData.Cure}.");
            return 2;
        }

        using var models = VisionModels.Load();
        using var vision = new Vision(new VisionOptions(), models, TimeProvider.System);
        Console.WriteLine($"{vision.ModelVersion}, 1 thread");
        Crops(data, vision);
        Photographs(data, vision);
        await ClipsAsync(data, models);
        return 0;
    }

    // Rows of a labels.csv without its heading.
    private static List<string[]> Labels(string data, string file) => [.. File.ReadLines(Path.Combine(data, file)).Skip(1).Select(l => l.Split(','))];

    private static void Crops(string data, Vision vision)
    {
        using var second = SecondReader.TryCreate(new ReadOptions(), out var problem);
        if (second is null)
        {
            Console.WriteLine(problem);
        }

        var tallies = new Dictionary<string, (Tally Raw, Tally Text)>(StringComparer.Ordinal) { ["oneline"] = (new(), new()), ["twoline"] = (new(), new()) };
        var asked = new int[2, 2]; // right or wrong; agrees or differs
        foreach (var label in Labels(data, "reading/labels.csv"))
        {
            using var image = ImageFile.Read(Path.Combine(data, label[0]));
            var read = vision.ReadCrop(image);
            tallies[label[1]].Text.Add(label[2], vision.Correct(read).Text);
            var right = tallies[label[1]].Raw.Add(label[2], read.Text);
            if (second is not null && read.Confidence < 0.9f && second.ReadCrop(image, read.Lines) is { Length: > 0 } other)
            {
                asked[right ? 0 : 1, PlateText.Merge(other) == PlateText.Merge(read.Text) ? 0 : 1]++;
            }
        }

        foreach (var (kind, (raw, text)) in tallies)
        {
            raw.Print($"reader, crops, {kind}, raw");
            text.Print($"reader, crops, {kind}, with syntax");
        }

        Console.WriteLine($"second reader on unsure crops: right reads {asked[0, 0]} agree, {asked[0, 1]} differ; wrong reads {asked[1, 0]} agree, {asked[1, 1]} differ");
        Console.WriteLine(FormattableString.Invariant($"  log ratios (add 1/2): agrees {Ratio(asked[0, 0], asked[0, 1], asked[1, 0], asked[1, 1]):+0.00}, differs {Ratio(asked[0, 1], asked[0, 0], asked[1, 1], asked[1, 0]):+0.00;-0.00}"));
    }

    private static double Ratio(int right, int rightElse, int wrong, int wrongElse) =>
        Math.Log((right + 0.5) / (right + rightElse + 1) / ((wrong + 0.5) / (wrong + wrongElse + 1)));

    private static void Photographs(string data, Vision vision)
    {
        var (raw, best, any) = (new Tally(), new Tally(), new Tally());
        foreach (var label in Labels(data, "endtoend/labels.csv"))
        {
            using var image = ImageFile.Read(Path.Combine(data, label[0]));
            var looks = vision.LookAt(Picture.Of(image));
            var top = looks.MaxBy(l => l.Plate.Detection);
            raw.Add(label[2], top?.Read.Text);
            best.Add(label[2], top is null ? null : vision.Correct(top.Read).Text);
            any.Add(label[2], looks.Select(l => vision.Correct(l.Read).Text).FirstOrDefault(t => PlateText.Merge(t) == PlateText.Merge(label[2])));
        }

        raw.Print("whole photographs, best box, raw");
        best.Print("whole photographs, best box");
        any.Print("whole photographs, any box");
    }

    private static async Task ClipsAsync(string data, VisionModels models)
    {
        foreach (var label in Labels(data, "video/labels.csv"))
        {
            using var vision = new Vision(new VisionOptions(), models, TimeProvider.System);
            var changes = new List<PassageChange>();
            await using var source = Edge.Capture.FrameSource.Open(Path.Combine(data, label[0]), new CaptureOptions());
            await foreach (var frame in source.ReadAsync(CancellationToken.None))
            {
                using (frame)
                {
                    changes.AddRange(vision.Process(frame));
                }
            }

            changes.AddRange(vision.Flush());
            var texts = changes.Where(c => c.Passage.Stage == RecordStage.Closed).Select(c => c.Sighting?.Text ?? "none");
            Console.WriteLine($"clip {label[0]}: {label[1]}, read {string.Join(' ', texts)}");
        }
    }
}
