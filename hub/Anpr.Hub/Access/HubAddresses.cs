using System.Net;
using System.Text.Json;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Access;

/// <summary>Where the hub is reached. Kept in its data folder, so that tokens and links made without a running hub carry the right address.</summary>
/// <param name="Hosts">Names and addresses given with <c>--host</c>, in that order.</param>
/// <param name="GrpcPort">Port for lanes, as last run.</param>
/// <param name="Console">Address of the console for browsers, as last run; no slash at the end.</param>
public sealed record HubAddresses(IReadOnlyList<string> Hosts, int GrpcPort, string Console)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>The name that lanes are told: the first given one, else this machine itself.</summary>
    public string Host => Hosts.Count > 0 ? Hosts[0] : "127.0.0.1";

    /// <summary>All names for the server's certificate: the given ones and this machine's own, each once.</summary>
    public IReadOnlyList<string> Names => [.. Hosts.Concat(["localhost", "127.0.0.1", "::1", Dns.GetHostName()]).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>What a hub starts with.</summary>
    /// <exception cref="InputException">A name is neither a DNS name nor an IP address.</exception>
    public static HubAddresses Of(IReadOnlyList<string> hosts)
    {
        var bad = hosts.FirstOrDefault(h => !IsHost(h));
        return bad is null
            ? new HubAddresses(hosts, 8443, "http://127.0.0.1:8080")
            : throw new InputException($"--host '{bad}' is neither a DNS name nor an IP address. Give the name alone, without https:// and without a port.");
    }

    /// <summary>Reads what a data folder keeps; the defaults when it keeps nothing.</summary>
    /// <exception cref="InputException">The file cannot be read or holds no addresses.</exception>
    public static HubAddresses Load(HubFiles files)
    {
        if (!File.Exists(files.Addresses))
        {
            return Of([]);
        }

        try
        {
            var kept = JsonSerializer.Deserialize<HubAddresses>(HubFiles.Read(files.Addresses), Json);
            return kept is { GrpcPort: >= 0 and <= 65535 } && kept.Hosts.All(IsHost) && Uri.TryCreate(kept.Console, UriKind.Absolute, out _)
                ? kept
                : throw new JsonException();
        }
        catch (JsonException error)
        {
            throw new InputException($"{files.Addresses} does not hold the hub's addresses. Put it back from a backup; without one, make the hub's names known again: write {{\"hosts\": [\"hub.example\"], \"grpc_port\": 8443, \"console\": \"http://127.0.0.1:8080\"}} there.", error);
        }
    }

    private static bool IsHost(string? name) => Uri.CheckHostName(name) is not (UriHostNameType.Unknown or UriHostNameType.Basic);

    /// <summary>Keeps them.</summary>
    public void Save(HubFiles files) => HubFiles.Write(files.Addresses, JsonSerializer.Serialize(this, Json));
}
