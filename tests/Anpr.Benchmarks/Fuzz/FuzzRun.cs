using System.Text.Json;
using Anpr.Simulation.Processes;

namespace Anpr.Benchmarks.Fuzz;

/// <summary>Has inputs read by processes of their own: one that ends or hangs is told with its input, and another one goes on behind it.</summary>
internal sealed class FuzzRun(FuzzResult result, TimeSpan patience)
{
    // More tell nothing new.
    private const int MostFaults = 30;

    private static readonly string Self = typeof(FuzzRun).Assembly.Location;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Reads all inputs of a job.</summary>
    public async Task RunAsync(FuzzJob job, CancellationToken cancellation)
    {
        while (job.From < job.To && result.Faults < MostFaults)
        {
            job = job with { From = await OneAsync(job, cancellation) };
        }
    }

    // One process. Returns the number of the input from which to go on.
    private async Task<int> OneAsync(FuzzJob job, CancellationToken cancellation)
    {
        var begun = new SortedDictionary<int, long>();
        var memory = new List<FuzzWord>();
        var (next, ended) = (job.From, 0);
        await using var child = Child.Start(job.Streams ? "fuzz-streams" : "fuzz-files", job.Work, Self, job.Arguments);
        var started = TimeProvider.System.GetTimestamp();
        var hung = false;
        while (!hung && await MoreAsync(child, cancellation) is var more && more != false)
        {
            while (child.Lines.TryRead(out var line))
            {
                if (line.StartsWith('{') && JsonSerializer.Deserialize<FuzzWord>(line) is { } word)
                {
                    Hear(word);
                }
            }

            // Loading the models takes its time too, and is no input.
            hung = begun.Count > 0
                ? TimeProvider.System.GetElapsedTime(begun.Values.Min()) > patience
                : ended == 0 && TimeProvider.System.GetElapsedTime(started) > 10 * patience;
        }

        if (hung)
        {
            child.Kill();
        }

        var code = await child.Ended;
        foreach (var index in begun.Keys)
        {
            var others = begun.Count > 1 ? $", or one of the {begun.Count - 1} others read at the same time" : "";
            result.Add(index, FuzzOutcome.Fault, hung ? $"it hangs (more than {patience.TotalSeconds:0} s{others})" : $"its reader ended with {code}: {child.LastWords.Trim()}{others}");
        }

        result.AddMemory(job.Streams ? "streams" : "files", memory, ended);
        if (begun.Count == 0 && (code != 0 || hung))
        {
            throw new InvalidOperationException($"a reading process ended with {code} beside any input: {child.LastWords}");
        }

        return code == 0 && !hung ? job.To : next;

        void Hear(FuzzWord word)
        {
            switch (word.Event)
            {
                case "begin":
                    begun[word.Index] = TimeProvider.System.GetTimestamp();
                    next = Math.Max(next, word.Index + 1);
                    break;
                case "end":
                    begun.Remove(word.Index);
                    result.Add(word.Index, word.Outcome, word.Words);
                    ended++;
                    break;
                default:
                    memory.Add(word);
                    break;
            }
        }
    }

    // Null: nothing was said for a while.
    private static async Task<bool?> MoreAsync(Child child, CancellationToken cancellation)
    {
        var more = child.Lines.WaitToReadAsync(cancellation).AsTask();
        try
        {
            return await more.WaitAsync(Look, TimeProvider.System, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
