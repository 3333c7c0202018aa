using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Anpr.Benchmarks.Fuzz.Requests;

/// <summary>Requests for every route that the hub has, taken from the hub itself: a new route is asked for without being named here.</summary>
internal sealed class RestRequests(IEnumerable<Endpoint> endpoints, IReadOnlyList<string> known)
{
    private const int LargestBody = 3 * 1024 * 1024;

    private static readonly string[] Methods = ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "TRACE", "BREW"];
    private static readonly string[] ContentTypes = ["application/json", "text/csv", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json; charset=utf-99", "text/html", "application/grpc", ";;;", "application/json; charset=utf-16"];
    private static readonly string[] Headers = ["Accept", "Accept-Language", "Accept-Encoding", "If-None-Match", "If-Modified-Since", "Range", "Origin", "Referer", "Sec-Fetch-Site", "X-Forwarded-For", "X-HTTP-Method-Override", "Cookie", "Authorization", "Upgrade", "Expect", "Content-Encoding", "Content-Language", "X-Requested-With"];

    /// <summary>The routes.</summary>
    public IReadOnlyList<RouteEndpoint> Routes { get; } = [.. endpoints.OfType<RouteEndpoint>().OrderBy(e => e.RoutePattern.RawText, StringComparer.Ordinal)];

    /// <summary>The request of a number: each route in turn.</summary>
    public (HttpRequestMessage Request, RouteEndpoint Route) Of(int index, Random random)
    {
        var route = Routes[index % Routes.Count];
        var methods = route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods;
        var method = methods is { Count: > 0 } && random.Next(12) > 0 ? methods[random.Next(methods.Count)] : Methods[random.Next(Methods.Length)];
        var address = Path(route.RoutePattern, random) + Query(route, random);
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));
        if (method is "POST" or "PUT" or "PATCH" || random.Next(30) == 0)
        {
            request.Content = Body(route, random);
        }

        for (var odd = random.Next(4) == 0 ? random.Next(1, 4) : 0; odd > 0; odd--)
        {
            request.Headers.TryAddWithoutValidation(Headers[random.Next(Headers.Length)], OneLine(Nonsense.Text(random)));
        }

        return (request, route);
    }

    private string Path(RoutePattern pattern, Random random) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        RoutePatternParameterPart parameter => Uri.EscapeDataString(Utf8(Nonsense.For(parameter.Name, random, known))),
        _ => "",
    })))) + (random.Next(60) == 0 ? "/" + Uri.EscapeDataString(Utf8(Nonsense.Text(random))) : "");

    private string Query(RouteEndpoint route, Random random)
    {
        var names = Asked(route).ToList();
        names.AddRange(random.Next(8) == 0 ? ["x", Nonsense.Text(random)] : []);
        var pairs = names.Where(_ => random.Next(3) > 0).Select(name => $"{Uri.EscapeDataString(Utf8(name))}={Uri.EscapeDataString(Utf8(Nonsense.For(name, random, known)))}").ToList();
        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs) + (random.Next(20) == 0 ? "&" + pairs[0] + "&&=" : "");
    }

    // What a handler takes: its own parameters and those of records that are read from the query.
    private static IEnumerable<string> Asked(RouteEndpoint route)
    {
        var parameters = route.Metadata.GetMetadata<MethodInfo>()?.GetParameters() ?? [];
        var types = parameters.Where(p => p.GetCustomAttribute<AsParametersAttribute>() is not null).SelectMany(p => p.ParameterType.GetProperties()).Select(p => p.Name);
        return parameters.Where(p => Plain(p.ParameterType)).Select(p => p.Name!).Concat(types).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).Append("reason");

        static bool Plain(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var t && (t == typeof(string) || t == typeof(string[]) || t.IsPrimitive || t == typeof(DateTimeOffset));
    }

    private static ByteArrayContent Body(RouteEndpoint route, Random random)
    {
        var accepts = route.Metadata.GetMetadata<IAcceptsMetadata>();
        var bytes = accepts?.RequestType is { } type && !typeof(IFormCollection).IsAssignableFrom(type) && type != typeof(IFormFile)
            ? Encoding.UTF8.GetBytes(Nonsense.Json(type, "", random)?.ToJsonString() ?? "null")
            : random.Next(3) switch
            {
                0 => Nonsense.Bytes(random, random.Next(300)),
                1 => Encoding.UTF8.GetBytes($"code={Uri.EscapeDataString(Utf8(Nonsense.Text(random)))}&name=officer-0&password={Uri.EscapeDataString(Utf8(Nonsense.Text(random)))}"),
                _ => Encoding.UTF8.GetBytes($"pattern,kind,reason,registration,cargo,crossing_at\n\"{Nonsense.Text(random)}\",exact,OP:1,ZZ99ZZZ,dry,2026-01-01\n"),
            };
        if (bytes.Length > 0 && random.Next(2) == 0)
        {
            bytes = Damage.Of(bytes, random);
        }

        if (random.Next(400) == 0)
        {
            bytes = Nonsense.Bytes(random, LargestBody);
        }

        var content = new ByteArrayContent(bytes);
        var declared = accepts?.ContentTypes is { Count: > 0 } types && random.Next(6) > 0 ? types[random.Next(types.Count)] : ContentTypes[random.Next(ContentTypes.Length)];
        content.Headers.TryAddWithoutValidation("Content-Type", declared == "multipart/form-data" ? declared + "; boundary=x" : declared);
        return content;
    }

    private static string OneLine(string text) => new([.. text.Take(2000).Where(c => c is >= ' ' and < '\u007f')]);

    private static string Utf8(string text) => string.Concat(text.EnumerateRunes().Select(r => r.ToString()));
}
