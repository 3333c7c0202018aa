namespace Anpr.Simulation.Demo;

/// <summary>Where a demo keeps its things: the hub, a folder for each lane, the children's logs.</summary>
internal sealed record DemoFolder(string Path)
{
    /// <summary>The hub's data folder.</summary>
    public string Hub => System.IO.Path.Combine(Path, "hub");

    /// <summary>Logs of all children.</summary>
    public string Logs => System.IO.Path.Combine(Path, "logs");

    /// <summary>A lane's data folder.</summary>
    public string Lane(string port) => System.IO.Path.Combine(Path, "lanes", port);

    /// <summary>Makes it.</summary>
    /// <param name="wanted">A new or empty folder; null for one of our own.</param>
    /// <exception cref="InputException">It holds something already, or cannot be made.</exception>
    public static DemoFolder Create(string? wanted)
    {
        try
        {
            var path = System.IO.Path.GetFullPath(wanted ?? Directory.CreateTempSubdirectory("anpr-demo-").FullName);
            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            {
                throw new InputException($"--data {wanted}: the folder is not empty. A demo begins anew: give a new or empty folder");
            }

            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var folder = new DemoFolder(path);
            Directory.CreateDirectory(folder.Logs);
            return folder;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"--data {wanted}: the folder cannot be made: {error.Message}", error);
        }
    }
}
