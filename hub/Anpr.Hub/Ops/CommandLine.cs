using System.CommandLine;
using System.CommandLine.Help;

namespace Anpr.Hub.Ops;

/// <summary>Runs the command line by its contract: exit code 0 done, 1 a check failed, 2 bad usage or input, 130 interrupted.</summary>
public static class CommandLine
{
    /// <summary>Bad usage, or some input refused.</summary>
    public const int BadInput = 2;

    /// <summary>Ended by Ctrl-C.</summary>
    public const int Interrupted = 130;

    // A hub that is stopped finishes its writes; only one that hangs is cut off.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);

    /// <summary>Parses and runs; one clear line on stderr for each error.</summary>
    public static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args, CancellationToken cancellation = default)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"anpr hub: {error.Message} See ./anpr hub --help");
            }

            return BadInput;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopWithin }, cancellation);
        }
        catch (InputException error)
        {
            await Console.Error.WriteLineAsync($"anpr hub: {error.Message}");
            return BadInput;
        }
        catch (UnauthorizedAccessException error)
        {
            await Console.Error.WriteLineAsync($"anpr hub: {error.Message} Run it as the user who owns the data folder.");
            return BadInput;
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync($"anpr hub: {error.Message}");
            return BadInput;
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }
}
