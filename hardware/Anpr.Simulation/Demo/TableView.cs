using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Anpr.Simulation.Demo;

/// <summary>The live table of a terminal, redrawn in place.</summary>
internal sealed class TableView(IAnsiConsole terminal) : IDemoView
{
    // Below this width the table leaves out its last column, and links stand alone on their lines so that they can be copied whole.
    private const int Wide = 100;

    private int _height;
    private bool _shown;

    public void Say(string words)
    {
        Forget();
        terminal.MarkupLineInterpolated($"[grey]·[/] {words}");
    }

    public void Links(Uri console, IReadOnlyList<(string Role, string Link)> links)
    {
        Forget();
        if (terminal.Profile.Width < Wide)
        {
            terminal.MarkupLineInterpolated($"Console [bold]{console}[/] · each link signs in once, within 15 minutes");
            foreach (var (role, link) in links)
            {
                terminal.MarkupLineInterpolated($"[bold]{role}[/]");
                terminal.MarkupLineInterpolated($"[aqua]{link}[/]");
            }

            return;
        }

        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        foreach (var (role, link) in links)
        {
            grid.AddRow(new Markup($"[bold]{role}[/]"), new Text(link, new Style(Color.Aqua)).Overflow(Overflow.Fold));
        }

        terminal.Write(new Panel(grid)
            .Header($" Console [bold]{Markup.Escape(console.ToString())}[/] · each link signs in once, within 15 minutes ")
            .RoundedBorder()
            .BorderColor(Color.Grey));
    }

    public void Event(string line)
    {
    }

    public void Show(DemoState state, DateTimeOffset now)
    {
        var table = Table(state, now);
        var lines = Segment.SplitLines(((IRenderable)table).Render(RenderOptions.Create(terminal), terminal.Profile.Width)).Count;
        if (_shown)
        {
            // Up over what was drawn last; every line is as wide as before, so nothing is left behind.
            terminal.Cursor.MoveUp(_height);
        }

        terminal.Write(table);
        (_shown, _height) = (true, lines);
    }

    public void Summary(DemoSummary summary, string folder)
    {
        Forget();
        var grid = new Grid().AddColumn(new GridColumn().NoWrap().PadRight(2)).AddColumn();
        grid.AddRow("[bold]sightings[/]", string.Join("   ", summary.Sightings.Select(port => $"{port.Key} {port.Value}")));
        grid.AddRow("[bold]journeys[/]", summary.Journeys.ToString(CultureInfo.InvariantCulture));
        grid.AddRow("[bold]alerts[/]", summary.Alerts.ToString(CultureInfo.InvariantCulture));
        grid.AddRow("[bold]p95_ms[/]", summary.P95Ms?.ToString("0", CultureInfo.InvariantCulture) ?? "none");
        grid.AddRow("[bold]kept in[/]", Markup.Escape(folder));
        terminal.Write(new Panel(grid).Header(" Summary ").RoundedBorder().BorderColor(Color.Grey));
    }

    private void Forget() => _shown = false;

    private Table Table(DemoState state, DateTimeOffset now)
    {
        var wide = terminal.Profile.Width >= Wide;
        var table = new Table().RoundedBorder().BorderColor(Color.Grey).Expand()
            .Caption($"{state.Journeys} {(state.Journeys == 1 ? "vehicle" : "vehicles")} seen at two ports · Ctrl-C ends everything", new Style(Color.Grey));
        table.AddColumns(
            new TableColumn("port").NoWrap(), new TableColumn("state").NoWrap(), Right("sightings"), Right("passages"), Right("alerts"), Right(wide ? "latency p95" : "p95"), Right("waiting"));
        if (wide)
        {
            table.AddColumn(Right("last event"));
        }

        foreach (var (name, port) in state.Ports)
        {
            IRenderable[] cells =
            [
                new Text(name, new Style(decoration: Decoration.Bold)),
                new Markup(port.State switch { "ready" => "[green]● ready[/]", "starting" => "[yellow]◌ starting[/]", _ => $"[red]✕ {Markup.Escape(port.State)}[/]" }),
                Number(port.Sightings),
                Number(port.Passages),
                port.Alerts > 0 ? new Markup($"[bold red]{port.Alerts}[/]") : Number(0),
                new Text(DemoState.Percentile95(port.Latencies) is { } ms ? ms.ToString("0 'ms'", CultureInfo.InvariantCulture) : "–"),
                Number(port.Waiting),
                new Text(port.LastEvent is { } last ? Age(now - last) : "–"),
            ];
            table.AddRow(cells[..table.Columns.Count]);
        }

        return table;
    }

    private static TableColumn Right(string name) => new TableColumn(name).RightAligned().NoWrap();

    private static Text Number(long number) => new(number.ToString(CultureInfo.InvariantCulture));

    private static string Age(TimeSpan age) => age < TimeSpan.FromSeconds(1) ? "now" : age < TimeSpan.FromMinutes(2) ? $"{age.TotalSeconds:0} s ago" : $"{age.TotalMinutes:0} min ago";
}
