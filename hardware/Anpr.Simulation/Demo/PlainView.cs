using System.Globalization;

namespace Anpr.Simulation.Demo;

/// <summary>Plain lines, for when the output is no terminal: a status every 5 seconds.</summary>
internal sealed class PlainView(TextWriter output) : IDemoView
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private DateTimeOffset _next;

    public void Say(string words) => output.WriteLine(words);

    public void Links(Uri console, IReadOnlyList<(string Role, string Link)> links)
    {
        output.WriteLine($"console: {console}");
        foreach (var (role, link) in links)
        {
            output.WriteLine($"sign in once as {role}: {link}");
        }
    }

    public void Event(string line)
    {
    }

    public void Show(DemoState state, DateTimeOffset now)
    {
        if (now < _next)
        {
            return;
        }

        _next = now + Every;
        var ports = state.Ports.Select(port => $"{port.Key} {port.Value.State}, {port.Value.Sightings} sightings, {port.Value.Passages} passages, {port.Value.Alerts} alerts, {port.Value.Waiting} waiting");
        output.WriteLine($"{string.Join("; ", ports)}; {state.Journeys} journeys");
    }

    public void Summary(DemoSummary summary, string folder)
    {
        output.WriteLine($"sightings: {string.Join(", ", summary.Sightings.Select(port => $"{port.Key} {port.Value}"))}");
        output.WriteLine($"journeys: {summary.Journeys}");
        output.WriteLine($"alerts: {summary.Alerts}");
        output.WriteLine($"p95_ms: {summary.P95Ms?.ToString("0", CultureInfo.InvariantCulture) ?? "none"}");
        output.WriteLine($"kept in: {folder}");
    }
}
