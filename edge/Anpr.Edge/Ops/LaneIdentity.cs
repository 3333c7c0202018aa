using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Anpr.Edge.Uplink;

namespace Anpr.Edge.Ops;

/// <summary>Who this lane is to its hub: made by <c>lane enrol</c>, kept in <c>identity/</c> of the data folder.</summary>
internal sealed class LaneIdentity : IDisposable
{
    private const string CertificateFile = "lane.crt";
    private const string KeyFile = "lane.key";
    private const string AuthorityFile = "authority.crt";
    private const string WatchlistFile = "watchlist.pub";
    private const string LaneFile = "lane.json";

    /// <summary>More than all files of an identity.</summary>
    private const int RoomBytes = 64 * 1024;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private LaneIdentity(string port, string lane, IReadOnlyList<Uri> hubs, X509Certificate2 certificate, X509Certificate2 authority, ECDsa watchlistKey)
    {
        (Port, Lane, Hubs, Certificate, Authority, WatchlistKey) = (port, lane, hubs, certificate, authority, watchlistKey);
    }

    /// <summary>calais, coquelles or dunkerque.</summary>
    public string Port { get; }

    /// <summary>The lane's name.</summary>
    public string Lane { get; }

    /// <summary>The hubs that it may send to, one at least; all are of one store.</summary>
    public IReadOnlyList<Uri> Hubs { get; }

    /// <summary>The lane's certificate with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The one authority that the lane trusts.</summary>
    public X509Certificate2 Authority { get; }

    /// <summary>Verifies watchlist deltas (P-256).</summary>
    public ECDsa WatchlistKey { get; }

    /// <summary>Serial number of the certificate, upper-case hex.</summary>
    public string Serial => Certificate.SerialNumber;

    /// <summary>True when <paramref name="data"/> holds an identity.</summary>
    public static bool Exists(string data) => File.Exists(Path.Combine(data, "identity", LaneFile));

    /// <summary>Reads the identity of a data folder.</summary>
    /// <exception cref="UserError">It is missing, or a file of it does not hold what it should.</exception>
    public static LaneIdentity Load(string data)
    {
        var folder = Path.Combine(data, "identity");
        if (!Exists(data))
        {
            throw new UserError($"{folder} holds no identity: this lane is not enrolled. Run `./anpr lane enrol --data {data} --token TOKEN` with a token from `./anpr hub token`.");
        }

        var path = "";
        string Part(string name) => path = Path.Combine(folder, name);
        try
        {
            var about = JsonSerializer.Deserialize<About>(File.ReadAllBytes(Part(LaneFile)))!;
            var certificate = X509Certificate2.CreateFromPemFile(Part(CertificateFile), Part(KeyFile));
            var authority = X509CertificateLoader.LoadCertificateFromFile(Part(AuthorityFile));
            var watchlistKey = ECDsa.Create();
            watchlistKey.ImportSubjectPublicKeyInfo(File.ReadAllBytes(Part(WatchlistFile)), out _);
            path = Path.Combine(folder, LaneFile);
            Uri[] hubs = [.. about.Hubs.Select(hub => new Uri(hub))];
            return hubs.Length > 0 && hubs.All(HubAddressesAttribute.IsHub)
                ? new LaneIdentity(about.Port, about.Lane, hubs, certificate, authority, watchlistKey)
                : throw new UriFormatException($"'{string.Join(", ", about.Hubs)}' are no https addresses.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or JsonException or UriFormatException or NullReferenceException or ArgumentNullException)
        {
            throw new UserError($"{path} cannot be used: {e.Message.ReplaceLineEndings(" ")} Enrol again: `./anpr lane enrol --force`.", e);
        }
    }

    /// <summary>Makes sure that <see cref="Save"/> will find a folder with room that it may write; before a token is spent.</summary>
    /// <exception cref="IOException">It will not.</exception>
    /// <exception cref="UnauthorizedAccessException">It will not.</exception>
    public static void Prepare(string data)
    {
        var fresh = Path.Combine(data, "identity.new");
        DeleteFolder(fresh);
        Directory.CreateDirectory(fresh, OwnerOnly);
        File.WriteAllBytes(Path.Combine(fresh, "room"), new byte[RoomBytes]);
        DeleteFolder(fresh);
    }

    /// <summary>Writes an identity; an older one is replaced as a whole or not at all.</summary>
    public static void Save(string data, string port, string lane, IReadOnlyList<Uri> hubs, string certificatePem, ECDsa key, string authorityPem, byte[] watchlistKey)
    {
        var folder = Path.Combine(data, "identity");
        var fresh = folder + ".new";
        var old = folder + ".old";
        DeleteFolder(fresh);
        DeleteFolder(old);
        Directory.CreateDirectory(data, OwnerOnly);
        Directory.CreateDirectory(fresh, OwnerOnly);
        WriteKey(Path.Combine(fresh, KeyFile), key);
        File.WriteAllText(Path.Combine(fresh, CertificateFile), certificatePem);
        File.WriteAllText(Path.Combine(fresh, AuthorityFile), authorityPem);
        File.WriteAllBytes(Path.Combine(fresh, WatchlistFile), watchlistKey);
        File.WriteAllBytes(Path.Combine(fresh, LaneFile), JsonSerializer.SerializeToUtf8Bytes(new About(port, lane, [.. hubs.Select(hub => hub.ToString())])));
        if (Directory.Exists(folder))
        {
            Directory.Move(folder, old);
        }

        Directory.Move(fresh, folder);
        DeleteFolder(old);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        Authority.Dispose();
        WatchlistKey.Dispose();
    }

    private static void WriteKey(string path, ECDsa key)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var writer = new StreamWriter(path, options);
        writer.WriteLine(key.ExportPkcs8PrivateKeyPem());
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed record About(string Port, string Lane, IReadOnlyList<string> Hubs);
}
