using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Anpr.Proto;

/// <summary>What a lane box must know to enrol: the text that <c>hub token</c> prints, base64url over JSON.</summary>
/// <param name="Host">Name or address of the hub, one of the names in its server certificate.</param>
/// <param name="Port">TCP port of the hub's gRPC server, 1..65535.</param>
/// <param name="Authority">Lower-case hex SHA-256 of the authority's certificate (DER). GET /authority.pem on that
/// port gives the certificate itself; compare before anything secret is sent.</param>
/// <param name="Secret">Spent by the first Enrol call that carries it.</param>
public sealed record EnrolmentToken(
    [property: JsonPropertyName("host")] string Host,
    [property: JsonPropertyName("port")] int Port,
    [property: JsonPropertyName("authority")] string Authority,
    [property: JsonPropertyName("secret")] string Secret)
{
    /// <summary>More hubs over the same store, as HOST:PORT, that take the lane's messages when this one does not answer.</summary>
    [JsonPropertyName("others")]
    public IReadOnlyList<string> Others { get; init; } = [];

    /// <summary>The text that is handed to the lane.</summary>
    public override string ToString() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(this));

    /// <summary>Reads the text that <see cref="ToString"/> made; false when it is no token.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out EnrolmentToken? token)
    {
        token = null;
        try
        {
            token = JsonSerializer.Deserialize<EnrolmentToken>(Base64Url.DecodeFromChars((text ?? "").Trim()));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return false;
        }

        if (token is { Host.Length: > 0, Port: > 0 and < 65536, Authority.Length: 64, Secret.Length: > 0 })
        {
            return true;
        }

        token = null;
        return false;
    }
}
