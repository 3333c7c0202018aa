using Anpr.Hub.Movements;

namespace Anpr.Benchmarks.Link;

/// <summary>A sighting and whose it really is.</summary>
/// <param name="Row">As a lane or an import file gives it.</param>
/// <param name="Vehicle">The true vehicle's name.</param>
/// <param name="Plate">What is on its plate; its name where that is not known.</param>
internal sealed record SeenPlate(SightingRow Row, string Vehicle, string Plate);
