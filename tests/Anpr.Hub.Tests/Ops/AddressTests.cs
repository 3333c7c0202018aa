using System.Net;
using System.Net.Sockets;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Tests.Ops;

public sealed class AddressTests
{
    // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
    [Theory]
    [InlineData("--grpc", "192.0.2.1:8443", "--console", "127.0.0.1:0")]
    [InlineData("--console", "192.0.2.1:8080", "--grpc", "127.0.0.1:0")]
    public async Task Run_OnAnAddressThatIsNotThisMachines_EndsWithOneLineThatNamesOptionAndCure(string option, string address, string other, string sound)
    {
        using var folder = new TempFolder();
        HubIdentity.Init(new HubFiles(folder.Path), [], TimeProvider.System).Dispose();

        var result = await HubProcess.RunAsync("run", "--data", folder.Path, option, address, other, sound);

        Assert.Equal((2, ""), (result.Code, result.Out));
        var line = Assert.Single(result.Error.Trim().Split('\n'));
        Assert.StartsWith($"anpr hub: {option} {address}: the hub cannot listen there", line, StringComparison.Ordinal);
        Assert.EndsWith("Give an address of this machine, or 0.0.0.0 for all of them.", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Refused_WithoutAnAddressThatFailsAlike_StillNamesTheOptions() => Assert.Contains(
        "--grpc and --console",
        Address.Refused(new SocketException((int)SocketError.AccessDenied), ("--grpc", new IPEndPoint(IPAddress.Loopback, 0))).Message,
        StringComparison.Ordinal);
}
