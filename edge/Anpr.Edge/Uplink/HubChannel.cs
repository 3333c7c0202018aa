using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace Anpr.Edge.Uplink;

/// <summary>Channels to the hub: only its own authority is trusted, and the name in its certificate must be the one dialled.</summary>
internal static class HubChannel
{
    private static readonly TimeSpan Reconnect = TimeSpan.FromMilliseconds(100);

    /// <summary>A channel to <paramref name="hub"/>.</summary>
    /// <param name="hub">https address.</param>
    /// <param name="authority">The one authority that may have issued the hub's certificate.</param>
    /// <param name="lane">The lane's certificate with key; null before enrolment.</param>
    public static GrpcChannel Open(Uri hub, X509Certificate2 authority, X509Certificate2? lane)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = Trusting(authority, lane),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            UseProxy = false,
        };
        return GrpcChannel.ForAddress(hub, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            InitialReconnectBackoff = Reconnect, // who calls waits between tries
            MaxReconnectBackoff = Reconnect,
        });
    }

    private static SslClientAuthenticationOptions Trusting(X509Certificate2 authority, X509Certificate2? lane)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            // The hub publishes no revocation list: it has one server certificate and renews it itself.
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.Add(authority);
        return new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = policy,
            ClientCertificates = lane is null ? null : [lane],
        };
    }
}
