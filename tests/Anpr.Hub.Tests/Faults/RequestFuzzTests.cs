using Anpr.Benchmarks.Fuzz.Requests;

namespace Anpr.Hub.Tests.Faults;

/// <summary>Malformed requests at every route and gRPC method of a whole hub; <c>./anpr bench fuzz --only requests --inputs 1000000</c> sends a million.</summary>
[Collection(nameof(Alone))]
public sealed class RequestFuzzTests
{
    private const int Requests = 20_000;
    private const int Each = 8;
    private const int Shown = 20;

    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task Hub_AskedNonsense_NeverStumblesLetsNobodyInAndKeepsWhatItHas()
    {
        var result = await RequestTrial.RunAsync(Requests, seed: 1, Each, AtMost, _ => { }, TestContext.Current.CancellationToken);

        TestContext.Current.TestOutputHelper?.WriteLine($"{result.Took}, {result.HeapMegabytes}, {result.Stored}: {string.Join(", ", result.Answers.OrderByDescending(a => a.Value).Select(a => $"{a.Key} {a.Value}"))}");
        Assert.True(result.Problems.Count == 0, string.Join('\n', result.Problems.Take(Shown)));
        Assert.InRange(result.Surface, 80, result.Requests);
        Assert.All(new[] { "200", "400", "401", "403", "404", "OK", "Unauthenticated" }, answer => Assert.True(result.Answers.GetValueOrDefault(answer) > 0, answer)); // it came in everywhere
    }
}
