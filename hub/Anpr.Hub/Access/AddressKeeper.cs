using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

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
        var known = HubAddresses.Load(files);
        foreach (var text in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || text.Contains("unix:", StringComparison.Ordinal))
            {
                continue;
            }

            known = uri.Scheme == Uri.UriSchemeHttps ? known with { GrpcPort = uri.Port } : known with { Console = Console(uri, known) };
        }

        known.Save(files);
        if (File.Exists(files.Socket) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(files.Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    // A console that listens on every address is reached by the hub's own name.
    private static string Console(Uri uri, HubAddresses known) =>
        uri.Host is "0.0.0.0" or "[::]" ? $"http://{known.Host}:{uri.Port}" : $"http://{uri.Authority}";
}
