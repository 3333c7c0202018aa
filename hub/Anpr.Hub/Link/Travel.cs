namespace Anpr.Hub.Link;

/// <summary>The shortest times in which a vehicle can be seen at one place and then at another. Pure.</summary>
public static class Travel
{
    // Two lanes of one control stand side by side; this is for clocks that differ, not for driving.
    private static readonly TimeSpan NextLane = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan CalaisCoquelles = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Dunkerque = TimeSpan.FromMinutes(35);

    /// <summary>The longest that <see cref="Shortest"/> ever answers.</summary>
    public static TimeSpan Longest => Dunkerque;

    /// <summary>Shortest time from one lane to another; zero for the same lane. By road: Calais to Coquelles 8 minutes, Dunkerque to either 35.</summary>
    public static TimeSpan Shortest(string fromPort, string fromLane, string toPort, string toLane)
    {
        if (fromPort == toPort)
        {
            return fromLane == toLane ? TimeSpan.Zero : NextLane;
        }

        return fromPort == "dunkerque" || toPort == "dunkerque" ? Dunkerque : CalaisCoquelles;
    }

    /// <summary>True when one vehicle can have been at both places at these times.</summary>
    public static bool IsPossible(string portA, string laneA, DateTimeOffset timeA, string portB, string laneB, DateTimeOffset timeB) =>
        (timeB - timeA).Duration() >= Shortest(portA, laneA, portB, laneB);
}
