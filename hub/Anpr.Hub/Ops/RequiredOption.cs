using System.CommandLine;

namespace Anpr.Hub.Ops;

/// <summary>An option that must be given.</summary>
internal static class RequiredOption
{
    /// <param name="name">As it is typed, with its dashes.</param>
    /// <param name="help">What stands for its value in the help.</param>
    /// <param name="words">What it is.</param>
    public static Option<string> Create(string name, string help, string words) => new(name) { Required = true, HelpName = help, Description = words };
}
