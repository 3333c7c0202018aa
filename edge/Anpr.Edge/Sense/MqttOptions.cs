using System.ComponentModel.DataAnnotations;

namespace Anpr.Edge.Sense;

/// <summary>Section <c>Mqtt</c> of the lane's file: the broker that the lane box hosts for its sensors and its display.</summary>
internal sealed record MqttOptions
{
    /// <summary>The address it listens on. Only loopback until devices have credentials of their own.</summary>
    [AllowedValues("127.0.0.1")]
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>TCP port.</summary>
    [Range(1, 65535)]
    public int Port { get; init; } = 1883;
}
