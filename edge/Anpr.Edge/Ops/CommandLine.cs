using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace Anpr.Edge.Ops;

/// <summary>Runs the command line by its contract: exit code 0 done, 1 a check failed, 2 bad usage or input, 130 interrupted.</summary>
internal static class CommandLine
{
    /// <summary>Bad usage, or some input refused.</summary>
    public const int BadInput = 2;

    /// <summary>Ended by Ctrl-C.</summary>
    public const int Interrupted = 130;

    /// <summary>Time that a command has to close what it has open after SIGINT or SIGTERM.</summary>
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(20);

    /// <summary>Parses and runs; one clear line on stderr for each error.</summary>
    public static async Task<int> RunAsync(RootCommand root, IReadOnlyList<string> args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            var name = Name(parsed.CommandResult);
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync($"anpr{name}: {error.Message} See ./anpr{name} --help");
            }

            return BadInput;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopsWithin });
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }

    private static string Name(CommandResult result) =>
        result.Command is RootCommand ? "" : (result.Parent is CommandResult parent ? Name(parent) : "") + " " + result.Command.Name;
}
