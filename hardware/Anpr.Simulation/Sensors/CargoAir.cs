using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Sensors;

/// <summary>The air in a closed trailer: C(t) = outside + 1e6 N G / (k V) (1 - exp(-k t)).</summary>
internal static class CargoAir
{
    /// <summary>CO2 of the open air in ppm.</summary>
    public const double OutsidePpm = 425;

    // One resting person breathes out 0.014 m3 of CO2 an hour (Persily and de Jonge 2017: 0.0039 L/s at 1.0 met).
    private const double CubicMetresPerPersonHour = 0.014;

    /// <summary>CO2 inside in ppm.</summary>
    /// <param name="people">In the cargo.</param>
    /// <param name="hours">Since the doors were closed.</param>
    /// <param name="freeCubicMetres">Volume that the cargo leaves.</param>
    /// <param name="changesPerHour">Air changes.</param>
    public static double InsidePpm(int people, double hours, double freeCubicMetres, double changesPerHour) =>
        OutsidePpm + (1e6 * people * CubicMetresPerPersonHour / (changesPerHour * freeCubicMetres) * (1 - Math.Exp(-changesPerHour * hours)));

    /// <summary>The same for a planned vehicle: 1 to 3 hours closed, a leaky or a tight trailer, by its seed.</summary>
    public static double InsidePpm(PlannedVehicle vehicle)
    {
        var random = new Random(vehicle.LookSeed ^ 0x5bd1e995);
        return InsidePpm(vehicle.People, 1 + (2 * random.NextDouble()), 45 + (30 * random.NextDouble()), 0.3 + random.NextDouble());
    }
}
