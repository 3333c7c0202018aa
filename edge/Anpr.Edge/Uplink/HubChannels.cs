using System.Security.Cryptography.X509Certificates;
using Grpc.Net.Client;

namespace Anpr.Edge.Uplink;

/// <summary>Channels to all hubs over one store, in an order of this lane's own, so that the lanes spread over them.</summary>
internal sealed class HubChannels : IDisposable
{
    private readonly GrpcChannel[] _channels;

    /// <param name="hubs">https addresses, one at least.</param>
    /// <param name="authority">The one authority that may have issued the hubs' certificates.</param>
    /// <param name="lane">The lane's certificate with key.</param>
    /// <param name="random">Decides the order.</param>
    public HubChannels(IReadOnlyList<Uri> hubs, X509Certificate2 authority, X509Certificate2 lane, Random random)
    {
        var order = hubs.ToArray();
        random.Shuffle(order);
        _channels = [.. order.Select(hub => HubChannel.Open(hub, authority, lane))];
    }

    /// <summary>How many.</summary>
    public int Count => _channels.Length;

    /// <summary>The hub to try after so many others; it begins anew after the last.</summary>
    public GrpcChannel After(int others) => _channels[others % _channels.Length];

    /// <inheritdoc/>
    public void Dispose() => Array.ForEach(_channels, c => c.Dispose());
}
