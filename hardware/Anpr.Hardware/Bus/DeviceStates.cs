namespace Anpr.Hardware.Bus;

/// <summary>The words of <c>$state</c>, as the Homie convention has them.</summary>
public static class DeviceStates
{
    /// <summary>Starting; its description may still change.</summary>
    public const string Init = "init";

    /// <summary>Delivering readings.</summary>
    public const string Ready = "ready";

    /// <summary>Gone on purpose.</summary>
    public const string Disconnected = "disconnected";

    /// <summary>Alive, pausing between readings.</summary>
    public const string Sleeping = "sleeping";

    /// <summary>Gone without a word: the broker says so in the device's stead.</summary>
    public const string Lost = "lost";
}
