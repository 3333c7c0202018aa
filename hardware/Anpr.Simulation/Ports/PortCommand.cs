using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Anpr.Simulation.Scene;
using Anpr.Simulation.Streams;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Ports;

/// <summary><c>port</c>: one port's camera stream and sensors, in real time, until Ctrl-C.</summary>
internal static class PortCommand
{
    private sealed record Settings(string Port, int Seed, int First, double Pace, string? Camera, LaneAddress? Lane, TimeSpan ClockShift, TimeSpan Lead, TimeSpan Length);

    public static Command Create()
    {
        var options = new PortOptions();
        var camera = new Option<string?>("--camera") { Description = "where to send the picture: udp://host:port or rtsp://...; none without it", HelpName = "ADDRESS" };
        var mqtt = new Option<(string Host, int Port)?>("--mqtt") { Description = "the lane's broker; no sensors without it", HelpName = "HOST:PORT", CustomParser = ParseBroker };
        var lane = new Option<string?>("--lane") { Description = "the lane's name (default PORT-1)", HelpName = "NAME" };
        var first = new Option<int>("--from") { Description = "the first vehicle's place in the plan", HelpName = "SLOT" };
        var pace = new Option<double>("--pace") { Description = "how much faster than in life the traffic drives, 0.5 to 3", DefaultValueFactory = _ => 1, HelpName = "X" };
        var shift = new Option<TimeSpan>("--clock-shift") { Description = "of the sensors' clocks against real time, for example -00:10:00", HelpName = "TIME" };
        var lead = new Option<TimeSpan>("--lead") { Description = "how long the lane is empty before the first vehicle, for example 00:00:06", HelpName = "TIME" };
        var seconds = new Option<int?>("--seconds") { Description = "end after so long", HelpName = "N" };
        var command = new Command("port", "Stream one simulated port until Ctrl-C; its truth on stdout.") { options.Port, options.Seed, camera, mqtt, lane, first, pace, shift, lead, seconds };
        command.SetAction((parsed, cancellation) =>
        {
            var port = parsed.GetRequiredValue(options.Port);
            var broker = parsed.GetValue(mqtt);
            return RunAsync(
                new Settings(
                    port,
                    parsed.GetValue(options.Seed),
                    parsed.GetValue(first),
                    parsed.GetValue(pace),
                    parsed.GetValue(camera),
                    broker is { } address ? new LaneAddress(port, parsed.GetValue(lane) ?? $"{port}-1", address) : null,
                    parsed.GetValue(shift),
                    parsed.GetValue(lead),
                    parsed.GetValue(seconds) is { } length ? TimeSpan.FromSeconds(length) : TimeSpan.MaxValue),
                cancellation);
        });
        return command;
    }

    private static async Task<int> RunAsync(Settings settings, CancellationToken cancellation)
    {
        if (settings.Camera is null && settings.Lane is null)
        {
            throw new InputException("nothing to do: give --camera, --mqtt or both");
        }

        if (settings.Pace is not (>= 0.5 and <= 3))
        {
            throw new InputException($"--pace {settings.Pace}: give 0.5 to 3");
        }

        var plan = PortOptions.Plan(settings.Seed);
        await Task.WhenAll(VideoAsync(settings, plan, cancellation), SensorsAsync(settings, plan, cancellation));
        return 0;
    }

    private static Task VideoAsync(Settings settings, TrafficPlan plan, CancellationToken cancellation) => settings.Camera is not { } camera
        ? Task.CompletedTask
        : Task.Run(
            async () =>
            {
                using var scene = new LaneScene(Weather.Of(settings.Port), settings.Seed);
                using var encoder = new VideoEncoder(camera, PortVideo.FramesPerSecond);
                var video = new PortVideo(new LaneTraffic(plan, settings.Port, settings.First, settings.Pace, settings.Lead), scene, new TruthLog(Console.Out, settings.Port, TimeProvider.System), TimeProvider.System);
                await video.StreamAsync(encoder, settings.Length, cancellation);
            },
            cancellation);

    private static Task SensorsAsync(Settings settings, TrafficPlan plan, CancellationToken cancellation) => settings.Lane is not { } lane
        ? Task.CompletedTask
        : new PortSensors(new LaneTraffic(plan, settings.Port, settings.First, settings.Pace, settings.Lead), lane, TimeProvider.System, settings.ClockShift, settings.Seed).RunAsync(settings.Length, cancellation);

    private static (string Host, int Port)? ParseBroker(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        var colon = text.LastIndexOf(':');
        if (colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var port) && port > 0)
        {
            return (text[..colon], port);
        }

        result.AddError($"--mqtt {text}: write it as HOST:PORT, for example 127.0.0.1:1883.");
        return null;
    }
}
