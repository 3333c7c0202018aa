using System.Net;

namespace Anpr.Hub.Ops;

/// <summary>Addresses to listen on, as they are typed.</summary>
internal static class Address
{
    /// <summary>Reads <c>HOST:PORT</c> or <c>http://HOST:PORT</c>, where HOST is an IP address or <c>localhost</c>.</summary>
    /// <exception cref="InputException">It is neither.</exception>
    public static IPEndPoint Parse(string option, string text)
    {
        var bare = text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? text["http://".Length..].TrimEnd('/') : text;
        bare = bare.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? "127.0.0.1:" + bare["localhost:".Length..] : bare;
        return bare.Contains(':', StringComparison.Ordinal) && IPEndPoint.TryParse(bare, out var address)
            ? address
            : throw new InputException($"{option} {text}: give an IP address and a port to listen on, such as 127.0.0.1:8080.");
    }
}
