namespace Anpr.Hub.Tests;

/// <summary>A folder that is gone after the test. Its path is short: a Unix socket must fit into it.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("anpr-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
