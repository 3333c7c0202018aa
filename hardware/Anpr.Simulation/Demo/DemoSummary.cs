namespace Anpr.Simulation.Demo;

/// <summary>How a demo went.</summary>
/// <param name="Sightings">By port.</param>
/// <param name="Journeys">Vehicles seen at two ports.</param>
/// <param name="Alerts">Alerts of all ports.</param>
/// <param name="P95Ms">Milliseconds from capture to storage, 95 of 100; null without sightings.</param>
internal sealed record DemoSummary(IReadOnlyDictionary<string, int> Sightings, int Journeys, int Alerts, double? P95Ms)
{
    public static DemoSummary Of(DemoState state) => new(
        state.Ports.ToDictionary(port => port.Key, port => port.Value.Sightings, StringComparer.Ordinal),
        state.Journeys,
        state.Alerts,
        state.P95Ms is { } ms ? Math.Round(ms) : null);

    /// <summary>Ports without a sighting: the demo has failed there.</summary>
    public IEnumerable<string> Silent => Sightings.Where(port => port.Value == 0).Select(port => port.Key);
}
