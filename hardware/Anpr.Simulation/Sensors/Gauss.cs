namespace Anpr.Simulation.Sensors;

/// <summary>Normal deviates.</summary>
internal static class Gauss
{
    /// <summary>Mean 0, standard deviation 1 (Box and Muller).</summary>
    public static double Next(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
