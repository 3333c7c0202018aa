using System.CommandLine;
using System.Text;

namespace Anpr.Hub.Ops;

/// <summary>The hub's data folder on the command line: <c>--data</c>, else <c>$ANPR_DATA</c>, else a folder under the user's home.</summary>
public static class DataOption
{
    // Bytes that the path of a Unix socket may have (unix(7), sun_path without its end).
    private const int SocketLimit = 107;

    /// <summary>A new <c>--data DIR</c> option; its value is a full path.</summary>
    public static Option<string> Create() => new("--data")
    {
        Description = "data folder (default $ANPR_DATA, else ~/.anpr/hub)",
        HelpName = "DIR",
        DefaultValueFactory = _ => Default(),
        CustomParser = result =>
        {
            var folder = Path.GetFullPath(result.Tokens.Count > 0 ? result.Tokens[0].Value : Default());
            if (Encoding.UTF8.GetByteCount(Path.Combine(folder, "hub.sock")) > SocketLimit)
            {
                result.AddError($"--data {folder}: the path is too long for the hub's socket. Use one of {SocketLimit - "/hub.sock".Length} bytes at most.");
            }

            return folder;
        },
    };

    private static string Default()
    {
        var variable = Environment.GetEnvironmentVariable("ANPR_DATA");
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.GetFullPath(string.IsNullOrEmpty(variable) ? Path.Combine(home, ".anpr", "hub") : variable);
    }
}
