using System.CommandLine;
using System.CommandLine.Help;

namespace Anpr.Benchmarks;

/// <summary>One measurement that can be asked for by name.</summary>
/// <param name="Name">The word after <c>./anpr bench</c>.</param>
/// <param name="Summary">One line for the list.</param>
/// <param name="Run">Takes the options after the name, prints the figures, returns the exit code.</param>
internal sealed record Benchmark(string Name, string Summary, Func<string[], Task<int>> Run)
{
    /// <summary>Parses the options and runs; bad ones are one line each on stderr, and exit code 2.</summary>
    public static async Task<int> InvokeAsync(RootCommand command, string[] args)
    {
        var parsed = command.Parse(args);
        if (parsed.Errors.Count == 0 || parsed.Action is HelpAction)
        {
            return await parsed.InvokeAsync();
        }

        foreach (var error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync($"anpr bench: {error.Message} See ./anpr bench --help");
        }

        return 2;
    }
}
