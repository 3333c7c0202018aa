using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Anpr.Hub.Audit;

/// <summary>How entries are written and how each one hangs on the one before. Pure, but for the keys that it draws.</summary>
internal static class AuditChain
{
    /// <summary>What the first entry hangs on.</summary>
    public static readonly string Root = new('0', 64);

    private const int KeyBytes = 16;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>A new key of a seal.</summary>
    public static string NewKey() => RandomNumberGenerator.GetHexString(2 * KeyBytes, lowercase: true);

    /// <summary>The entry with its seals and its hash filled in; what was erased of it keeps its seal.</summary>
    public static AuditEntry Seal(AuditEntry entry)
    {
        var @sealed = entry with
        {
            PersonSeal = entry.Person is { } person ? SealOf(person) : entry.PersonSeal,
            ContentSeal = entry.Content is { } content ? SealOf(content) : entry.ContentSeal,
        };
        return @sealed with { Hash = HashOf(@sealed) };
    }

    /// <summary>SHA-256 over the fields of the chain.</summary>
    public static string HashOf(AuditEntry entry) => Convert.ToHexStringLower(SHA256.HashData(Bytes(
        entry.Previous,
        entry.Number.ToString(CultureInfo.InvariantCulture),
        entry.At.UtcTicks.ToString(CultureInfo.InvariantCulture),
        entry.Replica, entry.Kind, entry.What,
        entry.Records?.ToString(CultureInfo.InvariantCulture) ?? "",
        entry.Erases ?? "",
        entry.PersonSeal, entry.ContentSeal)));

    /// <summary>A number and a hash as they are noted elsewhere: "number:hash".</summary>
    public static string HeadOf(AuditEntry? entry) => $"{entry?.Number ?? 0}:{entry?.Hash ?? Root}";

    public static string Write(AuditEntry entry) => JsonSerializer.Serialize(entry, Json);

    /// <summary>Reads one line; null when it is no entry.</summary>
    public static AuditEntry? Read(string line)
    {
        try
        {
            var entry = JsonSerializer.Deserialize<AuditEntry>(line, Json);
            return entry is { Replica: not null, Kind: not null, What: not null, PersonSeal: not null, ContentSeal: not null, Previous: not null, Hash: not null }
                && entry.Person is null or { Name: not null, Key: not null }
                && entry.Content is null or { About: not null, Why: not null, Result: not null, Key: not null }
                ? entry
                : null;
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

        return string.Equals(entry.Hash, HashOf(entry), StringComparison.Ordinal)
            && (entry.Person is not { } person || string.Equals(SealOf(person), entry.PersonSeal, StringComparison.Ordinal))
            && (entry.Content is not { } content || string.Equals(SealOf(content), entry.ContentSeal, StringComparison.Ordinal))
            ? null
            : "its content does not match its hash: it was changed";
    }

    private static string SealOf(AuditPerson person) => Keyed(person.Key, person.Name);

    private static string SealOf(AuditContent content) => content.Covert is { } owner
        ? Keyed(content.Key, content.About, content.Why, content.Result, owner)
        : Keyed(content.Key, content.About, content.Why, content.Result);

    // Without its key nobody can try out which plate an erased entry named.
    private static string Keyed(string key, params ReadOnlySpan<string> fields) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Bytes(fields)));

    // Each field carries its length, so that no two entries give the same bytes.
    private static byte[] Bytes(params ReadOnlySpan<string> fields)
    {
        var bytes = new StringBuilder();
        foreach (var field in fields)
        {
            bytes.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(field)}:{field}");
        }

        return Encoding.UTF8.GetBytes(bytes.ToString());
    }
}
