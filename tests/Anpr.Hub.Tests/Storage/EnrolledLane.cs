using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Grpc.Net.Client;

namespace Anpr.Hub.Tests.Storage;

/// <summary>A lane of a hub that runs as a program of its own.</summary>
internal static class EnrolledLane
{
    /// <summary>Makes a hub in a folder with one enrolled lane, calais/calais-1.</summary>
    public static async Task<X509Certificate2> InAsync(string folder)
    {
        var files = new HubFiles(folder);
        using var authority = HubIdentity.Init(files, [], TimeProvider.System);
        var identity = new LaneIdentity("calais", "calais-1");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = authority.IssueLane(RunningHub.Csr(key), identity, TimeProvider.System.GetUtcNow());
        await using var store = LiteStore.Open(folder, HubFeatures.Tables);
        using var access = new AccessStore(store, TimeProvider.System);
        await new Lanes(access).EnrolledAsync(identity, issued, "test-box");
        return RunningHub.WithKey(issued.ExportCertificatePem(), key);
    }

    /// <summary>Its way to the hub.</summary>
    public static GrpcChannel Channel(Uri hub, X509Certificate2 certificate) => GrpcChannel.ForAddress(hub, new GrpcChannelOptions
    {
        DisposeHttpClient = true,
        HttpHandler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { ClientCertificates = [certificate], RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null },
        },
    });
}
