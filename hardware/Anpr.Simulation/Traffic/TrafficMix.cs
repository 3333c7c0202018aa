namespace Anpr.Simulation.Traffic;

/// <summary>
/// Who comes: rough shares of the freight that crosses the Channel northbound, by country of registration. They decide how
/// often a layout is seen in a simulation, and nothing else.
/// </summary>
internal static class TrafficMix
{
    private static readonly (string Country, int Weight)[] Countries =
    [
        ("GB", 15), ("PL", 14), ("RO", 13), ("NL", 8), ("FR", 8), ("LT", 8), ("DE", 7), ("ES", 6), ("BG", 5), ("HU", 4), ("BE", 4),
        ("IE", 3), ("CZ", 3), ("SK", 2), ("IT", 2), ("PT", 2), ("SI", 1), ("LV", 1), ("AT", 1), ("DK", 1), ("UA", 1), ("TR", 1),
    ];

    private static readonly int Total = Countries.Sum(country => country.Weight);

    /// <summary>A country of registration.</summary>
    public static string Country(Random random)
    {
        var left = random.Next(Total);
        foreach (var (country, weight) in Countries)
        {
            if ((left -= weight) < 0)
            {
                return country;
            }
        }

        throw new InvalidOperationException("The weights do not add up to their total.");
    }

    /// <summary>Seven lorries, two cars and a coach in ten vehicles.</summary>
    public static VehicleKind Kind(Random random) => random.Next(10) switch
    {
        < 7 => VehicleKind.Lorry,
        < 9 => VehicleKind.Car,
        _ => VehicleKind.Coach,
    };
}
