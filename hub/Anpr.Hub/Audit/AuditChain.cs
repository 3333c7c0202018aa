using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Anpr.Hub.Audit;

/// <summary>How entries are written and how each one hangs on the one before. Pure.</summary>
internal static class AuditChain
{
    /// <summary>What the first entry hangs on.</summary>
    public static readonly string Root = new('0', 64);

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The entry with its hash filled in.</summary>
    public static AuditEntry Seal(AuditEntry entry) => entry with { Hash = HashOf(entry) };

    /// <summary>SHA-256 over the fields; each carries its length, so that no two entries give the same bytes.</summary>
    public static string HashOf(AuditEntry entry)
    {
        string[] fields =
        [
            entry.Previous,
            entry.Number.ToString(CultureInfo.InvariantCulture),
            entry.At.UtcTicks.ToString(CultureInfo.InvariantCulture),
            entry.Who, entry.What, entry.About, entry.Why, entry.Result,
        ];
        var bytes = new StringBuilder();
        foreach (var field in fields)
        {
            bytes.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(field)}:{field}");
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bytes.ToString())));
    }

    public static string Write(AuditEntry entry) => JsonSerializer.Serialize(entry, Json);

    /// <summary>Reads one line; null when it is no entry.</summary>
    public static AuditEntry? Read(string line)
    {
        try
        {
            var entry = JsonSerializer.Deserialize<AuditEntry>(line, Json);
            return entry is { Who: not null, What: not null, About: not null, Why: not null, Result: not null, Previous: not null, Hash: not null } ? entry : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Says what is wrong with an entry that follows <paramref name="before"/>; null when it is sound.</summary>
    public static string? Fault(AuditEntry? before, AuditEntry entry)
    {
        if (entry.Number != (before?.Number ?? 0) + 1)
        {
            return $"number {entry.Number} follows {before?.Number ?? 0}: entries were removed or put in";
        }

        if (!string.Equals(entry.Previous, before?.Hash ?? Root, StringComparison.Ordinal))
        {
            return "it does not hang on the entry before it: that one was changed or replaced";
        }

        return string.Equals(entry.Hash, HashOf(entry), StringComparison.Ordinal) ? null : "its content does not match its hash: it was changed";
    }
}
