using System.ComponentModel.DataAnnotations;
using Anpr.Edge.LaneAlert;
using Anpr.Edge.Outbox;
using Anpr.Edge.Score;
using Anpr.Edge.Sense;
using Anpr.Edge.Uplink;

namespace Anpr.Edge.Ops;

/// <summary>The lane's file, <c>lane.json</c> in its data folder. Port and lane are not in it: the certificate says them.</summary>
internal sealed record LaneOptions : IChecked
{
    /// <summary>The name of the file in the data folder.</summary>
    public const string FileName = "lane.json";

    /// <summary>The lane's cameras, at least one.</summary>
    [Length(1, 8)]
    public IReadOnlyList<CameraOptions> Cameras { get; init; } = [];

    /// <summary>What the lane is for.</summary>
    [AllowedValues("approach", "control", "shed")]
    public string Station { get; init; } = "control";

    /// <summary>The connection to the hub.</summary>
    public UplinkOptions Hub { get; init; } = new();

    /// <summary>The lane's broker.</summary>
    public MqttOptions Mqtt { get; init; } = new();

    /// <summary>The stages that look at pictures.</summary>
    public VisionSection Vision { get; init; } = new();

    /// <summary>The sensors.</summary>
    public SenseOptions Sense { get; init; } = new();

    /// <summary>The anomaly score.</summary>
    public ScoreOptions Score { get; init; } = new();

    /// <summary>The lane's display.</summary>
    public LaneAlertOptions LaneAlert { get; init; } = new();

    /// <summary>What waits for the hub.</summary>
    public OutboxOptions Outbox { get; init; } = new();

    /// <summary>The shift that all cameras of the lane share.</summary>
    public TimeSpan ClockShift => Cameras.Count > 0 ? Cameras[0].ClockShift : TimeSpan.Zero;

    /// <summary>Reads the file of a data folder.</summary>
    /// <exception cref="UserError">It is missing or wrong; one line for each fault.</exception>
    public static LaneOptions Load(string data) => OptionsFile.Load<LaneOptions>(
        Path.Combine(data, FileName),
        """Write one, for example: { "Cameras": [ { "Name": "front", "Source": "rtsp://CAMERA/stream", "Side": "front" } ] }""");

    /// <inheritdoc/>
    public IEnumerable<string> Check()
    {
        foreach (var (camera, i) in Cameras.Select((c, i) => (c, i)))
        {
            if (camera.ClockShift != TimeSpan.Zero && !camera.Simulated)
            {
                yield return $"Cameras[{i}].ClockShift is {camera.ClockShift}: allowed only where Simulated is true";
            }

            if (camera.ClockShift != Cameras[0].ClockShift)
            {
                yield return $"Cameras[{i}].ClockShift is {camera.ClockShift}: allowed is {Cameras[0].ClockShift}, the one of Cameras[0]; a lane has one clock";
            }

            if (Cameras.Take(i).Any(c => string.Equals(c.Name, camera.Name, StringComparison.OrdinalIgnoreCase)))
            {
                yield return $"Cameras[{i}].Name is '{camera.Name}': another camera has that name; allowed is a name of its own";
            }
        }
    }
}
