using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>Makes what a hub is known by (<c>hub init</c>) and keeps its server certificate fresh.</summary>
internal static class HubIdentity
{
    // Renewed at a start that finds less than this left, so that a hub restarted each month never runs out.
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(60);

    /// <summary>Makes authority, server certificate and watchlist key in a folder that has none.</summary>
    /// <exception cref="InputException">There is a hub already, or a host name is wrong.</exception>
    public static Authority Init(HubFiles files, IReadOnlyList<string> hosts, TimeProvider time)
    {
        Begin(files, hosts);
        using (var key = ECDsa.Create(ECCurve.NamedCurves.nistP256))
        {
            HubFiles.Write(files.WatchlistKey, key.ExportPkcs8PrivateKeyPem());
        }

        var authority = Authority.Create(time.GetUtcNow());
        IssueServer(files, authority, time).Dispose();
        authority.Save(files);
        return authority;
    }

    /// <summary>Makes one more hub over the store of another: it takes that one's authority and watchlist key, so that lanes believe both.</summary>
    /// <param name="files">The new hub's folder.</param>
    /// <param name="other">The other hub's folder, or a copy of it.</param>
    /// <param name="hosts">Names of the new hub.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InputException">There is a hub already or none to join, or a host name is wrong.</exception>
    public static Authority Join(HubFiles files, HubFiles other, IReadOnlyList<string> hosts, TimeProvider time)
    {
        var authority = Authority.Load(other);
        var key = HubFiles.Read(other.WatchlistKey);
        Begin(files, hosts);
        HubFiles.Write(files.WatchlistKey, key);
        IssueServer(files, authority, time).Dispose();
        authority.Save(files);
        return authority;
    }

    private static void Begin(HubFiles files, IReadOnlyList<string> hosts)
    {
        if (File.Exists(files.AuthorityCertificate) || File.Exists(files.AuthorityKey) || File.Exists(files.WatchlistKey))
        {
            throw new InputException($"{files.Path} holds a hub already; every lane that it enrolled would be lost. Use another folder, or move this one away.");
        }

        var addresses = HubAddresses.Of(hosts);
        files.Create();
        addresses.Save(files);
    }

    /// <summary>The server's certificate with its key, renewed when it is due or lacks one of the hub's names.</summary>
    public static X509Certificate2 Server(HubFiles files, Authority authority, TimeProvider time)
    {
        var now = time.GetUtcNow();
        if (Kept(files) is { } current)
        {
            if (current.NotBefore <= now.LocalDateTime && current.NotAfter > (now + RenewBefore).LocalDateTime && Covers(current, HubAddresses.Load(files).Names))
            {
                return current;
            }

            current.Dispose();
        }

        return IssueServer(files, authority, time);
    }

    // One that cannot be read is as good as none: the authority makes another.
    private static X509Certificate2? Kept(HubFiles files)
    {
        try
        {
            return File.Exists(files.ServerCertificate) && File.Exists(files.ServerKey) ? X509Certificate2.CreateFromPemFile(files.ServerCertificate, files.ServerKey) : null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static bool Covers(X509Certificate2 certificate, IReadOnlyList<string> names) =>
        names.All(n => certificate.MatchesHostname(n, allowWildcards: false, allowCommonName: false));

    private static X509Certificate2 IssueServer(HubFiles files, Authority authority, TimeProvider time)
    {
        var certificate = authority.IssueServer(HubAddresses.Load(files).Names, time.GetUtcNow());
        using var key = certificate.GetECDsaPrivateKey()!;
        HubFiles.Write(files.ServerKey, key.ExportPkcs8PrivateKeyPem());
        HubFiles.Write(files.ServerCertificate, certificate.ExportCertificatePem());
        return certificate;
    }
}
