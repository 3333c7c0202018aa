using System.Globalization;
using Anpr.Edge.Capture;
using Anpr.Edge.Passage;

namespace Anpr.Benchmarks.Line;

/// <summary>What a child of a benchmark does with a clip: takes its frames, or looks at them too. Its last line of output has its figures.</summary>
/// <param name="Bytes">Managed memory that was allocated from the first frame on.</param>
/// <param name="Looked">Frames that the models looked at.</param>
/// <param name="Collections">Collections of generation 2 in that time.</param>
internal sealed record InsideRun(long Bytes, long Looked, int Collections)
{
    /// <summary>Runs to the clip's end and writes the figures. <paramref name="what"/>: "capture" takes the frames, "passage" looks at them too.</summary>
    public static async Task<int> RunAsync(string what, string path)
    {
        using var models = what == "passage" ? VisionModels.Load() : null;
        using var vision = models is null ? null : new Vision(new VisionOptions(), models, TimeProvider.System);
        vision?.WarmUp();
        var (bytes, collections) = (GC.GetTotalAllocatedBytes(precise: true), GC.CollectionCount(2));
        await using var source = FrameSource.Open(path, new CaptureOptions());
        await foreach (var frame in source.ReadAsync(CancellationToken.None))
        {
            using (frame)
            {
                vision?.Process(frame);
            }
        }

        vision?.Flush();
        Console.WriteLine(FormattableString.Invariant($"{GC.GetTotalAllocatedBytes(precise: true) - bytes} {vision?.Counts.Looked ?? 0} {GC.CollectionCount(2) - collections}"));
        return 0;
    }

    /// <summary>The figures out of the child's output.</summary>
    public static InsideRun Parse(string output)
    {
        long[] figures = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Split(' ').Select(f => long.Parse(f, CultureInfo.InvariantCulture))];
        return new(figures[0], figures[1], (int)figures[2]);
    }
}
