using System.Text.Json;
using System.Text.Json.Serialization;
using Anpr.Edge.Detect;
using Anpr.Edge.Passage;
using Anpr.Edge.Read;

namespace Anpr.Edge.Ops;

/// <summary>One plate of one frame as <c>read</c> prints it; the fields are the contract of docs/reading.md.</summary>
internal sealed record PlateLine(
    string Source,
    long Frame,
    DateTimeOffset? Time,
    double OffsetS,
    float[][]? Quad,
    float[]? Box,
    float? Detection,
    string? Text,
    string? RawText,
    float? Confidence,
    IReadOnlyList<CharacterRead> Characters,
    string? Country,
    int? Lines)
{
    /// <summary>The line of a plate.</summary>
    public static PlateLine Of(string source, long frame, DateTimeOffset? time, TimeSpan offset, Plate plate, PlateRead read, SyntaxRead says) => new(
        source,
        frame,
        time,
        ReadJson.Seconds(offset),
        [.. plate.Quad.Corners().Select(c => new[] { ReadJson.Pixel(c.X), ReadJson.Pixel(c.Y) })],
        [ReadJson.Pixel(plate.Box.X1), ReadJson.Pixel(plate.Box.Y1), ReadJson.Pixel(plate.Box.X2), ReadJson.Pixel(plate.Box.Y2)],
        ReadJson.Share(plate.Detection),
        says.Text.Length > 0 ? says.Text : null,
        read.Text.Length > 0 ? read.Text : null,
        says.Text.Length > 0 ? ReadJson.Share(says.Confidence) : null,
        [.. says.Characters.Select(ReadJson.Rounded)],
        says.Country,
        read.Lines);

    /// <summary>The line of an image without plates.</summary>
    public static PlateLine Nothing(string source) => new(source, 0, null, 0, null, null, null, null, null, null, [], null, null);
}

/// <summary>One vehicle passing as <c>read --passages</c> prints it.</summary>
internal sealed record PassageLine(
    string Source,
    DateTimeOffset? FirstTime,
    DateTimeOffset? LastTime,
    double OffsetS,
    string? Text,
    string? RawText,
    float? Confidence,
    string? Country,
    IReadOnlyList<TextAlternative> Alternatives,
    int Reads,
    string Direction,
    string Side)
{
    /// <summary>The line of a closed passage; <paramref name="sighting"/> is null when no plate was read.</summary>
    public static PassageLine Of(string source, bool timeKnown, DateTimeOffset start, PassageRecord passage, SightingRecord? sighting) => new(
        source,
        timeKnown ? passage.OpenedAt : null,
        timeKnown ? passage.ClosedAt : null,
        ReadJson.Seconds(passage.OpenedAt - start),
        sighting?.Text,
        sighting?.RawText,
        sighting is null ? null : ReadJson.Share(sighting.Confidence),
        sighting?.Country,
        [.. (sighting?.Alternatives ?? []).Select(a => a with { P = ReadJson.Share(a.P) })],
        sighting?.Reads ?? 0,
        ReadJson.Lower(passage.Direction.ToString()),
        ReadJson.Lower((sighting?.Side ?? Passage.Side.Unknown).ToString()));
}

/// <summary>How these lines are written.</summary>
internal static class ReadJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new UtcConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Line<T>(T line) => JsonSerializer.Serialize(line, Options);

    public static float Share(float p) => MathF.Round(p, 4);

    public static float Pixel(float x) => MathF.Round(x, 1);

    public static double Seconds(TimeSpan t) => Math.Round(t.TotalSeconds, 3);

    public static CharacterRead Rounded(CharacterRead c) => new(c.C, Share(c.P), [.. c.Alternatives.Select(a => new CharacterAlternative(a.C, Share(a.P)))]);

#pragma warning disable CA1308 // the words of the contract are lower case
    public static string Lower(string name) => name.ToLowerInvariant();
#pragma warning restore CA1308

    private sealed class UtcConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }
}
