using System.Globalization;
using Spectre.Console;

namespace Anpr.Edge.Ops;

/// <summary>Prints lines as they come: JSON, or columns for people; errors and progress go to stderr.</summary>
internal sealed class ReadOutput(ReadRequest request)
{
    // A line of a pipe or a file ends where it ends, not where a terminal would.
    private const int NoTerminal = 100_000;

    private readonly bool _progress = !Console.IsErrorRedirected && Console.IsOutputRedirected;
    private readonly IAnsiConsole _console = Terminal();
    private string _heading = "";
    private int _shown;

    /// <summary>True once something was refused.</summary>
    public bool Refused { get; private set; }

    /// <summary>One plate of one frame.</summary>
    public void Write(PlateLine line)
    {
        if (request.Json)
        {
            Console.Out.WriteLine(ReadJson.Line(line));
            return;
        }

        Heading(line.Source);
        var where = line.Box is null ? "no plate" : line.Text is null ? "plate without a readable text" : "";
        Row(line.Frame == 0 && line.OffsetS == 0 ? "" : Time(line.OffsetS), line.Text, line.Confidence, line.Country, where.Length > 0 ? where : Place(line) + Raw(line.Text, line.RawText));
    }

    /// <summary>One vehicle passing.</summary>
    public void Write(PassageLine line)
    {
        if (request.Json)
        {
            Console.Out.WriteLine(ReadJson.Line(line));
            return;
        }

        Heading(line.Source);
        var plural = line.Reads == 1 ? "" : "s";
        var how = line.Direction == "unknown" ? "" : ", " + line.Direction;
        Row(Time(line.OffsetS), line.Text, line.Confidence, line.Country, line.Text is null ? "a vehicle without a readable plate" : $"{line.Reads} read{plural}{how}{Raw(line.Text, line.RawText)}");
    }

    /// <summary>Something was refused: one line each on stderr.</summary>
    public void Refuse(string message)
    {
        Refused = true;
        foreach (var line in message.Split('\n'))
        {
            Warn(line);
        }
    }

    /// <summary>One line on stderr.</summary>
    public void Warn(string line)
    {
        ClearProgress();
        Console.Error.WriteLine("anpr read: " + line);
    }

    /// <summary>Shows how far it is, when stderr is a terminal and the lines go elsewhere.</summary>
    public void Progress(string source, long frames)
    {
        if (_progress && frames % 10 == 0)
        {
            var text = $"{source}: {frames} frames";
            Console.Error.Write("\r" + text.PadRight(_shown));
            _shown = text.Length;
        }
    }

    /// <summary>Takes the progress line away.</summary>
    public void ClearProgress()
    {
        if (_shown > 0)
        {
            Console.Error.Write("\r" + new string(' ', _shown) + "\r");
            _shown = 0;
        }
    }

    private static IAnsiConsole Terminal()
    {
        var console = AnsiConsole.Create(new());
        console.Profile.Width = Console.IsOutputRedirected ? NoTerminal : console.Profile.Width;
        return console;
    }

    private void Heading(string source)
    {
        if (source != _heading)
        {
            _heading = source;
            _console.MarkupLine("[bold]" + Markup.Escape(source) + "[/]");
        }
    }

    private void Row(string time, string? text, float? confidence, string? country, string rest)
    {
        var colour = confidence switch { >= 0.9f => "green", >= 0.5f => "yellow", _ => "red" };
        var sure = confidence is { } p ? p.ToString("0%", CultureInfo.InvariantCulture) : "";
        _console.MarkupLine($"  {time,9}  [bold]{text ?? "-",-11}[/] [{colour}]{sure,4}[/]  {country ?? "",-2}  [dim]{Markup.Escape(rest)}[/]");
    }

    private static string Raw(string? text, string? raw) => raw == text ? "" : $", raw {raw ?? "nothing"}";

    private static string Time(double seconds) => seconds.ToString("0.00 s", CultureInfo.InvariantCulture);

    private static string Place(PlateLine line)
    {
        var (box, lines) = (line.Box!, line.Lines == 2 ? ", two lines" : "");
        return string.Create(CultureInfo.InvariantCulture, $"{box[2] - box[0]:0} px wide at {box[0]:0},{box[1]:0}, detection {line.Detection:0.00}{lines}");
    }
}
