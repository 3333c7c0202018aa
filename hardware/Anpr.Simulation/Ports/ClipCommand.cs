using System.CommandLine;
using Anpr.Simulation.Scene;
using Anpr.Simulation.Streams;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Ports;

/// <summary><c>clip</c>: a port's traffic as a video file, faster than real time.</summary>
internal static class ClipCommand
{
    public static Command Create()
    {
        var options = new PortOptions();
        var vehicles = new Option<int>("--vehicles") { Description = "how many drive through", DefaultValueFactory = _ => 3, HelpName = "N" };
        var first = new Option<int>("--from") { Description = "the first one's place in the plan", HelpName = "SLOT" };
        var kind = new Option<VehicleKind?>("--kind") { Description = "lorry, coach or car, and no others", HelpName = "KIND" };
        var file = new Argument<string>("FILE") { Description = "to write: .mp4, .ts, .avi, .mkv" };
        var command = new Command("clip", "Write a port's simulated traffic into a video file; its truth on stdout.") { options.Port, options.Seed, vehicles, first, kind, file };
        command.SetAction((parsed, cancellation) => Task.FromResult(Write(
            parsed.GetRequiredValue(options.Port),
            parsed.GetValue(options.Seed),
            parsed.GetValue(first),
            parsed.GetValue(vehicles),
            parsed.GetValue(kind),
            parsed.GetRequiredValue(file),
            cancellation)));
        return command;
    }

    private static int Write(string port, int seed, int first, int vehicles, VehicleKind? kind, string file, CancellationToken cancellation)
    {
        if (vehicles < 1 || first < 0)
        {
            throw new InputException($"--vehicles must be 1 or more and --from 0 or more, not {vehicles} and {first}");
        }

        using var scene = new LaneScene(Weather.Of(port), seed);
        using var encoder = new VideoEncoder(file, PortVideo.FramesPerSecond);
        var traffic = new LaneTraffic(PortOptions.Plan(seed, kind), port, first);
        var video = new PortVideo(traffic, scene, new TruthLog(Console.Out, port, TimeProvider.System), TimeProvider.System);
        video.Record(encoder, vehicles * TrafficPlan.SlotLength, cancellation);
        return 0;
    }
}
