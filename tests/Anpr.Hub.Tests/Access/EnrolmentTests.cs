using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Access;
using Anpr.Proto;
using Anpr.Proto.V1;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Access;

/// <summary>Real gRPC over TLS against a whole hub.</summary>
public sealed class EnrolmentTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync(time);

    public async ValueTask DisposeAsync()
    {
        key.Dispose();
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task Enrol_WithToken_GivesACertificateInTheTokensName()
    {
        var answer = await EnrolAsync(await hub.Get<Lanes>().NewTokenAsync("calais", "calais-1"));

        Assert.Equal(("calais", "calais-1"), (answer.Port, answer.Lane));
        using var certificate = X509Certificate2.CreateFromPem(answer.CertificatePem);
        using var authority = X509Certificate2.CreateFromPem(answer.AuthorityPem);
        Assert.Equal(new LaneIdentity("calais", "calais-1"), LaneCertificate.Check(certificate, authority, time.GetUtcNow(), out _));
        Assert.Equal(90, (certificate.NotAfter - time.GetUtcNow().LocalDateTime).TotalDays, 0.01);
        using var watchlist = ECDsa.Create();
        watchlist.ImportSubjectPublicKeyInfo(answer.WatchlistKey.Span, out _);
        Assert.Equal(256, watchlist.KeySize);
    }

    [Fact]
    public async Task Enrol_WholeTokenText_IsUnderstoodToo()
    {
        var token = new EnrolmentToken("127.0.0.1", 1, new string('0', 64), await hub.Get<Lanes>().NewTokenAsync("calais", "calais-1"));

        Assert.Equal("calais-1", (await EnrolAsync(token.ToString())).Lane);
    }

    [Fact]
    public async Task Enrol_SpentToken_IsRefusedWithTheReason()
    {
        var token = await hub.Get<Lanes>().NewTokenAsync("calais", "calais-1");
        await EnrolAsync(token);

        Assert.Contains("used already", await RefusalAsync(token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enrol_OldToken_IsRefusedWithTheReason()
    {
        var token = await hub.Get<Lanes>().NewTokenAsync("calais", "calais-1");
        time.Advance(Lanes.TokenLife);

        Assert.Contains("out of date", await RefusalAsync(token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enrol_UnknownToken_IsRefused() => Assert.Contains("not known", await RefusalAsync("guess"), StringComparison.Ordinal);

    [Fact]
    public async Task Enrol_RsaKey_IsRefusedAndTheTokenIsSpent()
    {
        using var rsa = RSA.Create(2048);
        var token = await hub.Get<Lanes>().NewTokenAsync("calais", "calais-1");

        Assert.Contains("P-256", await RefusalAsync(token, RunningHub.Csr(rsa)), StringComparison.Ordinal);
        Assert.Contains("used already", await RefusalAsync(token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enrol_RequestNotSignedByItsKey_IsRefused()
    {
        var csr = RunningHub.Csr(key);
        csr[^1] ^= 1;

        Assert.Contains("csr_der", await RefusalAsync(await hub.Get<Lanes>().NewTokenAsync("calais", "calais-1"), csr), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enrol_SubjectOfAnotherLaneInTheRequest_IsIgnored()
    {
        var answer = await EnrolAsync(await hub.Get<Lanes>().NewTokenAsync("calais", "calais-1"), RunningHub.Csr(key, "CN=dunkerque-9"));

        using var certificate = X509Certificate2.CreateFromPem(answer.CertificatePem);
        Assert.Equal("CN=calais-1", certificate.Subject);
    }

    [Fact]
    public async Task Authority_FetchedBeforeEnrolling_HasTheFingerprintOfTheToken()
    {
        using var desk = new SocketDesk(SocketDesk.Connect(hub.Files)!);
        Assert.True(EnrolmentToken.TryParse(await desk.TokenAsync("calais", "calais-1", []), out var token));
        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, c, _, _) => c is not null } })
        {
            DefaultRequestVersion = new Version(2, 0),
        };

        using var authority = X509Certificate2.CreateFromPem(await client.GetStringAsync(new Uri(hub.Grpc, "/authority.pem"), TestContext.Current.CancellationToken));

        Assert.Equal(token.Authority, Convert.ToHexStringLower(SHA256.HashData(authority.RawData)));
        Assert.Equal((hub.Grpc.Host, hub.Grpc.Port), (token.Host, token.Port));
    }

    private async Task<EnrolAnswer> EnrolAsync(string token, byte[]? csr = null) =>
        await new Enrolment.EnrolmentClient(hub.Channel()).EnrolAsync(
            new EnrolRequest { Token = token, CsrDer = ByteString.CopyFrom(csr ?? RunningHub.Csr(key)), Box = "box-1" },
            cancellationToken: TestContext.Current.CancellationToken);

    private async Task<string> RefusalAsync(string token, byte[]? csr = null)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => EnrolAsync(token, csr));
        Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        return refused.Status.Detail;
    }
}
