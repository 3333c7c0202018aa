using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>The desk that a command works at, and what must be closed behind it.</summary>
internal sealed class OpenDesk : IAsyncDisposable
{
    private readonly ClosedHub? hub;
    private readonly SocketDesk? socket;

    private OpenDesk(IAccessDesk desk, ClosedHub? hub, SocketDesk? socket)
    {
        Desk = desk;
        this.hub = hub;
        this.socket = socket;
    }

    public IAccessDesk Desk { get; }

    /// <summary>The running hub's, else one on the store itself; waits for another command that is just at work.</summary>
    /// <param name="folder">The hub's data folder.</param>
    /// <param name="store">Connection string of PostgreSQL; null for the embedded store. A running hub knows its own.</param>
    /// <exception cref="InputException">There is no hub, or another process works on it.</exception>
    public static async Task<OpenDesk> AtAsync(string folder, string? store)
    {
        var files = new HubFiles(folder);
        var time = TimeProvider.System;
        for (var began = time.GetTimestamp(); ;)
        {
            if (SocketDesk.Connect(files) is { } client)
            {
                var running = new SocketDesk(client);
                return new OpenDesk(running, null, running);
            }

            try
            {
                var closed = ClosedHub.Open(files, store);
                return new OpenDesk(closed.Desk, closed, null);
            }
            catch (InUseException) when (time.GetElapsedTime(began) < HubLock.Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), time);
            }
        }
    }

    /// <summary>Asks the running hub over its socket, or does it here when none runs.</summary>
    /// <exception cref="InputException">It is refused.</exception>
    public async Task<T> AskAsync<T>(Func<HttpClient, Task<HttpResponseMessage>> running, Func<ClosedHub, Task<T>> closed) =>
        socket is not null ? await SocketDesk.Answer<T>(running(socket.Client)) : await closed(hub!);

    public async ValueTask DisposeAsync()
    {
        socket?.Dispose();
        if (hub is not null)
        {
            await hub.DisposeAsync();
        }
    }
}
