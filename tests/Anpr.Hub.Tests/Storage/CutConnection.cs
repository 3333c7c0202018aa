using System.Net;
using System.Net.Sockets;

namespace Anpr.Hub.Tests.Storage;

/// <summary>Where a connection is cut once a client says COMMIT.</summary>
internal enum Cut
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>Before the server hears it.</summary>
    Commit,

    /// <summary>Before the client hears the answer.</summary>
    Answer,

    /// <summary>The same, and nobody is let in until <see cref="CutConnection.Open"/>.</summary>
    AnswerAndDoor,
}

/// <summary>A wire to a PostgreSQL server that can be cut at a commit.</summary>
internal sealed class CutConnection : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly List<Task> wires = [];
    private readonly int server;
    private volatile bool closed;
    private int count;

    public CutConnection(int server)
    {
        this.server = server;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        wires.Add(AcceptAsync());
    }

    public int Port { get; }

    /// <summary>What to do with the next commit; once.</summary>
    public Cut AfterCommit { get; set; }

    /// <summary>How many connections were cut.</summary>
    public int Count => count;

    /// <summary>Lets clients in again.</summary>
    public void Open() => closed = false;

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Stop();
        await Task.WhenAll(wires).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(ended.Token);
            if (closed)
            {
                client.Dispose();
                continue;
            }

            wires.Add(JoinAsync(client));
        }
    }

    private async Task JoinAsync(TcpClient client)
    {
        using var from = client;
        using var to = new TcpClient();
        await to.ConnectAsync(IPAddress.Loopback, server, ended.Token);
        var (near, far) = (from.GetStream(), to.GetStream());
        var answers = far.CopyToAsync(near, ended.Token);
        var bytes = new byte[65536];
        while (await near.ReadAsync(bytes, ended.Token) is > 0 and var read)
        {
            var cut = AfterCommit;
            if (cut != Cut.None && bytes.AsSpan(0, read).IndexOf("COMMIT\0"u8) >= 0)
            {
                AfterCommit = Cut.None;
                closed = cut == Cut.AnswerAndDoor;
                Interlocked.Increment(ref count);
                from.Client.Close(0); // the client is deaf from here on
                if (cut != Cut.Commit)
                {
                    await far.WriteAsync(bytes.AsMemory(0, read), ended.Token);
                    to.Client.Shutdown(SocketShutdown.Send);
                    while (await far.ReadAsync(bytes, ended.Token) > 0)
                    {
                        // the server has answered, and ends
                    }
                }

                return;
            }

            await far.WriteAsync(bytes.AsMemory(0, read), ended.Token);
        }

        to.Client.Shutdown(SocketShutdown.Send);
        await answers;
    }
}
