using System.CommandLine;

namespace Anpr.Hub.Ops;

/// <summary>Where the hub keeps its records, on the command line: <c>--store</c>, else <c>$ANPR_STORE</c>, else the embedded store in the data folder.</summary>
public static class StoreOption
{
    /// <summary>A new <c>--store CONNECTION</c> option; null stands for the embedded store.</summary>
    public static Option<string?> Create() => new("--store")
    {
        Description = "PostgreSQL's connection string (default $ANPR_STORE, else the embedded store in the data folder)",
        HelpName = "CONNECTION",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ANPR_STORE") is { Length: > 0 } set ? set : null,
    };
}
