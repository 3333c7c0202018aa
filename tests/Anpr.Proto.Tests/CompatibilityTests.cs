using System.Text.RegularExpressions;
using Anpr.Proto.V1;
using CsCheck;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Anpr.Proto.Tests;

/// <summary>
/// Holds the wire format against <c>published.binpb</c>, the descriptor set of every field that was ever published.
/// After adding fields, write it anew with ANPR_ACCEPT_PROTO=path/to/published.binpb and commit both.
/// </summary>
public sealed partial class CompatibilityTests
{
    private static readonly FileDescriptor[] Current =
        [SightingReflection.Descriptor, IngestReflection.Descriptor, LaneReflection.Descriptor, MovementsReflection.Descriptor];

    [Fact]
    public void Published_fields_keep_their_number_type_and_label()
    {
        var current = Fields(Set(Current));
        if (Environment.GetEnvironmentVariable("ANPR_ACCEPT_PROTO") is { Length: > 0 } accept)
        {
            File.WriteAllBytes(accept, Set(Current).ToByteArray());
        }

        var published = Fields(Published());
        Assert.NotEmpty(published);
        Assert.All(published, field =>
        {
            Assert.True(current.TryGetValue(field.Key, out var now), $"{field.Key} is gone; reserve its number and keep reading it");
            Assert.Equal(field.Value, now);
        });
    }

    [Fact]
    public void Published_set_is_complete()
    {
        // A field that is in use but not in the published set could be changed later without this test noticing.
        Assert.Equal(Fields(Set(Current)).Keys.Order(StringComparer.Ordinal), Fields(Published()).Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Published_methods_keep_their_types_and_streaming()
    {
        var current = Methods(Set(Current));
        Assert.All(Methods(Published()), method => Assert.Equal(method.Value, current.GetValueOrDefault(method.Key)));
    }

    [Fact]
    public void Older_reader_keeps_fields_that_it_does_not_know()
    {
        Gen.Select(Gen.Int[1000, 19000], Gen.ULong, Gen.String).Sample((number, value, text) =>
        {
            // What a newer lane would send: a sighting with one more field.
            var bytes = new MemoryStream();
            var output = new CodedOutputStream(bytes, leaveOpen: true);
            new Sighting { Id = "a", Text = text }.WriteTo(output);
            output.WriteTag(number, WireFormat.WireType.Varint);
            output.WriteUInt64(value);
            output.Flush();

            var read = Sighting.Parser.ParseFrom(bytes.ToArray());

            Assert.Equal(text, read.Text);
            Assert.Equal(bytes.ToArray(), read.ToByteArray());
        });
    }

    [Fact]
    public void Every_field_is_commented()
    {
        var bare = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "v1"), "*.proto").SelectMany(file =>
        {
            var lines = File.ReadAllLines(file);
            return Enumerable.Range(1, lines.Length - 1)
                .Where(i => AField().IsMatch(lines[i]) && !lines[i].Contains("//", StringComparison.Ordinal) && !lines[i - 1].TrimStart().StartsWith("//", StringComparison.Ordinal))
                .Select(i => $"{Path.GetFileName(file)}:{i + 1} {lines[i].Trim()}");
        });
        Assert.Empty(bare);
    }

    [Fact]
    public void Every_number_is_named_with_its_unit_or_has_none()
    {
        // Numbers of time, size or angle say their unit in the name; everything else that counts is a plain count or a probability.
        string[] units = ["_s", "_ms", "minutes", "_px", "_bytes", "_at"];
        string[] plain = ["revision", "reads", "lines", "sequence", "confidence", "detection", "p", "x", "y", "llr", "weight", "score", "people",
            "priority", "value", "length", "outbox_waiting", "watchlist_revision", "configuration_revision", "have_revision", "from_revision", "to_revision", "least_probability", "number",
            "min_score", "max_score", "page", "probability", "link_probability", "counted", "together", "expected", "chance", "passages", "searches", "finds", "goods", "misreads", "share", "low", "high"];
        var numbers = Current.SelectMany(f => f.MessageTypes).SelectMany(WithNested).SelectMany(m => m.Fields.InDeclarationOrder())
            .Where(f => f.FieldType is not (FieldType.String or FieldType.Bytes or FieldType.Message or FieldType.Enum or FieldType.Bool));
        Assert.All(numbers, f => Assert.True(
            plain.Contains(f.Name, StringComparer.Ordinal) || units.Any(u => f.Name.EndsWith(u, StringComparison.Ordinal)), $"{f.FullName} has no unit"));
    }

    [GeneratedRegex(@"^(\s+|message \w+ \{ )(repeated |optional )?[A-Za-z_.0-9]+ [a-z_0-9]+ = [0-9]+;", RegexOptions.NonBacktracking)]
    private static partial Regex AField();

    private static FileDescriptorSet Published() =>
        FileDescriptorSet.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "published.binpb")));

    private static FileDescriptorSet Set(IEnumerable<FileDescriptor> files) => new() { File = { files.Select(f => f.ToProto()) } };

    private static IEnumerable<MessageDescriptor> WithNested(MessageDescriptor message) => message.NestedTypes.SelectMany(WithNested).Prepend(message);

    private static Dictionary<string, string> Fields(FileDescriptorSet set) => set.File
        .SelectMany(f => f.MessageType.SelectMany(m => Flatten(f.Package, m))
            .Concat(f.EnumType.SelectMany(e => Values(f.Package, e))))
        .ToDictionary(StringComparer.Ordinal);

    private static IEnumerable<(string Key, string Value)> Flatten(string scope, DescriptorProto message)
    {
        var name = $"{scope}.{message.Name}";
        return message.Field.Select(f => ($"{name}#{f.Number}", $"{f.Name} {f.Label} {f.Type} {f.TypeName}"))
            .Concat(message.NestedType.SelectMany(n => Flatten(name, n)))
            .Concat(message.EnumType.SelectMany(e => Values(name, e)));
    }

    private static IEnumerable<(string Key, string Value)> Values(string scope, EnumDescriptorProto e) =>
        e.Value.Select(v => ($"{scope}.{e.Name}#{v.Number}", v.Name));

    private static Dictionary<string, string> Methods(FileDescriptorSet set) => set.File
        .SelectMany(f => f.Service.SelectMany(s => s.Method.Select(m => (
            Key: $"{f.Package}.{s.Name}/{m.Name}",
            Value: $"{m.InputType} {m.ClientStreaming} -> {m.OutputType} {m.ServerStreaming}"))))
        .ToDictionary(x => x.Key, x => x.Value, StringComparer.Ordinal);
}
