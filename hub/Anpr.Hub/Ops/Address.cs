using System.Net;
using System.Net.Sockets;

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

    /// <summary>Reads where the console listens: <c>https://HOST:PORT</c>, or <c>http://HOST:PORT</c> on this machine only.</summary>
    /// <exception cref="InputException">It is neither, or plain HTTP would leave this machine.</exception>
    public static (IPEndPoint Address, bool Tls) ParseConsole(string option, string text)
    {
        const string secure = "https://";
        var tls = text.StartsWith(secure, StringComparison.OrdinalIgnoreCase);
        var address = Parse(option, tls ? text[secure.Length..].TrimEnd('/') : text);
        return tls || IPAddress.IsLoopback(address.Address)
            ? (address, tls)
            : throw new InputException($"{option} {text}: beyond this machine the console speaks TLS only. Write {secure}{address}; docs/access.md says which certificate it shows.");
    }

    /// <summary>Reads where programs ask over plain HTTP/2: <c>HOST:PORT</c> on this machine only.</summary>
    /// <exception cref="InputException">It is none, or would leave this machine.</exception>
    public static IPEndPoint ParseLocal(string option, string text) => Parse(option, text) is var address && IPAddress.IsLoopback(address.Address)
        ? address
        : throw new InputException($"{option} {text}: plain HTTP/2 stays on this machine. Beyond it programs use the console's https address, which speaks HTTP/2 too.");

    /// <summary>What to say when the system lets the hub not listen: the one of its addresses that fails in the same way.</summary>
    public static InputException Refused(SocketException error, params ReadOnlySpan<(string Option, IPEndPoint Address)> tried)
    {
        foreach (var (option, address) in tried)
        {
            if (Fails(address) == error.SocketErrorCode)
            {
                return new InputException($"{option} {address}: the hub cannot listen there ({error.Message}). {Cure(error.SocketErrorCode)}", error);
            }
        }

        return new InputException($"the hub cannot listen ({error.Message}). Give other addresses with --grpc and --console.", error);
    }

    private static SocketError Fails(IPEndPoint address)
    {
        try
        {
            using var probe = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(address);
            return SocketError.Success;
        }
        catch (SocketException error)
        {
            return error.SocketErrorCode;
        }
    }

    private static string Cure(SocketError error) => error == SocketError.AccessDenied
        ? "Take a port from 1024 on, or give the hub the right to take a lower one (CAP_NET_BIND_SERVICE)."
        : "Give an address of this machine, or 0.0.0.0 for all of them.";
}
