using Anpr.Hub.Ops;
using Microsoft.AspNetCore.Hosting.Server;

namespace Anpr.Hub.Access;

/// <summary>Notes where the running hub really listens, for tokens and links, and closes its socket to others.</summary>
internal sealed class AddressKeeper(HubFiles files, IServer server, IHostApplicationLifetime lifetime) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStarted.Register(Keep);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Keep()
    {
        var (grpc, console) = HubHost.Addresses(server);
        var known = HubAddresses.Load(files);
        (known with { GrpcPort = new Uri(grpc).Port, Console = Console(new Uri(console), known) }).Save(files);
        if (File.Exists(files.Socket) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(files.Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    // A console that listens on every address is reached by the hub's own name.
    private static string Console(Uri uri, HubAddresses known) =>
        uri.Host is "0.0.0.0" or "[::]" ? $"{uri.Scheme}://{known.Host}:{uri.Port}" : $"{uri.Scheme}://{uri.Authority}";
}
