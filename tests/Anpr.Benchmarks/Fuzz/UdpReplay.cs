using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Anpr.Benchmarks.Fuzz;

/// <summary>Sends bytes to a port of this machine as a camera sends its transport stream.</summary>
internal static class UdpReplay
{
    // Seven packets of 188 bytes, as is usual.
    private const int Datagram = 7 * 188;
    private const int Burst = 20;
    private const int Rounds = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.Client.LocalEndPoint!).Port;
    }

    /// <summary>Waits until somebody listens there, then sends the bytes three times over.</summary>
    public static async Task SendAsync(byte[] bytes, int port, CancellationToken cancellation)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        var to = new IPEndPoint(IPAddress.Loopback, port);
        var begun = TimeProvider.System.GetTimestamp();
        while (!Listens(port) && TimeProvider.System.GetElapsedTime(begun) < Patience)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellation);
        }

        for (var round = 0; round < Rounds; round++)
        {
            foreach (var burst in bytes.Chunk(Datagram).Chunk(Burst))
            {
                foreach (var datagram in burst)
                {
                    await socket.SendToAsync(datagram, to, cancellation);
                }

                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    // proc(5): the second field of a line is address and port in hexadecimal.
    private static bool Listens(int port) =>
        File.ReadLines("/proc/net/udp").Any(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].EndsWith(string.Create(CultureInfo.InvariantCulture, $":{port:X4}"), StringComparison.Ordinal));
}
