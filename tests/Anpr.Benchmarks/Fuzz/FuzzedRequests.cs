using System.Globalization;
using Anpr.Benchmarks.Fuzz.Requests;

namespace Anpr.Benchmarks.Fuzz;

/// <summary>Malformed requests to a hub, by the million: <c>./anpr bench fuzz --only requests --inputs 1000000</c>.</summary>
internal static class FuzzedRequests
{
    // Each person and program may ask a hundred times a second.
    private const int Each = 20;
    private const int Shown = 30;
    private const int Told = 50_000;

    /// <summary>Sends them and prints what came of it.</summary>
    /// <returns>0 when all is well, 1 otherwise.</returns>
    public static async Task<int> RunAsync(int requests, int seed, CancellationToken cancellation)
    {
        var quiet = Console.Error;
        var result = await RequestTrial.RunAsync(requests, seed, Each, TimeSpan.MaxValue, Progress, cancellation);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"requests                    {result.Requests,9}   in {result.Took.TotalSeconds:F0} s, {result.Requests / result.Took.TotalSeconds:F0} a second, at {result.Surface} routes and methods"));
        Console.WriteLine($"answers                     {string.Join(", ", result.Answers.OrderByDescending(a => a.Value).Select(a => $"{a.Key} {a.Value}"))}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"memory in use               {result.HeapMegabytes.End,9} MB   after a quarter of them {result.HeapMegabytes.Quarter} MB"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"a sighting stored, p50      {result.Stored.After.TotalMilliseconds,9:F1} ms   before {result.Stored.Before.TotalMilliseconds:F1} ms"));
        foreach (var problem in result.Problems.Take(Shown))
        {
            Console.WriteLine($"FAULT: {problem}");
        }

        void Progress(int sent)
        {
            if (sent % Told == 0)
            {
                quiet.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sent} of {requests} requests"));
            }
        }

        Console.WriteLine(result.Problems.Count == 0 ? "nobody let in, nothing lost or changed, no stumble, no growth" : string.Create(CultureInfo.InvariantCulture, $"FAILED: {result.Problems.Count} faults"));
        return result.Problems.Count == 0 ? 0 : 1;
    }
}
