using Anpr.Hub.Access;

namespace Anpr.Hub.Tests.Access;

/// <summary>A damaged file of the hub is said when the hub starts, in one line that names it.</summary>
public sealed class DamagedFilesTests : IDisposable
{
    private const string PublicKey = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==
        -----END PUBLIC KEY-----
        """;

    private readonly TempFolder folder = new();

    public DamagedFilesTests() => HubIdentity.Init(new HubFiles(folder.Path), [], TimeProvider.System).Dispose();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("addresses.json", "{")]
    [InlineData("addresses.json", "null")]
    [InlineData("addresses.json", "{}")]
    [InlineData("addresses.json", """{"hosts":[null],"grpc_port":8443,"console":"http://127.0.0.1:8080"}""")]
    [InlineData("addresses.json", """{"hosts":[],"grpc_port":99999,"console":"http://127.0.0.1:8080"}""")]
    [InlineData("watchlist-key.pem", "")]
    [InlineData("watchlist-key.pem", PublicKey)]
    [InlineData("authority-key.pem", "x")]
    public async Task Run_OnADamagedFile_EndsWithOneLineThatNamesIt(string file, string content)
    {
        var path = Path.Combine(folder.Path, file);
        await File.WriteAllTextAsync(path, content, TestContext.Current.CancellationToken);

        var result = await HubProcess.RunAsync("run", "--data", folder.Path, "--grpc", "127.0.0.1:0", "--console", "127.0.0.1:0");

        Assert.Equal((2, ""), (result.Code, result.Out));
        var line = Assert.Single(result.Error.Trim().Split('\n'));
        Assert.Contains(path, line, StringComparison.Ordinal);
        Assert.Contains("ack from a backup", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAFolderInAFilesPlace_EndsWithOneLineThatNamesIt()
    {
        File.Delete(new HubFiles(folder.Path).WatchlistKey);
        Directory.CreateDirectory(new HubFiles(folder.Path).WatchlistKey);

        var result = await HubProcess.RunAsync("run", "--data", folder.Path, "--grpc", "127.0.0.1:0", "--console", "127.0.0.1:0");

        Assert.Equal(2, result.Code);
        Assert.Contains($"{new HubFiles(folder.Path).WatchlistKey} cannot be read", Assert.Single(result.Error.Trim().Split('\n')), StringComparison.Ordinal);
    }
}
