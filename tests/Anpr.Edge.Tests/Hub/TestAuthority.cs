using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Anpr.Edge.Tests.Hub;

/// <summary>A hub's authority, made for one test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset To = new(2060, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        Certificate = request.CreateSelfSigned(From, To);
        WatchlistKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    }

    public X509Certificate2 Certificate { get; }

    public ECDsa WatchlistKey { get; }

    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(Certificate.RawData));

    public X509Certificate2 Server(string name = "localhost", DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        return Issue($"CN={name}", key, names, From, until ?? To);
    }

    public X509Certificate2 Lane(string port, string lane, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri($"urn:anpr:lane:{port}:{lane}"));
        return Issue($"CN={lane}", key, names, From, until ?? To);
    }

    public X509Certificate2 Sign(byte[] csr, string port, string lane)
    {
        var request = CertificateRequest.LoadSigningRequest(csr, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri($"urn:anpr:lane:{port}:{lane}"));
        var own = new CertificateRequest($"CN={lane}", (ECDsa)request.PublicKey.GetECDsaPublicKey()!, HashAlgorithmName.SHA256);
        own.CertificateExtensions.Add(names.Build());
        return own.Create(Certificate, From, To, RandomNumberGenerator.GetBytes(8));
    }

    public void Dispose()
    {
        Certificate.Dispose();
        WatchlistKey.Dispose();
    }

    private X509Certificate2 Issue(string subject, ECDsa key, SubjectAlternativeNameBuilder names, DateTimeOffset from, DateTimeOffset to)
    {
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        using var bare = request.Create(Certificate, from, to, RandomNumberGenerator.GetBytes(8));
        using var withKey = bare.CopyWithPrivateKey(key);
        // Kestrel and SslStream want the key in the certificate's own store, not a handle that this method owns.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }
}
