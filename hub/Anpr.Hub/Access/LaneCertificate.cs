using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Anpr.Hub.Access;

/// <summary>Reads and checks what a lane presents. Pure.</summary>
internal static class LaneCertificate
{
    /// <summary>Extended key usage "client authentication".</summary>
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Asn1Tag UriName = new(TagClass.ContextSpecific, 6);

    /// <summary>Who the certificate speaks for; null with a reason in words when it is not to be trusted.</summary>
    public static LaneIdentity? Check(X509Certificate2 certificate, X509Certificate2 authority, DateTimeOffset now, out string fault)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // the hub keeps its own list of lanes
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuth));
        if (!chain.Build(certificate))
        {
            fault = chain.ChainStatus.Any(s => s.Status == X509ChainStatusFlags.NotTimeValid)
                ? $"the lane's certificate is valid from {certificate.NotBefore.ToUniversalTime():u} to {certificate.NotAfter.ToUniversalTime():u}, not now. Check the clocks, or enrol the lane again."
                : "the lane's certificate was not issued by this hub for a lane. Enrol the lane with a token of this hub.";
            return null;
        }

        var lane = Uris(certificate).Select(LaneIdentity.Parse).FirstOrDefault(l => l is not null);
        fault = lane is null ? "the certificate names no lane. Enrol the lane with a token of this hub." : "";
        return lane;
    }

    // X509SubjectAlternativeNameExtension gives DNS names and addresses only, so URIs are read here (RFC 5280, 4.2.1.6).
    private static List<string> Uris(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        if (certificate.Extensions[SubjectAlternativeName] is not { } extension)
        {
            return uris;
        }

        var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData)
        {
            if (names.PeekTag().HasSameClassAndValue(UriName))
            {
                uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriName));
            }
            else
            {
                names.ReadEncodedValue();
            }
        }

        return uris;
    }
}
