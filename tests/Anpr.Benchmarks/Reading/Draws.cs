namespace Anpr.Benchmarks.Reading;

/// <summary>Numbers drawn from a distribution.</summary>
internal static class Draws
{
    /// <summary>Each value of a range alike.</summary>
    public static double Between(this Random random, double from, double to) => from + ((to - from) * random.NextDouble());

    /// <summary>Each factor within a range alike; both ends are more than 0.</summary>
    public static double BetweenByFactor(this Random random, double from, double to) => from * Math.Pow(to / from, random.NextDouble());

    /// <summary>Normal, with mean 0.</summary>
    public static double Normal(this Random random, double deviation) =>
        deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>True with a probability.</summary>
    public static bool Chance(this Random random, double probability) => random.NextDouble() < probability;
}
