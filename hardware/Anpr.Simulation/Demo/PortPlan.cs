using Anpr.Simulation.Processes;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Demo;

/// <summary>How one port of the demo is set up.</summary>
/// <param name="Port">calais, coquelles or dunkerque.</param>
/// <param name="Lane">The lane's name.</param>
/// <param name="Source">What the lane's camera opens.</param>
/// <param name="Simulated">False for the user's own footage.</param>
/// <param name="ClockShift">Of the port's simulated clock; zero for the user's own footage.</param>
/// <param name="MqttPort">Of the lane's broker on the loopback.</param>
internal sealed record PortPlan(string Port, string Lane, string Source, bool Simulated, TimeSpan ClockShift, int MqttPort)
{
    /// <summary>
    /// All three ports on free addresses. The simulated clocks are apart by more than the shortest drives (calais to
    /// coquelles 8 minutes, dunkerque 35), so that a vehicle can come to two of them within a short demo.
    /// </summary>
    public static IReadOnlyList<PortPlan> All(IReadOnlyDictionary<string, string> videos) =>
    [
        .. TrafficPlan.Ports.Select(port => videos.TryGetValue(port, out var source)
            ? new PortPlan(port, $"{port}-1", source, Simulated: false, TimeSpan.Zero, FreePorts.Tcp())
            : new PortPlan(port, $"{port}-1", $"udp://127.0.0.1:{FreePorts.Udp()}", Simulated: true, Shift(port), FreePorts.Tcp())),
    ];

    private static TimeSpan Shift(string port) => port switch
    {
        "coquelles" => TimeSpan.FromMinutes(-10),
        "dunkerque" => TimeSpan.FromMinutes(-40),
        _ => TimeSpan.Zero,
    };
}
