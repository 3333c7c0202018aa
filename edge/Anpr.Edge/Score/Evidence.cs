namespace Anpr.Edge.Score;

/// <summary>One log-likelihood ratio with its words. A sensor that is missing or vetoed gives 0 and says why.</summary>
/// <param name="Kind">"prior", "co2", "heartbeat", "drone", "history", ...</param>
/// <param name="Llr">Log-likelihood ratio in nats.</param>
/// <param name="Weight">0..1; the part that is shown is <c>Weight * Llr</c>.</param>
/// <param name="Words">English, for officers.</param>
/// <param name="WordsFr">The same in French.</param>
/// <param name="Veto">Why it gives 0; empty when it counts.</param>
/// <param name="Sensor">Device id, empty when it is no device.</param>
/// <param name="From">Start of the window it speaks of, UTC.</param>
/// <param name="To">End of that window, UTC.</param>
public sealed record Evidence(
    string Kind,
    double Llr,
    double Weight,
    string Words,
    string WordsFr,
    string Veto,
    string Sensor,
    DateTimeOffset From,
    DateTimeOffset To);
