using Anpr.Hardware.Bus;
using Anpr.Simulation.Sensors;

namespace Anpr.Simulation.Ports;

/// <summary>The sensors of a simulated lane: one CO2 probe, one set of geophones, once a second on the lane's broker.</summary>
/// <param name="traffic">Who is there.</param>
/// <param name="lane">Where they publish.</param>
/// <param name="clock">Real time.</param>
/// <param name="clockShift">Of the port's simulated clock against it: what the devices' own clocks say.</param>
/// <param name="seed">Noise.</param>
internal sealed class PortSensors(LaneTraffic traffic, LaneAddress lane, TimeProvider clock, TimeSpan clockShift, int seed)
{
    private static readonly TimeSpan Interval = Co2Twin.Interval;

    /// <summary>Publishes until it is cancelled or <paramref name="length"/> is over.</summary>
    public async Task RunAsync(TimeSpan length, CancellationToken cancellation)
    {
        var random = new Random(seed);
        var boot = random.Next().ToString("x8", System.Globalization.CultureInfo.InvariantCulture);
        var co2 = new Co2Twin("co2-1", boot, random);
        var heartbeat = new HeartbeatTwin("heartbeat-1", boot, random);
        await using var co2Device = Device("co2-1", co2.Description);
        await using var heartbeatDevice = Device("heartbeat-1", heartbeat.Description);
        using var tick = new PeriodicTimer(Interval, clock);
        var start = clock.GetTimestamp();
        while (clock.GetElapsedTime(start) < length && await tick.WaitForNextTickAsync(cancellation))
        {
            var there = traffic.At(clock.GetElapsedTime(start));
            var standing = there is { } now && new Scene.Drive(now.Vehicle).IsStanding(now.Seconds);
            var time = clock.GetUtcNow() + clockShift;
            await co2Device.SendAsync(co2.Next(standing ? there!.Value.Vehicle : null, time), cancellation);
            await heartbeatDevice.SendAsync(heartbeat.Next(there?.Vehicle, standing, time - Interval), cancellation);
        }
    }

    private LaneDevice Device(string id, DeviceDescription description) =>
        new(new DeviceTopics(lane.Port, lane.Lane, id), description, lane.Broker.Host, lane.Broker.Port);
}

/// <summary>A lane's place in the topic tree, and its broker.</summary>
internal sealed record LaneAddress(string Port, string Lane, (string Host, int Port) Broker);
