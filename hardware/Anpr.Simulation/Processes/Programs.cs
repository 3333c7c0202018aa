namespace Anpr.Simulation.Processes;

/// <summary>Where the built programs lie: in the repository that <c>ANPR_ROOT</c> names, else in the one that this program lies in.</summary>
internal sealed class Programs
{
    private const string Output = "bin/Release/net10.0/linux-x64";

    private readonly string _root;

    /// <summary>The repository.</summary>
    /// <exception cref="InputException">There is none above this program.</exception>
    public static string Repository => Environment.GetEnvironmentVariable("ANPR_ROOT") ?? Above(AppContext.BaseDirectory);

    /// <exception cref="InputException">There is no repository, or a program was not built.</exception>
    public Programs(string? root = null)
    {
        _root = root ?? Repository;
        foreach (var program in (string[])[Hub, Edge, Simulation])
        {
            if (!File.Exists(program))
            {
                throw new InputException($"{program} is missing. Build it: ./anpr demo does so by itself, or dotnet build -c Release");
            }
        }
    }

    /// <summary>anpr-hub.dll</summary>
    public string Hub => Path.Combine(_root, "hub/Anpr.Hub", Output, "anpr-hub.dll");

    /// <summary>anpr-edge.dll</summary>
    public string Edge => Path.Combine(_root, "edge/Anpr.Edge", Output, "anpr-edge.dll");

    /// <summary>anpr-simulation.dll</summary>
    public string Simulation => Path.Combine(_root, "hardware/Anpr.Simulation", Output, "anpr-simulation.dll");

    private static string Above(string folder)
    {
        for (var up = new DirectoryInfo(folder); up is not null; up = up.Parent)
        {
            if (File.Exists(Path.Combine(up.FullName, "Anpr.sln")))
            {
                return up.FullName;
            }
        }

        throw new InputException($"no repository lies above {folder}. Set ANPR_ROOT to the folder that holds Anpr.sln");
    }
}
