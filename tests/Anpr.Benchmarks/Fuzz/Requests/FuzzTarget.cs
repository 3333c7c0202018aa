using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Access;
using Anpr.Hub.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;

namespace Anpr.Benchmarks.Fuzz.Requests;

/// <summary>A hub in this process that is to be asked nonsense, and the ways to its doors.</summary>
internal sealed class FuzzTarget : IDisposable
{
    private const int ConnectionsAtOnce = 16;

    private readonly X509Certificate2 _forged;

    /// <param name="hub">The hub, started.</param>
    /// <param name="lane">The certificate of an enrolled lane.</param>
    /// <param name="known">Ids that the hub knows.</param>
    public FuzzTarget(WebApplication hub, X509Certificate2 lane, IReadOnlyList<string> known)
    {
        Hub = hub.Services;
        Known = known;
        var (grpc, console) = Anpr.Hub.Ops.HubHost.Addresses(Hub.GetRequiredService<IServer>());
        Grpc = new Uri(grpc);
        Console = new Uri(console);
        using var other = Authority.Create(TimeProvider.System.GetUtcNow());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = other.IssueLane(new CertificateRequest("CN=box", key, HashAlgorithmName.SHA256).CreateSigningRequest(), new LaneIdentity("calais", "calais-1"), TimeProvider.System.GetUtcNow());
        _forged = X509Certificate2.CreateFromPem(issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        Browser = Client(Console, null, HttpVersion.Version11);
        Stranger = Client(Grpc, null, HttpVersion.Version20);
        Forger = Client(Grpc, _forged, HttpVersion.Version20);
        Lane = Client(Grpc, lane, HttpVersion.Version20);
    }

    /// <summary>The hub's services.</summary>
    public IServiceProvider Hub { get; }

    /// <summary>Ids that the hub knows.</summary>
    public IReadOnlyList<string> Known { get; }

    /// <summary>The console's door.</summary>
    public Uri Console { get; }

    /// <summary>The lanes' door.</summary>
    public Uri Grpc { get; }

    /// <summary>At the console's door, with whatever a request carries.</summary>
    public HttpClient Browser { get; }

    /// <summary>At the lanes' door without a certificate.</summary>
    public HttpClient Stranger { get; }

    /// <summary>At the lanes' door with a certificate in a lane's name that the hub did not issue.</summary>
    public HttpClient Forger { get; }

    /// <summary>At the lanes' door as an enrolled lane.</summary>
    public HttpClient Lane { get; }

    /// <summary>How many records of each table there are.</summary>
    public IReadOnlyDictionary<string, long> Counts(IEnumerable<Table> tables)
    {
        var store = Hub.GetRequiredService<IStore>();
        return tables.ToDictionary(t => t.Name, t => t.CountIn(store), StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach([Browser, Stranger, Forger, Lane], c => c.Dispose());
        _forged.Dispose();
    }

    private static HttpClient Client(Uri door, X509Certificate2? certificate, Version version) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = ConnectionsAtOnce,
        SslOptions = new SslClientAuthenticationOptions { ClientCertificates = certificate is null ? null : [certificate], RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null },
    })
    {
        BaseAddress = door,
        DefaultRequestVersion = version,
        DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        Timeout = TimeSpan.FromSeconds(60),
    };
}
