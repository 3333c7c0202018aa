using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>The hub's own certificate authority. It trusts nobody else, and nobody else needs to trust it.</summary>
public sealed class Authority : IDisposable
{
    /// <summary>How long each kind of certificate is valid.</summary>
    public static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3652), ServerLife = TimeSpan.FromDays(397), LaneLife = TimeSpan.FromDays(90);

    // A lane box without a battery-backed clock may lag behind until it has synchronised.
    private static readonly TimeSpan Backdate = TimeSpan.FromDays(1);

    private readonly X509Certificate2 certificate;

    private Authority(X509Certificate2 certificate) => this.certificate = certificate;

    /// <summary>The authority's certificate without its key.</summary>
    public X509Certificate2 Certificate => X509CertificateLoader.LoadCertificate(certificate.RawData);

    /// <summary>Lower-case hex SHA-256 of the certificate.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));

    /// <summary>The certificate in PEM.</summary>
    public string Pem => certificate.ExportCertificatePem();

    /// <summary>Makes a new authority with an ECDSA P-256 key.</summary>
    public static Authority Create(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var name = $"CN=Anpr authority {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return new Authority(request.CreateSelfSigned(now - Backdate, now + AuthorityLife));
    }

    /// <summary>Reads the authority of a data folder.</summary>
    /// <exception cref="InputException">There is none, or its files are broken.</exception>
    public static Authority Load(HubFiles folder)
    {
        if (!folder.IsInitialised)
        {
            throw new InputException($"there is no hub in {folder.Path}. Make one with `hub init --data {folder.Path}`.");
        }

        try
        {
            return new Authority(X509Certificate2.CreateFromPemFile(folder.AuthorityCertificate, folder.AuthorityKey));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new InputException($"{folder.AuthorityCertificate} and {folder.AuthorityKey} do not hold an authority and its key. Put them back from a backup.");
        }
    }

    /// <summary>Writes certificate and key.</summary>
    public void Save(HubFiles folder)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        HubFiles.Write(folder.AuthorityKey, key.ExportPkcs8PrivateKeyPem());
        HubFiles.Write(folder.AuthorityCertificate, Pem);
    }

    /// <summary>Makes key and certificate of the gRPC server.</summary>
    /// <param name="names">DNS names and IP addresses by which lanes reach it, one at least.</param>
    /// <param name="now">Start of its validity.</param>
    public X509Certificate2 IssueServer(IReadOnlyCollection<string> names, DateTimeOffset now)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Anpr hub", key, HashAlgorithmName.SHA256);
        var san = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
            {
                san.AddIpAddress(address);
            }
            else
            {
                san.AddDnsName(name);
            }
        }

        using var issued = Sign(request, san, "1.3.6.1.5.5.7.3.1", now, ServerLife);
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>Signs a lane's request. Only its public key is taken from it: the token that was spent decides the name.</summary>
    /// <exception cref="InputException">The request is broken, not signed by its own key, or not ECDSA P-256.</exception>
    public X509Certificate2 IssueLane(byte[] csr, LaneIdentity lane, DateTimeOffset now)
    {
        CertificateRequest asked;
        try
        {
            asked = CertificateRequest.LoadSigningRequest(csr, HashAlgorithmName.SHA256);
        }
        catch (CryptographicException)
        {
            throw new InputException("csr_der is no PKCS#10 request that is signed by its own key. Make a new one.");
        }

        using var key = asked.PublicKey.GetECDsaPublicKey();
        if (key?.ExportParameters(false).Curve.Oid.Value is not "1.2.840.10045.3.1.7")
        {
            throw new InputException("csr_der holds another kind of key: ECDSA P-256 is asked for.");
        }

        var request = new CertificateRequest(new X500DistinguishedName($"CN={lane.Lane}"), asked.PublicKey, HashAlgorithmName.SHA256);
        var san = new SubjectAlternativeNameBuilder();
        san.AddUri(new Uri(lane.Urn));
        return Sign(request, san, LaneCertificate.ClientAuth, now, LaneLife);
    }

    /// <inheritdoc/>
    public void Dispose() => certificate.Dispose();

    private X509Certificate2 Sign(CertificateRequest request, SubjectAlternativeNameBuilder san, string usage, DateTimeOffset now, TimeSpan life)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, true, false));
        request.CertificateExtensions.Add(san.Build());
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        var start = (now - Backdate).UtcDateTime;
        var end = (now + life).UtcDateTime;
        var (first, last) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        return request.Create(certificate, new DateTimeOffset(start > first ? start : first), new DateTimeOffset(end < last ? end : last), serial);
    }
}
