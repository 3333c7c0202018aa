using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Access;

namespace Anpr.Hub.Tests.Access;

public sealed class LaneCertificateTests : IDisposable
{
    private static readonly LaneIdentity Lane = new("calais", "calais-1");
    private readonly DateTimeOffset now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private readonly Authority authority;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public LaneCertificateTests() => authority = Authority.Create(now);

    public void Dispose()
    {
        authority.Dispose();
        key.Dispose();
    }

    [Fact]
    public void Check_CertificateOfThisHub_NamesItsLane()
    {
        using var certificate = authority.IssueLane(RunningHub.Csr(key), Lane, now);

        Assert.Equal(Lane, Check(certificate, now));
    }

    [Fact]
    public void Check_CertificateOfAnotherHub_IsRefused()
    {
        using var other = Authority.Create(now);
        using var certificate = other.IssueLane(RunningHub.Csr(key), Lane, now);

        Assert.Null(Check(certificate, now));
    }

    [Fact]
    public void Check_SelfSignedWithTheRightName_IsRefused()
    {
        using var certificate = Forge(null);

        Assert.Null(Check(certificate, now));
    }

    [Fact]
    public void Check_ForgedWithTheAuthoritysName_IsRefused()
    {
        using var trusted = authority.Certificate;
        using var liar = Forge(trusted.SubjectName);

        Assert.Null(Check(liar, now));
    }

    [Fact]
    public void Check_ServersOwnCertificate_IsNoLane()
    {
        using var certificate = authority.IssueServer(["hub.example"], now);

        Assert.Null(Check(certificate, now));
    }

    [Fact]
    public void Check_LanesCertificateUsedAsAuthority_IsRefused()
    {
        using var issued = authority.IssueLane(RunningHub.Csr(key), Lane, now);
        using var below = Forge(issued.SubjectName);

        Assert.Null(Check(below, now));
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(90.01)]
    public void Check_OutsideItsTime_IsRefusedAndSaysSo(double days)
    {
        using var certificate = authority.IssueLane(RunningHub.Csr(key), Lane, now);
        using var trusted = authority.Certificate;

        Assert.Null(LaneCertificate.Check(certificate, trusted, now.AddDays(days), out var fault));
        Assert.Contains("clocks", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("urn:anpr:lane:calais:calais-1", "calais", "calais-1")]
    [InlineData("urn:anpr:lane:calais", null, null)]
    [InlineData("urn:anpr:lane:calais:a:b", null, null)]
    [InlineData("urn:anpr:lane::x", null, null)]
    [InlineData("https://calais/calais-1", null, null)]
    public void Parse_Urn_GivesPortAndLane(string urn, string? port, string? lane) =>
        Assert.Equal(port is null ? null : new LaneIdentity(port, lane!), LaneIdentity.Parse(urn));

    private LaneIdentity? Check(X509Certificate2 certificate, DateTimeOffset at)
    {
        using var trusted = authority.Certificate;
        var lane = LaneCertificate.Check(certificate, trusted, at, out var fault);
        Assert.Equal(lane is null, fault.Length > 0);
        return lane;
    }

    // Everything as it should be, but signed by a key of its own; with an issuer's name it pretends to be issued by it.
    private X509Certificate2 Forge(X500DistinguishedName? issuer)
    {
        var request = new CertificateRequest("CN=calais-1", key, HashAlgorithmName.SHA256);
        var san = new SubjectAlternativeNameBuilder();
        san.AddUri(new Uri(Lane.Urn));
        request.CertificateExtensions.Add(san.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(LaneCertificate.ClientAuth)], false));
        return issuer is null
            ? request.CreateSelfSigned(now.AddDays(-1), now.AddDays(10))
            : request.Create(issuer, X509SignatureGenerator.CreateForECDsa(key), now.AddDays(-1), now.AddDays(10), [1, 2, 3]);
    }
}
