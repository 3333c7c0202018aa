namespace Anpr.Models.Plates;

/// <summary>When a vehicle that is seen may be the one of a booking. Lane and hub both join by this.</summary>
public static class CrossingWindow
{
    /// <summary>Drivers come so long before their crossing at most: freight waits for its turn, and rests.</summary>
    public static readonly TimeSpan Before = TimeSpan.FromHours(24);

    /// <summary>And so long after the departure that was booked: who misses it takes a later one.</summary>
    public static readonly TimeSpan After = TimeSpan.FromHours(6);

    /// <summary>True when a vehicle seen then may cross at that time.</summary>
    public static bool Holds(DateTimeOffset seen, DateTimeOffset crossing) => crossing - seen <= Before && seen - crossing <= After;
}
