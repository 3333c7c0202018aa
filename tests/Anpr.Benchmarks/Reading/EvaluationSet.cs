using Anpr.Edge.Capture;
using Anpr.Edge.Detect;
using Anpr.Edge.Passage;
using Anpr.Edge.Read;
using Anpr.Models.Plates;

namespace Anpr.Benchmarks.Reading;

/// <summary>The labelled crops, photographs and clips of the evaluation data, as the product reads them.</summary>
/// <param name="data">Its folder.</param>
internal sealed class EvaluationSet(string data, VisionModels models)
{
    /// <summary>Plate crops: texts, the reader's probabilities, and what the second reader says of unsure ones.</summary>
    public IEnumerable<Figure> Crops()
    {
        using var vision = new Vision(new VisionOptions(), models, TimeProvider.System);
        using var second = SecondReader.TryCreate(new ReadOptions(), out var problem);
        if (second is null)
        {
            Console.WriteLine(problem);
        }

        var tallies = new Dictionary<string, (Tally Raw, Tally Text)>(StringComparer.Ordinal) { ["oneline"] = (new(), new()), ["twoline"] = (new(), new()) };
        var reads = new ReadCalibration(models.Reader.Number("temperature", 0.01f, 100));
        var asked = new int[2, 2]; // right or wrong; agrees or differs
        foreach (var label in Labels("reading/labels.csv"))
        {
            using var image = ImageFile.Read(Path.Combine(data, label[0]));
            var read = vision.ReadCrop(image);
            reads.Add(read, label[2]);
            tallies[label[1]].Text.Add(label[2], vision.Correct(read).Text);
            var right = tallies[label[1]].Raw.Add(label[2], read.Text);
            if (second is not null && read.Confidence < 0.9f && second.ReadCrop(image, read.Lines) is { Length: > 0 } other)
            {
                asked[right ? 0 : 1, PlateText.Merge(other) == PlateText.Merge(read.Text) ? 0 : 1]++;
            }
        }

        return
        [
            .. tallies.SelectMany(t => (IEnumerable<Figure>)[.. t.Value.Raw.Figures($"reader, crops, {t.Key}, raw"), .. t.Value.Text.Figures($"reader, crops, {t.Key}, with syntax", t.Key == "oneline" ? "at least 98 %" : "at least 96 %")]),
            .. reads.Figures("real crops"),
            .. SecondReaderFigures(asked),
        ];
    }

    /// <summary>Whole photographs: the box with the best detection, raw and with syntax, and any box.</summary>
    public IEnumerable<Figure> Photographs()
    {
        using var vision = new Vision(new VisionOptions(), models, TimeProvider.System);
        var (raw, best, any, boxed) = (new Tally(), new Tally(), new Tally(), new Tally());
        foreach (var label in Labels("endtoend/labels.csv"))
        {
            using var image = ImageFile.Read(Path.Combine(data, label[0]));
            var picture = Picture.Of(image);
            var looks = vision.LookAt(picture);
            var top = looks.MaxBy(l => l.Plate.Detection);
            boxed.Add(label[2], top is null ? null : vision.Read(picture, [top.Plate with { Quad = Quad.Of(top.Plate.Box) }])[0].Read.Text);
            raw.Add(label[2], top?.Read.Text);
            best.Add(label[2], top is null ? null : vision.Correct(top.Read).Text);
            any.Add(label[2], looks.Select(l => vision.Correct(l.Read).Text).FirstOrDefault(t => PlateText.Merge(t) == PlateText.Merge(label[2])));
        }

        return
        [
            .. raw.Figures("whole photographs, best box, raw"),
            .. boxed.Figures("the same cut along the box, not the corners", "at most the line above"),
            .. best.Figures("whole photographs, best box", "at least 107 of 110"),
            .. any.Figures("whole photographs, any box"),
        ];
    }

    /// <summary>Clips with one vehicle each: texts of closed passages, and passages beyond the one.</summary>
    public async Task<IEnumerable<Figure>> ClipsAsync()
    {
        var (clips, right, extra, wrong) = (0, 0, 0, new List<string>());
        foreach (var label in Labels("video/labels.csv"))
        {
            using var vision = new Vision(new VisionOptions(), models, TimeProvider.System);
            var changes = new List<PassageChange>();
            await using var source = FrameSource.Open(Path.Combine(data, label[0]), new CaptureOptions());
            await foreach (var frame in source.ReadAsync(CancellationToken.None))
            {
                using (frame)
                {
                    changes.AddRange(vision.Process(frame));
                }
            }

            changes.AddRange(vision.Flush());
            string[] texts = [.. changes.Where(c => c.Passage.Stage == RecordStage.Closed).Select(c => c.Sighting?.Text ?? "none")];
            var isRight = Array.Exists(texts, t => PlateText.Merge(t) == PlateText.Merge(label[1]));
            clips++;
            right += isRight ? 1 : 0;
            extra += Math.Max(0, texts.Length - 1);
            if (!isRight || texts.Length > 1)
            {
                wrong.Add($"{label[0]} shows {label[1]}, read {string.Join(' ', texts)}");
            }
        }

        return
        [
            new("clips, text right", $"{right}" + (wrong.Count > 0 ? $" ({string.Join("; ", wrong)})" : ""), $"{clips}", clips),
            new("clips, passages beyond one a clip", $"{extra}", "0", clips),
        ];
    }

    // Rows of a labels.csv without its heading.
    private List<string[]> Labels(string file) => [.. File.ReadLines(Path.Combine(data, file)).Skip(1).Select(l => l.Split(','))];

    private static IEnumerable<Figure> SecondReaderFigures(int[,] asked) =>
    [
        new("second reader on unsure crops, read right: agrees, differs", $"{asked[0, 0]}, {asked[0, 1]}", "", asked[0, 0] + asked[0, 1]),
        new("second reader on unsure crops, read wrong: agrees, differs", $"{asked[1, 0]}, {asked[1, 1]}", "", asked[1, 0] + asked[1, 1]),
        new(
            "its log ratios (add 1/2): agrees, differs",
            FormattableString.Invariant($"{Ratio(asked[0, 0], asked[0, 1], asked[1, 0], asked[1, 1]):+0.00;-0.00}, {Ratio(asked[0, 1], asked[0, 0], asked[1, 1], asked[1, 0]):+0.00;-0.00}"),
            "",
            asked[0, 0] + asked[0, 1] + asked[1, 0] + asked[1, 1]),
    ];

    private static double Ratio(int right, int rightElse, int wrong, int wrongElse) =>
        Math.Log((right + 0.5) / (right + rightElse + 1) / ((wrong + 0.5) / (wrong + wrongElse + 1)));
}
