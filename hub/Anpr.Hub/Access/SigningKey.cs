using System.Security.Cryptography;
using Anpr.Hub.Ops;
using Google.Protobuf;

namespace Anpr.Hub.Access;

/// <summary>The key (ECDSA P-256) with which the hub signs what lanes are to believe: watchlists, bookings, heads of audit logs. Thread-safe.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly ECDsa key;
    private readonly Lock gate = new();

    /// <summary>Reads the key that <c>hub init</c> made.</summary>
    /// <exception cref="InputException">The file cannot be read or holds no such key.</exception>
    public SigningKey(HubFiles files) => key = Read(files);

    /// <summary>The signature of bytes: over their SHA-256, IEEE P1363 form.</summary>
    public ByteString Sign(byte[] bytes)
    {
        lock (gate)
        {
            return ByteString.CopyFrom(key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => key.Dispose();

    /// <summary>The key itself, for those who verify.</summary>
    /// <exception cref="InputException">The file cannot be read or holds no such key.</exception>
    internal static ECDsa Read(HubFiles files)
    {
        var path = files.WatchlistKey;
        var pem = HubFiles.Read(path);
        var read = ECDsa.Create();
        try
        {
            read.ImportFromPem(pem);

            // Signing once shows that it is the private half.
            return read.KeySize == 256 && read.SignData([], HashAlgorithmName.SHA256).Length > 0 ? read : throw new CryptographicException("another curve");
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            read.Dispose();
            throw new InputException($"{path} does not hold the key that signs the watchlist (ECDSA P-256). Put it back from a backup: lanes believe no other.", error);
        }
    }
}
