using System.Text.Json;
using System.Text.Json.Serialization;

namespace Anpr.Hardware.Bus;

/// <summary>What a device says of itself, retained under <c>$description</c>.</summary>
/// <param name="Kind"><c>co2</c>, <c>heartbeat</c>, <c>loop</c>, …</param>
/// <param name="Serial">The maker's serial number.</param>
/// <param name="Firmware">Its software's version.</param>
/// <param name="Boot">Changes with each start: pairs a description with the readings that follow it.</param>
/// <param name="Interval">Time between readings, a day at most; silence for more than three of them means lost.</param>
/// <param name="Channels">What is measured, in the order of a raw block's channels; 32 at most.</param>
/// <param name="Calibrated">Day of the last calibration, null when never.</param>
/// <param name="Simulated">True for a twin in software.</param>
public sealed record DeviceDescription(
    string Kind,
    string Serial,
    string Firmware,
    string Boot,
    TimeSpan Interval,
    IReadOnlyList<DeviceChannel> Channels,
    DateOnly? Calibrated = null,
    bool Simulated = false)
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(1);

    /// <summary>snake_case JSON, UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, BusJson.Default.DeviceDescription);

    /// <summary>Reads <see cref="ToJson"/>; false when it is not a description, or one that no device can have.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, out DeviceDescription? description)
    {
        try
        {
            description = JsonSerializer.Deserialize(json, BusJson.Default.DeviceDescription);
        }
        catch (JsonException)
        {
            description = null;
        }

        return description is { Kind: not null, Boot: not null, Channels.Count: <= RawBlock.MaxChannels }
            && description.Interval >= TimeSpan.Zero && description.Interval <= LongestInterval
            && description.Channels.All(channel => channel is { Name: not null });
    }
}

/// <summary>One measured quantity of a device.</summary>
/// <param name="Name">Its SenML name (<c>inside</c>) or its name within a raw block (<c>frame_front_left</c>).</param>
/// <param name="Unit">SenML unit: <c>ppm</c>, <c>m/s</c>, <c>m/s2</c>, …</param>
/// <param name="Position">Where it is mounted, in words; empty when it does not matter.</param>
public sealed record DeviceChannel(string Name, string Unit, string Position = "");

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DeviceDescription))]
[JsonSerializable(typeof(List<SenMlRecord>))]
internal sealed partial class BusJson : JsonSerializerContext;
