using Anpr.Hardware.Bus;
using Anpr.Simulation.Traffic;

namespace Anpr.Simulation.Sensors;

/// <summary>
/// Three geophones on the vehicle's frame and one on the ground. With nobody there: noise of each sensor and the ground's
/// unrest in all of them. Each person adds heartbeats: a short swing of 4-7 Hz (US patent 6370481) at that person's own
/// rate, about 0.2 milli-g at the frame. While the vehicle rolls, everything is drowned. Not thread-safe.
/// </summary>
internal sealed class HeartbeatTwin(string device, string boot, Random random)
{
    /// <summary>Samples a second and channel.</summary>
    public const int RateHz = 125;

    /// <summary>Samples of a block: one second.</summary>
    public const int BlockSamples = RateHz;

    /// <summary>Time between blocks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private const int FrameChannels = 3;
    private const int Channels = FrameChannels + 1;
    private const float MetresPerSecond2PerCount = 1e-6f;
    private const double SensorNoise = 1e-4;
    private const double GroundUnrest = 2e-4;
    private const double RollingUnrest = 0.05;
    // 0.2 milli-g: the weakest person to be found.
    private const double BeatAmplitude = 2e-3;
    private const double SwingHz = 5.5;
    private const double SwingDecaySeconds = 0.12;

    private uint _sequence;
    private double _unrest;

    /// <summary>What it says of itself.</summary>
    public DeviceDescription Description => new(
        "heartbeat", $"SIM-{device}", "simulation", boot, Interval,
        [
            new DeviceChannel("frame_1", "m/s2", "frame, front left"), new DeviceChannel("frame_2", "m/s2", "frame, front right"),
            new DeviceChannel("frame_3", "m/s2", "frame, rear"), new DeviceChannel("ground", "m/s2", "ground beside the lane"),
        ],
        Simulated: true);

    /// <summary>The next second.</summary>
    /// <param name="present">The vehicle in the lane, if any.</param>
    /// <param name="standing">Whether it stands.</param>
    /// <param name="start">Device time of the first sample.</param>
    public RawBlock Next(PlannedVehicle? present, bool standing, DateTimeOffset start)
    {
        var counts = new int[BlockSamples * Channels];
        var rolling = present is not null && !standing;
        for (var i = 0; i < BlockSamples; i++)
        {
            var seconds = (start - DateTimeOffset.UnixEpoch).TotalSeconds + ((double)i / RateHz);
            // The ground's unrest is slow: a first-order low pass of white noise.
            _unrest = (0.8 * _unrest) + (0.6 * Gauss.Next(random) * (rolling ? RollingUnrest : GroundUnrest));
            var beat = standing && present is not null ? Beats(present, seconds) : 0;
            for (var channel = 0; channel < FrameChannels; channel++)
            {
                counts[(i * Channels) + channel] = Count((0.5 * _unrest) + (beat * (1 - (0.25 * channel))) + (SensorNoise * Gauss.Next(random)));
            }

            counts[(i * Channels) + FrameChannels] = Count(_unrest + (SensorNoise * Gauss.Next(random)));
        }

        return new RawBlock(_sequence++, start, RateHz, MetresPerSecond2PerCount, Channels, counts);
    }

    private static double Beats(PlannedVehicle vehicle, double seconds)
    {
        var sum = 0.0;
        for (var person = 0; person < vehicle.People; person++)
        {
            // 60 to 100 beats a minute: people in hiding are not at ease.
            var period = 60.0 / (60 + ((vehicle.LookSeed >> (3 * person)) % 41));
            var sinceBeat = (seconds + (0.37 * person)) % period;
            sum += BeatAmplitude * Math.Exp(-sinceBeat / SwingDecaySeconds) * Math.Sin(2 * Math.PI * SwingHz * sinceBeat);
        }

        return sum;
    }

    private static int Count(double metresPerSecond2) => (int)Math.Round(metresPerSecond2 / MetresPerSecond2PerCount);
}
