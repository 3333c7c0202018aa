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
        ParseResult parsed;
        try
        {
            parsed = command.Parse(args);
        }
        catch (InvalidOperationException e)
        {
            // A validator that asks for the value of an option meets a text that is none.
            return await RefuseAsync([e.Message]);
        }

        return parsed.Errors.Count == 0 || parsed.Action is HelpAction ? await parsed.InvokeAsync() : await RefuseAsync(parsed.Errors.Select(error => error.Message));
    }

    /// <summary>An option that takes a number from <paramref name="least"/> on.</summary>
    public static Option<int> Number(string name, int value, int least)
    {
        var option = new Option<int>(name) { DefaultValueFactory = _ => value };
        option.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() < least)
            {
                given.AddError($"{name}: allowed is {least} or more");
            }
        });
        return option;
    }

    private static async Task<int> RefuseAsync(IEnumerable<string> problems)
    {
        foreach (var problem in problems)
        {
            await Console.Error.WriteLineAsync($"anpr bench: {problem} See ./anpr bench --help");
        }

        return 2;
    }
}
