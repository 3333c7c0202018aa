using System.CommandLine;
using Anpr.Simulation.Processes;
using Spectre.Console;

namespace Anpr.Simulation.Demo;

/// <summary><c>demo</c>: a hub, three lane boxes and the simulation as processes of their own, with a live table.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var video = new Option<string[]>("--video") { Description = "your own footage in place of a simulated camera: file, folder of images, RTSP, UDP MPEG-TS, V4L2 device; once per port", HelpName = "PORT=SOURCE", DefaultValueFactory = _ => [] };
        var seconds = new Option<int?>("--seconds") { Description = "end by itself after so long, with a summary", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "JSON lines on stdout (docs/demo.md)" };
        var data = new Option<string?>("--data") { Description = "new or empty folder for everything (default: a new one under the temporary folder)", HelpName = "DIR" };
        var console = new Option<string>("--console") { Description = "address of the console", HelpName = "http://HOST:PORT", DefaultValueFactory = _ => "http://127.0.0.1:8080" };
        var seed = new Option<int>("--seed") { Description = "of the simulated traffic", HelpName = "S", DefaultValueFactory = _ => 1 };
        var command = new Command("demo", "Run a hub and a lane at each of three ports on simulated traffic, or on your own footage.") { video, seconds, json, data, console, seed };
        command.SetAction((parsed, cancellation) => RunAsync(
            new DemoOptions(
                VideoOption.Parse(parsed.GetRequiredValue(video)),
                Length(parsed.GetValue(seconds)),
                parsed.GetValue(json),
                parsed.GetValue(data),
                Address(parsed.GetRequiredValue(console)),
                parsed.GetValue(seed)),
            cancellation));
        return command;
    }

    private static TimeSpan? Length(int? seconds) => seconds switch
    {
        null => null,
        > 0 => TimeSpan.FromSeconds(seconds.Value),
        _ => throw new InputException($"--seconds {seconds}: give 1 or more"),
    };

    private static Uri Address(string console) => Uri.TryCreate(console, UriKind.Absolute, out var address) && address.Scheme == "http"
        ? address
        : throw new InputException($"--console {console}: write it as http://HOST:PORT, for example http://127.0.0.1:8080");

    private static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellation)
    {
        var programs = new Programs();
        if (!FreePorts.IsFreeTcp(options.Console.Port))
        {
            throw new InputException($"port {options.Console.Port} is in use, so the console cannot be there. Give another one: --console http://127.0.0.1:{FreePorts.Tcp()}");
        }

        var folder = DemoFolder.Create(options.Data);
        IDemoView view = options.Json ? new JsonView(Console.Out)
            : Console.IsOutputRedirected ? new PlainView(Console.Out)
            : new TableView(AnsiConsole.Console);
        await using var run = new DemoRun(options, programs, folder, view, TimeProvider.System);
        return await run.RunAsync(cancellation);
    }
}
