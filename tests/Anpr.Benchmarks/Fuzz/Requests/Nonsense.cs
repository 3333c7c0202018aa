using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Anpr.Benchmarks.Fuzz.Requests;

/// <summary>Values for what a request asks for, right ones and wrong ones: by a field's name and type, so that a new field needs no line here. Pure but for
/// the random numbers.</summary>
internal static class Nonsense
{
    private const int Deepest = 4;

    private static readonly string[] Odd =
    [
        "", " ", "null", "undefined", "-1", "0", "1e309", "NaN", "9223372036854775808", "\0", "\u202e", "\ud83d\ude9a", "é", "'; DROP TABLE sightings; --", "<script>alert(1)</script>",
        "../../../../etc/passwd", "%00", "%2e%2e%2f", "{0}", "${x}", "*", "?", "**********", "=1+1", "\r\nX-Injected: 1", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    ];

    private static readonly string[] Plates = ["ZZ99ZZZ", "ZZ9*", "Z?99ZZZ", "QQ11QQQ"];
    private static readonly string[] Words = ["csv", "xlsx", "geojson", "exact", "fuzzy", "wildcard", "all", "calais", "dunkerque", "calais/calais-1", "clear", "people", "random", "officer", "dog", "released", "plate", "vehicle", "passage"];

    /// <summary>A text, mostly odd.</summary>
    public static string Text(Random random) => random.Next(6) switch
    {
        0 => new string((char)random.Next(1, 0x2fff), random.Next(1, 40)),
        1 => new string('A', random.Next(1, 6000)),
        2 => Words[random.Next(Words.Length)],
        3 => Guid.NewGuid().ToString(),
        _ => Odd[random.Next(Odd.Length)],
    };

    /// <summary>A text that a field of this name may well hold; one time in four another.</summary>
    public static string For(string name, Random random, IReadOnlyList<string> known)
    {
        if (random.Next(4) == 0)
        {
            return Text(random);
        }

        return name.ToLowerInvariant() switch
        {
            var n when n.Contains("reason", StringComparison.Ordinal) && !n.Contains("text", StringComparison.Ordinal) => "OP:2026-1",
            var n when n.EndsWith("_at", StringComparison.Ordinal) || n.EndsWith("at", StringComparison.Ordinal) || n is "from" or "to" or "time" => Time(random),
            "plate" or "pattern" or "text" or "registration" or "trailer" or "of" or "raw_text" => Plates[random.Next(Plates.Length)],
            "limit" or "minutes" or "people" or "priority" => random.Next(-2, 400).ToString(CultureInfo.InvariantCulture),
            "port" => "calais",
            "lane" => "calais-1",
            "station" => "control",
            "camera" => "front",
            "country" => "GB",
            "format" => Words[random.Next(3)],
            "c" => "A",
            var n when n.Contains("sha256", StringComparison.Ordinal) => Convert.ToHexStringLower(Bytes(random, 32)),
            var n when n.Contains("id", StringComparison.Ordinal) => known.Count > 0 && random.Next(3) == 0 ? known[random.Next(known.Count)] : Guid.NewGuid().ToString(),
            _ => Words[random.Next(Words.Length)],
        };
    }

    /// <summary>JSON of the form that a type is read from.</summary>
    public static JsonNode? Json(System.Type type, string name, Random random, int depth = 0)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (random.Next(12) == 0 || depth > Deepest)
        {
            return random.Next(3) switch { 0 => null, 1 => JsonValue.Create(Text(random)), _ => new JsonArray(random.Next(), null) };
        }

        return plain switch
        {
            _ when plain == typeof(string) || plain == typeof(DateTimeOffset) || plain.IsEnum || plain == typeof(Guid) => JsonValue.Create(For(name, random, [])),
            _ when plain == typeof(bool) => JsonValue.Create(random.Next(2) == 0),
            _ when plain.IsPrimitive || plain == typeof(decimal) => JsonValue.Create(random.Next(5) == 0 ? random.NextInt64() : random.Next(-1, 5)),
            _ when plain.IsArray || (plain.IsGenericType && plain.GetGenericArguments().Length == 1) =>
                new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => Json(plain.IsArray ? plain.GetElementType()! : plain.GetGenericArguments()[0], name, random, depth + 1))]),
            _ => new JsonObject(plain.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0 && random.Next(15) > 0)
                .Select(p => KeyValuePair.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name), Json(p.PropertyType, JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name), random, depth + 1)))),
        };
    }

    /// <summary>A message with most of its fields set.</summary>
    public static IMessage Message(MessageDescriptor descriptor, Random random, IReadOnlyList<string> known, int depth = 0)
    {
        var message = descriptor.Parser.ParseFrom([]);
        if (message is Timestamp time)
        {
            time.Seconds = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - random.Next(100_000);
            return random.Next(20) == 0 ? new Timestamp { Seconds = random.NextInt64(), Nanos = random.Next() } : time;
        }

        var fields = descriptor.Fields.InDeclarationOrder().Where(f => f.ContainingOneof is null || f.ContainingOneof.IsSynthetic)
            .Concat(descriptor.Oneofs.Where(o => !o.IsSynthetic).Select(o => o.Fields[random.Next(o.Fields.Count)]));
        foreach (var field in fields)
        {
            if (random.Next(20) == 0 || depth > Deepest || field.IsMap)
            {
                continue;
            }

            if (!field.IsRepeated)
            {
                field.Accessor.SetValue(message, Value(field, random, known, depth));
                continue;
            }

            var list = (System.Collections.IList)field.Accessor.GetValue(message);
            for (var count = random.Next(4); count > 0; count--)
            {
                list.Add(Value(field, random, known, depth));
            }
        }

        return message;
    }

    /// <summary>Random bytes.</summary>
    public static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static object Value(FieldDescriptor field, Random random, IReadOnlyList<string> known, int depth) => field.FieldType switch
    {
        FieldType.Message => Message(field.MessageType, random, known, depth + 1),
        FieldType.String => Utf8(For(field.Name, random, known)),
        FieldType.Bytes => ByteString.CopyFrom(Bytes(random, random.Next(40))),
        FieldType.Bool => random.Next(2) == 0,
        FieldType.Double => random.Next(20) == 0 ? double.NaN : random.NextDouble(),
        FieldType.Float => random.Next(20) == 0 ? float.PositiveInfinity : random.NextSingle(),
        FieldType.Enum => random.Next(10) == 0 ? random.Next() : field.EnumType.Values[random.Next(field.EnumType.Values.Count)].Number,
        FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64 => random.Next(4) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.NextInt64(5),
        FieldType.UInt64 or FieldType.Fixed64 => random.Next(4) == 0 ? (ulong)random.NextInt64() : (ulong)random.Next(5),
        FieldType.UInt32 or FieldType.Fixed32 => random.Next(4) == 0 ? (uint)random.Next() : (uint)random.Next(5),
        _ => random.Next(4) == 0 ? random.Next(int.MinValue, int.MaxValue) : random.Next(5),
    };

    // A string of protobuf has no lone surrogates.
    private static string Utf8(string text) => string.Concat(text.EnumerateRunes().Select(r => r.ToString()));

    private static string Time(Random random) => TimeProvider.System.GetUtcNow().AddSeconds(random.Next(-200_000, 100_000)).ToString(random.Next(3) == 0 ? "yyyy-MM-dd" : "O", CultureInfo.InvariantCulture);
}
