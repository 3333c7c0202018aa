namespace Anpr.Benchmarks;

/// <summary>One measurement that can be asked for by name.</summary>
/// <param name="Name">The word after <c>./anpr bench</c>.</param>
/// <param name="Summary">One line for the list.</param>
/// <param name="Run">Takes the options after the name, prints the figures, returns the exit code.</param>
internal sealed record Benchmark(string Name, string Summary, Func<string[], Task<int>> Run);
