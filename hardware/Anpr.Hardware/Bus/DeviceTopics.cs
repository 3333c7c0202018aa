namespace Anpr.Hardware.Bus;

/// <summary>The topics of one device on the lane network: <c>anpr/v1/{port}/{lane}/{device}/…</c>.</summary>
/// <param name="Port">calais, coquelles or dunkerque.</param>
/// <param name="Lane">The lane's name.</param>
/// <param name="Device">The device's id on this lane, for example <c>co2-1</c>.</param>
public sealed record DeviceTopics(string Port, string Lane, string Device)
{
    /// <summary>First part of every topic.</summary>
    public const string Root = "anpr/v1";

    /// <summary>Retained; one of <see cref="DeviceStates"/>. Its last will is <c>lost</c>.</summary>
    public string State => Of("$state");

    /// <summary>Retained; a <see cref="DeviceDescription"/> as JSON.</summary>
    public string Description => Of("$description");

    /// <summary>Slow readings: SenML JSON, QoS 1, not retained.</summary>
    public string Data => Of("data");

    /// <summary>Fast readings: a <see cref="RawBlock"/>, QoS 0, not retained.</summary>
    public string Raw => Of("raw");

    /// <summary>The filter that matches every topic of every device of one lane.</summary>
    public static string AllOf(string port, string lane) => $"{Root}/{port}/{lane}/+/+";

    private string Of(string leaf) => $"{Root}/{Port}/{Lane}/{Device}/{leaf}";
}
