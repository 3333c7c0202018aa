using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Anpr.Edge.Passage;
using Anpr.Edge.Uplink;
using Anpr.Models;
using Microsoft.Extensions.Logging;

namespace Anpr.Edge.Ops;

/// <summary><c>anpr lane</c>: the lane box agent.</summary>
internal static class LaneCommand
{
    /// <summary>The command with <c>run</c>, <c>check</c>, <c>enrol</c> and <c>heads</c>.</summary>
    public static Command Create() => new("lane", "the lane box agent") { Run(), Check(), Enrol(), Heads() };

    private static Command Run()
    {
        var (data, json) = (Data(), new Option<bool>("--json") { Description = "one JSON object a line (docs/lane.md), without any plate's text" });
        var command = new Command("run", "read, alert, keep and send, until it is stopped") { data, json };
        command.SetAction((parsed, stop) => GuardedAsync("lane run", async () =>
        {
            var folder = parsed.GetRequiredValue(data);
            using var identity = LaneIdentity.Load(folder);
            var options = LaneOptions.Load(folder);
            using var taken = DataLock.Take(folder);
            using var models = VisionModels.Load(threads: options.Vision.Threads);
            using var logs = Logs();
            var events = new LaneEvents(Console.Out, parsed.GetValue(json), TimeProvider.System);
            await new LaneRun(folder, options, identity, models, events, TimeProvider.System, logs.CreateLogger("lane")).RunAsync(stop);
            return CommandLine.Interrupted;
        }));
        return command;
    }

    private static Command Check()
    {
        var data = Data();
        var source = new Option<string>("--source") { Description = "look at this camera or recording alone, with no lane set up: to aim it", HelpName = "SOURCE" };
        var stills = new Option<string>("--stills") { Description = "folder for one picture a camera with what was found (default: check in the lane's folder; with --source the current folder)", HelpName = "DIR" };
        var speed = new Option<int>("--speed") { Description = "speed of vehicles in this lane, km/h, for the advice on shutters", HelpName = "KMH", DefaultValueFactory = _ => 20, CustomParser = Speed };
        var command = new Command("check", "read everything once and say what is well and what is not; exit code 1 if anything fails") { data, source, stills, speed };
        command.SetAction((parsed, stop) => GuardedAsync("lane check", () =>
        {
            var (folder, alone) = (parsed.GetRequiredValue(data), parsed.GetValue(source));
            var cameras = new CameraCheck(parsed.GetValue(stills) ?? (alone is null ? Path.Combine(folder, "check") : "."), parsed.GetValue(speed), TimeProvider.System);
            var check = new LaneCheck(folder, cameras, Console.Out, TimeProvider.System);
            return alone is null ? check.RunAsync(stop) : check.AimAsync(alone, stop);
        }));
        return command;
    }

    private static int Speed(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var kmh) && kmh is >= 1 and <= 130)
        {
            return kmh;
        }

        result.AddError($"--speed is '{text}', allowed is a whole number of km/h from 1 to 130.");
        return 0;
    }

    private static Command Enrol()
    {
        var token = new Option<string>("--token") { Description = "what `./anpr hub token` printed", Required = true, HelpName = "TOKEN" };
        var force = new Option<bool>("--force") { Description = "give up the identity that is there" };
        var data = Data();
        var command = new Command("enrol", "spend a one-time token for this lane's own certificate") { data, token, force };
        command.SetAction((parsed, stop) => GuardedAsync("lane enrol", async () =>
        {
            var folder = parsed.GetRequiredValue(data);
            var (port, lane, until) = await LaneEnrol.RunAsync(folder, parsed.GetRequiredValue(token), parsed.GetValue(force), stop);
            await Console.Out.WriteLineAsync($"Enrolled as lane {lane} of port {port}; the certificate is good until {until:yyyy-MM-dd}. Next: ./anpr lane check --data {folder}");
            return 0;
        }));
        return command;
    }

    private static Command Heads()
    {
        var data = Data();
        var command = new Command("heads", "print the heads of the hub's audit log that this lane holds, for `anpr hub verify --heads`") { data };
        command.SetAction((parsed, _) => GuardedAsync("lane heads", async () =>
        {
            foreach (var line in AuditHeads.Read(Path.Combine(parsed.GetRequiredValue(data), AuditHeads.FileName)))
            {
                await Console.Out.WriteLineAsync(AuditHeads.Write(line));
            }

            return 0;
        }));
        return command;
    }

    private static Option<string> Data() => new("--data")
    {
        Description = "the lane's folder",
        HelpName = "DIR",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ANPR_DATA") is { Length: > 0 } set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".anpr", "lane"),
    };

    private static ILoggerFactory Logs() => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Information)
        .AddSimpleConsole(c =>
        {
            c.SingleLine = true;
            c.UseUtcTimestamp = true;
            c.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        })
        .AddConsole(c => c.LogToStandardErrorThreshold = LogLevel.Trace));

    private static async Task<int> GuardedAsync(string name, Func<Task<int>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception e) when (e is UserError or ModelException)
        {
            foreach (var line in e.Message.Split(Environment.NewLine))
            {
                await Console.Error.WriteLineAsync($"anpr {name}: {line}");
            }

            return CommandLine.BadInput;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"anpr {name}: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Check the data folder (--data), its owner and its disk.");
            return CommandLine.BadInput;
        }
    }
}
