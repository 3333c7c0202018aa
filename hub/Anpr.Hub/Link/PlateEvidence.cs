using Anpr.Proto.V1;

namespace Anpr.Hub.Link;

/// <summary>What one sighting says about its registration: text, and what may stand at each position.</summary>
/// <param name="Text">0-9 A-Z.</param>
/// <param name="Characters">One for each character of <paramref name="Text"/>.</param>
/// <param name="Country">ISO 3166-1 alpha-2, empty when unknown.</param>
public sealed record PlateEvidence(string Text, IReadOnlyList<Position> Characters, string Country)
{
    /// <summary>What is taken for what where it was read.</summary>
    internal Confusions Letters { get; init; } = Confusions.Shipped;

    /// <summary>Takes it from a sighting of a lane of which nothing is learned.</summary>
    public static PlateEvidence Of(Sighting sighting) => Of(sighting, Reading.Shipped);

    /// <summary>Takes it from a sighting. Where that states no probability for each character, what was learned of such reads stands for them.</summary>
    internal static PlateEvidence Of(Sighting sighting, Reading reading) => new(sighting.Text, reading.Positions(sighting), sighting.Country) { Letters = reading.Letters };
}
