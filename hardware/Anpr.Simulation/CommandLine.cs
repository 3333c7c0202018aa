using System.CommandLine;
using System.CommandLine.Help;

namespace Anpr.Simulation;

/// <summary>Runs the command line by its contract: exit code 0 done, 1 a check failed, 2 bad usage or input, 130 interrupted.</summary>
internal static class CommandLine
{
    /// <summary>Ran, but a check failed.</summary>
    public const int CheckFailed = 1;

    /// <summary>Bad usage, or some input refused.</summary>
    public const int BadInput = 2;

    /// <summary>Ended by Ctrl-C.</summary>
    public const int Interrupted = 130;

    // After Ctrl-C: children end in order, each within its own grace time.
    private static readonly TimeSpan TerminationTime = TimeSpan.FromSeconds(60);

    /// <summary>Parses and runs; one clear line on stderr for each error.</summary>
    public static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"anpr: {error.Message} See --help.");
            }

            return BadInput;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TerminationTime });
        }
        catch (Exception error) when (error is InputException or Models.ModelException)
        {
            await Console.Error.WriteLineAsync($"anpr: {error.Message}");
            return BadInput;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }
}
