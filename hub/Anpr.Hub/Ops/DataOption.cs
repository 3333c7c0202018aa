using System.CommandLine;

namespace Anpr.Hub.Ops;

/// <summary>The hub's data folder on the command line: <c>--data</c>, else <c>$ANPR_DATA</c>, else a folder under the user's home.</summary>
public static class DataOption
{
    /// <summary>A new <c>--data DIR</c> option; its value is a full path.</summary>
    public static Option<string> Create() => new("--data")
    {
        Description = "data folder (default $ANPR_DATA, else ~/.anpr/hub)",
        HelpName = "DIR",
        DefaultValueFactory = _ => Default(),
        CustomParser = result => Path.GetFullPath(result.Tokens.Count > 0 ? result.Tokens[0].Value : Default()),
    };

    private static string Default()
    {
        var variable = Environment.GetEnvironmentVariable("ANPR_DATA");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.GetFullPath(string.IsNullOrEmpty(variable) ? Path.Combine(home, ".anpr", "hub") : variable);
    }
}
