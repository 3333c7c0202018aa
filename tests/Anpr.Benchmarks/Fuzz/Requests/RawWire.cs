using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Anpr.Benchmarks.Fuzz.Requests;

/// <summary>What no client sends: bytes that are no HTTP, and requests that end in their middle.</summary>
internal static class RawWire
{
    private static readonly string[] Heads =
    [
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9999\r\n\r\ncode=abc",
        "POST /api/v1/watchlist HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n5\r\n{\"pat\r\nZZ\r\n",
        "GET /api/v1/movements?plate=%zz%&reason=OP:1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer anpr_x\r\n\r\n",
        "GET http://elsewhere/ HTTP/1.1\r\nHost: \r\nHost: y\r\n\r\n",
        "GET /health HTTP/9.9\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "CONNECT hub:443 HTTP/1.1\r\nHost: hub\r\n\r\n",
    ];

    /// <summary>Sends such bytes and hears out what is answered.</summary>
    public static async Task<string> SendAsync(Uri door, Random random, CancellationToken cancellation)
    {
        var bytes = Encoding.Latin1.GetBytes(Heads[random.Next(Heads.Length)]);
        bytes = random.Next(4) == 0 ? Nonsense.Bytes(random, random.Next(1, 600)) : Damage.Of(bytes, random);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, door.Port, cancellation);
        var stream = client.GetStream();
        var answer = new byte[4096];
        try
        {
            await stream.WriteAsync(bytes, cancellation);
            client.Client.Shutdown(SocketShutdown.Send);
            var read = await stream.ReadAsync(answer, cancellation);
            return Encoding.Latin1.GetString(answer, 0, read);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            return ""; // it hung up on us
        }
    }
}
