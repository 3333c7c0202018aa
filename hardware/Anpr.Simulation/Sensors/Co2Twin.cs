using Anpr.Hardware.Bus;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Sensors;

/// <summary>
/// A fast flow-through CO2 sensor with a valve: once a second it gives the air at the probe and the open air, both seen by
/// the same cell, so that its offset is in both. The probe is at the cargo while a vehicle stands. Not thread-safe.
/// </summary>
/// <param name="device">Its id on the lane, which also decides its offset.</param>
/// <param name="boot">Its boot id.</param>
/// <param name="random">Noise.</param>
internal sealed class Co2Twin(string device, string boot, Random random)
{
    /// <summary>Time between packs.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Pump and cell of a flow-through sensor: 63 % of a step within about a second.
    private const double ResponseSeconds = 0.9;
    private const double NoisePpm = 8;
    private const double OffsetPpm = 22;

    private double _probePpm = CargoAir.OutsidePpm;
    private long _sequence;

    /// <summary>What it says of itself.</summary>
    public DeviceDescription Description => new(
        "co2", $"SIM-{device}", "simulation", boot, Interval,
        [new DeviceChannel("inside", "ppm", "probe at the cargo"), new DeviceChannel("outside", "ppm", "open air beside the booth")],
        Simulated: true);

    /// <summary>The next pack, one interval after the last.</summary>
    /// <param name="standing">The vehicle that stands at the stop line, if any.</param>
    /// <param name="time">Device time.</param>
    public SenMlPack Next(PlannedVehicle? standing, DateTimeOffset time)
    {
        var air = standing is null ? CargoAir.OutsidePpm : CargoAir.InsidePpm(standing);
        _probePpm += (air - _probePpm) * (1 - Math.Exp(-Interval.TotalSeconds / ResponseSeconds));
        return new SenMlPack(boot, _sequence++,
        [
            new Reading("inside", "ppm", Math.Round(_probePpm + OffsetPpm + Noise(), 1), time),
            new Reading("outside", "ppm", Math.Round(CargoAir.OutsidePpm + OffsetPpm + Noise(), 1), time),
        ]);
    }

    private double Noise() => Gauss.Next(random) * NoisePpm;
}
