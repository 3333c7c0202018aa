using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Tests.Ops;

public sealed class AddressTests
{
    // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
    [Theory]
    [InlineData("--grpc", "192.0.2.1:8443", "--console", "127.0.0.1:0")]
    [InlineData("--console", "https://192.0.2.1:8080", "--grpc", "127.0.0.1:0")]
    public async Task Run_OnAnAddressThatIsNotThisMachines_EndsWithOneLineThatNamesOptionAndCure(string option, string address, string other, string sound)
    {
        using var folder = new TempFolder();
        HubIdentity.Init(new HubFiles(folder.Path), [], TimeProvider.System).Dispose();

        var result = await HubProcess.RunAsync("run", "--data", folder.Path, option, address, other, sound);

        Assert.Equal((2, ""), (result.Code, result.Out));
        var line = Assert.Single(result.Error.Trim().Split('\n'));
        Assert.StartsWith($"anpr hub: {option} {address.Replace("https://", "", StringComparison.Ordinal)}: the hub cannot listen there", line, StringComparison.Ordinal);
        Assert.EndsWith("Give an address of this machine, or 0.0.0.0 for all of them.", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0:8080")]
    [InlineData("http://10.20.0.1:8080")]
    [InlineData("http://[2001:db8::1]:8080")]
    public void ParseConsole_PlainHttpBeyondThisMachine_IsRefusedWithTheCure(string text) =>
        Assert.Contains("Write https://", Assert.Throws<InputException>(() => Address.ParseConsole("--console", text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("localhost:8080", false)]
    [InlineData("http://127.0.0.1:8080/", false)]
    [InlineData("[::1]:8080", false)]
    [InlineData("https://127.0.0.1:8080", true)]
    [InlineData("https://0.0.0.0:443/", true)]
    public void ParseConsole_SoundAddress_IsTaken(string text, bool tls) => Assert.Equal(tls, Address.ParseConsole("--console", text).Tls);

    [Fact]
    public async Task Run_WithHttps_ShowsTheHubsCertificate_ToBrowsersAndNotesTheAddress()
    {
        using var folder = new TempFolder();
        var files = new HubFiles(folder.Path);
        using var authority = HubIdentity.Init(files, [], TimeProvider.System);
        var (hub, _) = await HubProcess.RunHubAsync(folder.Path, console: "https://127.0.0.1:0");
        using var running = hub;
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = Trusting(authority) } }) { BaseAddress = hub.Console };

        using var page = await client.GetAsync(new Uri("/sign-in", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("max-age", page.Headers.GetValues("Strict-Transport-Security").Single(), StringComparison.Ordinal);
        Assert.Equal(hub.Console.GetLeftPart(UriPartial.Authority), HubAddresses.Load(files).Console);
    }

    private static X509ChainPolicy Trusting(Authority authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority.Certificate);
        return policy;
    }

    [Fact]
    public void Refused_WithoutAnAddressThatFailsAlike_StillNamesTheOptions() => Assert.Contains(
        "--grpc and --console",
        Address.Refused(new SocketException((int)SocketError.AccessDenied), ("--grpc", new IPEndPoint(IPAddress.Loopback, 0))).Message,
        StringComparison.Ordinal);
}
