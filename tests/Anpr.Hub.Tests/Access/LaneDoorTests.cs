using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Access;
using Anpr.Hub.Watchlists;
using Anpr.Models.Plates;
using Anpr.Proto.V1;
using Grpc.Core;

namespace Anpr.Hub.Tests.Access;

/// <summary>Who may speak for a lane: real calls over TLS to the services that need a certificate.</summary>
public sealed class LaneDoorTests : IAsyncLifetime
{
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync();

    public async ValueTask DisposeAsync() => await hub.DisposeAsync();

    [Fact]
    public async Task EnrolledLane_IsLetIn()
    {
        using var certificate = await hub.EnrolAsync("calais", "calais-1");

        Assert.NotNull(await HeartbeatAsync(certificate));
    }

    [Fact]
    public async Task NoCertificate_IsRefused()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => HeartbeatAsync(null));

        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Contains("lane enrol", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CertificateOfAnotherAuthority_IsRefused()
    {
        using var other = Authority.Create(TimeProvider.System.GetUtcNow());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = other.IssueLane(RunningHub.Csr(key), new LaneIdentity("calais", "calais-1"), TimeProvider.System.GetUtcNow());
        using var certificate = RunningHub.WithKey(issued.ExportCertificatePem(), key);

        var refused = await Assert.ThrowsAsync<RpcException>(() => HeartbeatAsync(certificate));

        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
        Assert.Contains("not issued by this hub", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RevokedLane_IsCutOffAndRefused()
    {
        using var certificate = await hub.EnrolAsync("calais", "calais-1");
        using var open = new Lane.LaneClient(hub.Channel(certificate)).FollowWatchlist(new FollowWatchlistRequest(), cancellationToken: TestContext.Current.CancellationToken);
        await hub.Get<WatchlistBook>().AddAsync(new NewEntry("AB12CDE", ListedKind.Exact, 1, "listed", "OP:1", "anna", TimeProvider.System.GetUtcNow().AddDays(1)));
        Assert.True(await open.ResponseStream.MoveNext(TestContext.Current.CancellationToken));

        await hub.Get<Lanes>().RevokeAsync("calais", "calais-1");

        await EndAsync(open).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<RpcException>(() => HeartbeatAsync(certificate));
        Assert.Contains("revoked", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LanesCertificate_OpensNoConsolePage()
    {
        using var certificate = await hub.EnrolAsync("calais", "calais-1");
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { ClientCertificates = [certificate], RemoteCertificateValidationCallback = (_, c, _, _) => c is not null },
        })
        {
            DefaultRequestVersion = new Version(2, 0),
        };

        using var answer = await client.GetAsync(new Uri(hub.Grpc, "/live"), TestContext.Current.CancellationToken);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, answer.StatusCode);
    }

    // A call that is cut ends with an error or, when its answer was under way, without one; one that is not cut never ends.
    internal static async Task EndAsync(AsyncServerStreamingCall<SignedWatchlistDelta> call)
    {
        try
        {
            while (await call.ResponseStream.MoveNext(CancellationToken.None))
            {
                // Whatever was sent before the cut.
            }
        }
        catch (RpcException)
        {
            // Cut.
        }
    }

    private async Task<HeartbeatAnswer> HeartbeatAsync(X509Certificate2? certificate) =>
        await new Lane.LaneClient(hub.Channel(certificate)).HeartbeatAsync(new HeartbeatRequest(), cancellationToken: TestContext.Current.CancellationToken);
}
