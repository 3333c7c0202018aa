using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Anpr.Hub.Access;

/// <summary>Secrets that are handed out once: only their hash is kept.</summary>
internal static class Secret
{
    /// <summary>256 random bits as base64url.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Lower-case hex SHA-256. A secret has 256 random bits, so it needs neither salt nor stretching.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Compares a secret with a kept hash in constant time.</summary>
    public static bool Matches(string secret, string hash) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(secret)), Encoding.ASCII.GetBytes(hash));
}
