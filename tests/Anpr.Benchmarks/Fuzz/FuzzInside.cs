using System.Globalization;
using System.Text.Json;

namespace Anpr.Benchmarks.Fuzz;

/// <summary>What a reading process says: one JSON object a line.</summary>
/// <param name="Event">begin, end or memory.</param>
/// <param name="Index">Of the input.</param>
/// <param name="Outcome">Of an end.</param>
/// <param name="Words">What was said, of an end.</param>
/// <param name="ResidentKb">Resident memory, kB.</param>
/// <param name="Handles">Open files and pipes.</param>
internal sealed record FuzzWord(string Event, int Index, FuzzOutcome Outcome = default, string Words = "", long ResidentKb = 0, int Handles = 0);

/// <summary>The process that reads inputs, and that damaged ones may end.</summary>
internal static class FuzzInside
{
    // Streams wait more than they work.
    private const int StreamsAtOnce = 8;
    private const int MemoryTimes = 40;

    /// <summary>Reads the inputs from one number up to another: those that are files, or those that are streams.</summary>
    /// <param name="job">Which; <see cref="FuzzJob.Break"/> true: the inputs 3, 5 and 7 fail as no input should, to prove that it is noticed.</param>
    public static async Task<int> RunAsync(FuzzJob job)
    {
        var plan = new FuzzPlan(job.Originals, job.Seed);
        using var reader = new FuzzReader();
        var wanted = Enumerable.Range(job.From, job.To - job.From).Where(index => plan.IsStream(index) == job.Streams).ToList();
        var memory = Math.Max(1, wanted.Count / MemoryTimes);
        var options = new ParallelOptions { MaxDegreeOfParallelism = job.Streams ? StreamsAtOnce : 1 };
        var done = 0;
        await Parallel.ForEachAsync(wanted, options, async (index, cancellation) =>
        {
            Say(new("begin", index));
            var input = plan.Of(index);
            var (outcome, words) = job.Break && await FailAsync(index) is { } failed ? (FuzzOutcome.Fault, failed)
                : job.Streams ? await StreamAsync(reader, input, cancellation)
                : await FileAsync(reader, input, job.Work);
            Say(new("end", index, outcome, words));
            if (Interlocked.Increment(ref done) is var count && (count % memory == 0 || count == wanted.Count))
            {
                Say(Memory(index));
            }
        });
        return 0;
    }

    private static async Task<(FuzzOutcome Outcome, string Words)> FileAsync(FuzzReader reader, FuzzInput input, string work)
    {
        var address = input.WriteTo(work);
        var result = await reader.ReadAsync(input, address);
        if (input.Files.Count > 1)
        {
            Directory.Delete(address, recursive: true);
        }
        else
        {
            File.Delete(address);
        }

        return result;
    }

    private static async Task<(FuzzOutcome Outcome, string Words)> StreamAsync(FuzzReader reader, FuzzInput input, CancellationToken cancellation)
    {
        var port = UdpReplay.FreePort();
        var sending = UdpReplay.SendAsync(input.Files[0].Bytes, port, cancellation);
        var result = await reader.ReadAsync(input, string.Create(CultureInfo.InvariantCulture, $"udp://127.0.0.1:{port}"));
        await sending;
        return result;
    }

    private static async Task<string?> FailAsync(int index)
    {
        switch (index)
        {
            case 3:
                Environment.FailFast("as asked for");
                return "";
            case 5:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
                return "";
            case 7:
                return "as asked for";
            default:
                return null;
        }
    }

    private static FuzzWord Memory(int index)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        var resident = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        return new("memory", index, ResidentKb: long.Parse(resident, CultureInfo.InvariantCulture), Handles: Directory.EnumerateFileSystemEntries("/proc/self/fd").Count());
    }

    private static void Say(FuzzWord word) => Console.WriteLine(JsonSerializer.Serialize(word));
}
