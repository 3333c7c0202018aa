using System.Net;

namespace Anpr.Hub.Ops;

/// <summary>How a hub runs.</summary>
/// <param name="Data">Data folder, a full path.</param>
/// <param name="Grpc">Where lanes connect (TLS). Port 0 takes a free one.</param>
/// <param name="Console">Where browsers and the REST API connect. Port 0 takes a free one.</param>
/// <param name="Store">Connection string of PostgreSQL; null for the embedded store in the data folder.</param>
/// <param name="Json">Write events on stdout, one JSON object a line.</param>
public sealed record HubOptions(string Data, IPEndPoint Grpc, IPEndPoint Console, string? Store, bool Json)
{
    /// <summary>The console speaks HTTPS; else plain HTTP, for this machine only.</summary>
    public bool ConsoleTls { get; init; }

    /// <summary>Where programs on this machine ask over plain HTTP/2, which gRPC needs; null for nowhere. Over TLS the console's address speaks it.</summary>
    public IPEndPoint? Programs { get; init; }
}
