using System.Text.Json;
using System.Text.Json.Serialization;

namespace Anpr.Hub.Movements;

/// <summary>How rows are written: snake_case, UTC with a Z, nothing for what is not known.</summary>
public static class RowJson
{
    /// <summary>The options of API, import and export.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new UtcTime() },
    };

    /// <summary>Times without a zone are UTC, and all are written so.</summary>
    internal sealed class UtcTime : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Ops.TypedTime.TryRead(reader.GetString(), out var time) ? time : throw new JsonException("is no ISO 8601 time");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime);
    }
}
