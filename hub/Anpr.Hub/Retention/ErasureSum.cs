using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Anpr.Hub.Retention;

/// <summary>
/// A keyed sum over a set of records: HMAC-SHA-256 of each "table|id", added modulo 2^256. It does not depend on the order or on the groups in
/// which records went, so that batches of any size give one sum. Pure, but for the keys that it draws.
/// </summary>
internal static class ErasureSum
{
    private const int Bytes = 32;

    /// <summary>The sum over nothing.</summary>
    public static readonly string Zero = new('0', 2 * Bytes);

    private static readonly BigInteger Modulus = BigInteger.One << (8 * Bytes);

    /// <summary>A new key, 64 hex digits.</summary>
    public static string NewKey() => RandomNumberGenerator.GetHexString(2 * Bytes, lowercase: true);

    /// <summary>The sum with more records in it.</summary>
    public static string Add(string sum, string key, IEnumerable<ErasedRecord> records)
    {
        var secret = Convert.FromHexString(key);
        var total = records.Aggregate(
            Number(Convert.FromHexString(sum)), (so, record) => so + Number(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{record.Table}|{record.Id}"))));
        return (total % Modulus).ToString("x", System.Globalization.CultureInfo.InvariantCulture).TrimStart('0').PadLeft(2 * Bytes, '0');
    }

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
}
