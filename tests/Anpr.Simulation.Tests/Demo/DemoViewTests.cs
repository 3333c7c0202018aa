using System.Text.Json;
using Anpr.Simulation.Demo;
using Anpr.Simulation.Traffic;
using Spectre.Console;

namespace Anpr.Simulation.Tests.Demo;

public sealed class DemoViewTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DemoSummary Summary = new(new Dictionary<string, int> { ["calais"] = 4, ["coquelles"] = 3, ["dunkerque"] = 2 }, 1, 5, 240);

    [Fact]
    public void JsonView_Summary_HasTheContractsNames()
    {
        var output = new StringWriter();
        new JsonView(output).Summary(Summary, "/tmp/demo");
        var line = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal("summary", line.GetProperty("event").GetString());
        Assert.Equal(4, line.GetProperty("sightings").GetProperty("calais").GetInt32());
        Assert.Equal((1, 5, 240), (line.GetProperty("journeys").GetInt32(), line.GetProperty("alerts").GetInt32(), line.GetProperty("p95_ms").GetInt32()));
    }

    [Fact]
    public void PlainView_Show_IsOneLineEveryFiveSeconds()
    {
        var output = new StringWriter();
        var view = new PlainView(output);
        for (var second = 0; second < 10; second++)
        {
            view.Show(new DemoState(TrafficPlan.Ports), Noon.AddSeconds(second));
        }

        Assert.Equal(2, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void TableView_AnyWidth_BreaksNeitherWordsNorLinks(int width)
    {
        var (view, output) = View(width);
        var link = "http://127.0.0.1:8080/sign-in?code=" + new string('x', 43);
        view.Links(new Uri("http://127.0.0.1:8080/"), [("administrator", link)]);
        view.Show(new DemoState(TrafficPlan.Ports), Noon);

        var lines = output.ToString().Split('\n');
        Assert.Contains(lines, line => line.Contains(link, StringComparison.Ordinal));
        Assert.All(TrafficPlan.Ports, port => Assert.Contains(lines, line => line.Contains(port, StringComparison.Ordinal) && line.Contains("◌ starting", StringComparison.Ordinal)));
        Assert.All((string[])["port", "state", "sightings", "passages", "alerts", "waiting"], word => Assert.Contains(lines, line => line.Contains(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void TableView_ShownTwice_GoesBackOverItself()
    {
        var (view, output) = View(110);
        view.Show(new DemoState(TrafficPlan.Ports), Noon);
        var once = output.ToString();
        Assert.All(TrafficPlan.Ports, port => Assert.Contains(port, once, StringComparison.Ordinal));
        view.Show(new DemoState(TrafficPlan.Ports), Noon.AddSeconds(1));
        // The second begins by going up as many lines as the first ended.
        var up = once.Count(c => c == '\n');
        Assert.StartsWith($"\u001b[{up}A", output.ToString()[once.Length..], StringComparison.Ordinal);
    }

    private static (TableView View, StringWriter Output) View(int width)
    {
        var output = new StringWriter();
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        terminal.Profile.Width = width;
        terminal.Profile.Capabilities.Unicode = true;
        return (new TableView(terminal), output);
    }
}
