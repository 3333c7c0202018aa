using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Anpr.Benchmarks.Fuzz.Requests;

/// <summary>Calls of every gRPC method that the hub has, taken from the hub itself.</summary>
internal sealed class GrpcRequests
{
    private const int FrameHead = 5;

    private static readonly string[] ContentTypes = ["application/grpc", "application/grpc+json", "application/json", "text/plain", "application/grpc-web-text"];

    private readonly Dictionary<string, MessageDescriptor> _inputs;
    private readonly IReadOnlyList<string> _known;

    /// <param name="endpoints">The hub's.</param>
    /// <param name="known">Ids that the hub knows.</param>
    public GrpcRequests(IEnumerable<Endpoint> endpoints, IReadOnlyList<string> known)
    {
        _known = known;
        Methods = [.. endpoints.Select(e => e.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method).OfType<IMethod>().DistinctBy(m => m.FullName, StringComparer.Ordinal).OrderBy(m => m.FullName, StringComparer.Ordinal)];
        var files = new[] { Proto.V1.IngestReflection.Descriptor, Proto.V1.LaneReflection.Descriptor, Proto.V1.MovementsReflection.Descriptor };
        _inputs = files.SelectMany(f => f.Services).SelectMany(s => s.Methods).ToDictionary(m => $"/{m.Service.FullName}/{m.Name}", m => m.InputType, StringComparer.Ordinal);
    }

    /// <summary>The methods.</summary>
    public IReadOnlyList<IMethod> Methods { get; }

    /// <summary>A call of a method.</summary>
    /// <param name="method">Which.</param>
    /// <param name="web">As a browser sends it, over HTTP/1.1.</param>
    /// <param name="random">Decides all else.</param>
    public HttpRequestMessage Of(IMethod method, bool web, Random random)
    {
        using var body = new MemoryStream();
        var messages = method.Type is MethodType.ClientStreaming or MethodType.DuplexStreaming ? random.Next(1, 5) : random.Next(20) == 0 ? 2 : 1;
        for (var i = 0; i < messages; i++)
        {
            body.Write(Frame(method, random));
        }

        var bytes = body.ToArray();
        if (random.Next(8) == 0 && bytes.Length > 0)
        {
            bytes = Damage.Of(bytes, random); // frames too
        }

        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(method.FullName, UriKind.Relative)) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", random.Next(20) == 0 ? ContentTypes[random.Next(ContentTypes.Length)] : web ? "application/grpc-web+proto" : "application/grpc");
        request.Headers.TryAddWithoutValidation("TE", "trailers");
        if (random.Next(10) == 0)
        {
            request.Headers.TryAddWithoutValidation("grpc-timeout", random.Next(3) switch { 0 => "50m", 1 => "99999999H", _ => "soon" });
        }

        if (random.Next(15) == 0)
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", random.Next(2) == 0 ? "gzip" : "odd");
        }

        return request;
    }

    /// <summary>The messages of an answer.</summary>
    /// <param name="bytes">Its body.</param>
    public static IEnumerable<byte[]> Messages(byte[] bytes)
    {
        for (var at = 0; at + FrameHead <= bytes.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at + 1));
            if (bytes[at] == 0 && at + FrameHead + length <= bytes.Length)
            {
                yield return bytes[(at + FrameHead)..(at + FrameHead + length)];
            }

            at += FrameHead + length;
        }
    }

    private byte[] Frame(IMethod method, Random random)
    {
        var body = random.Next(12) == 0 || !_inputs.TryGetValue(method.FullName, out var input) ? Nonsense.Bytes(random, random.Next(200)) : Nonsense.Message(input, random, _known).ToByteArray();
        if (body.Length > 0 && random.Next(3) == 0)
        {
            body = Damage.Of(body, random);
        }

        var length = random.Next(30) == 0 ? (uint)random.NextInt64(1L << 32) : (uint)body.Length;
        byte[] frame = [(byte)(random.Next(40) == 0 ? random.Next(256) : 0), 0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), length);
        return frame;
    }
}
