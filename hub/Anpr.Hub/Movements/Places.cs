using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;

namespace Anpr.Hub.Movements;

/// <summary>Where something is: degrees of WGS 84.</summary>
/// <param name="Longitude">East of Greenwich.</param>
/// <param name="Latitude">North of the equator.</param>
/// <param name="Exact">False where it is only the port's.</param>
public sealed record GeoPlace(double Longitude, double Latitude, bool Exact);

/// <summary>
/// Where ports and lanes are. Ports are known to a kilometre; <c>places.json</c> in the hub's data folder says it better, and of lanes at all:
/// <c>{"calais": [1.8712, 50.9663], "calais/calais-1": [1.87124, 50.96631]}</c>, longitude first as in GeoJSON.
/// </summary>
public sealed class Places
{
    /// <summary>The file's name.</summary>
    public const string FileName = "places.json";

    // The ferry port of Calais, the tunnel's terminal at Coquelles, the ferry terminal at Loon-Plage, off a map.
    private static readonly Dictionary<string, GeoPlace> Known = new(StringComparer.Ordinal)
    {
        ["calais"] = new(1.870, 50.967, Exact: false),
        ["coquelles"] = new(1.814, 50.926, Exact: false),
        ["dunkerque"] = new(2.193, 51.021, Exact: false),
    };

    private readonly Dictionary<string, GeoPlace> told;

    private Places(Dictionary<string, GeoPlace> told) => this.told = told;

    /// <summary>Reads the file of a data folder; without one only the ports are known.</summary>
    /// <exception cref="InputException">The file cannot be used; the words say why.</exception>
    public static Places Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return new Places([]);
        }

        try
        {
            var read = JsonSerializer.Deserialize<Dictionary<string, double[]>>(File.ReadAllText(path)) ?? [];
            return new Places(read.ToDictionary(p => Checked(path, p.Key), p => Checked(path, p.Key, p.Value), StringComparer.Ordinal));
        }
        catch (JsonException error)
        {
            throw new InputException($"{path}: this is no JSON object of places. Write {{\"calais/calais-1\": [1.87124, 50.96631]}}, longitude first.", error);
        }
    }

    /// <summary>Where a lane is: its own place, else its port's.</summary>
    public GeoPlace Of(string port, string lane) => told.GetValueOrDefault($"{port}/{lane}") ?? told.GetValueOrDefault(port) ?? Known[port];

    private static string Checked(string path, string key)
    {
        var parts = key.Split('/');
        try
        {
            Ports.Check(parts[0], parts.Length > 1 ? string.Join('/', parts[1..]) : "lane");
            return key;
        }
        catch (InputException wrong)
        {
            throw new InputException($"{path}: '{key}' is neither a port nor port/lane: {wrong.Message}", wrong);
        }
    }

    private static GeoPlace Checked(string path, string key, double[]? place) => place is [>= -180 and <= 180, >= -90 and <= 90]
        ? new GeoPlace(place[0], place[1], Exact: key.Contains('/', StringComparison.Ordinal))
        : throw new InputException($"{path}: '{key}' needs [longitude, latitude] in degrees, such as [1.87124, 50.96631].");
}
