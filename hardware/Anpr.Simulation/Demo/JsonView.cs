using System.Text.Json;

namespace Anpr.Simulation.Demo;

/// <summary>One JSON object a line: <c>words</c>, <c>link</c>, the hub's own events, <c>summary</c>.</summary>
internal sealed class JsonView(TextWriter output) : IDemoView
{
    private static readonly JsonSerializerOptions Snake = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public void Say(string words) => Write(new { Event = "words", Words = words });

    public void Links(Uri console, IReadOnlyList<(string Role, string Link)> links)
    {
        foreach (var (role, link) in links)
        {
            Write(new { Event = "link", Role = role, Link = link });
        }
    }

    public void Event(string line) => output.WriteLine(line);

    public void Show(DemoState state, DateTimeOffset now)
    {
    }

    public void Summary(DemoSummary summary, string folder) => Write(new
    {
        Event = "summary",
        summary.Sightings,
        summary.Journeys,
        summary.Alerts,
        summary.P95Ms,
        Folder = folder,
    });

    private void Write<T>(T line) => output.WriteLine(JsonSerializer.Serialize(line, Snake));
}
