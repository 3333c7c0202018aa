namespace Anpr.Simulation.Processes;

/// <summary>Runs one of our programs to its end, for what it prints.</summary>
internal static class Tool
{
    /// <summary>Its standard output, without the last line break.</summary>
    /// <exception cref="InputException">It ended with another code than 0; with its own words.</exception>
    public static async Task<string> RunAsync(string name, string logFolder, string dll, CancellationToken cancellation, params IReadOnlyList<string> arguments)
    {
        await using var child = Child.Start(name, logFolder, dll, arguments);
        var said = new List<string>();
        await foreach (var line in child.Lines.ReadAllAsync(cancellation))
        {
            said.Add(line);
        }

        var code = await child.Ended;
        return code == 0 ? string.Join('\n', said) : throw new InputException($"`{name}` ended with {code}: {child.LastWords}");
    }
}
