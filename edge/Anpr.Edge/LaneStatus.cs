using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Anpr.Edge;

/// <summary>How a device is, in the words of the heartbeat.</summary>
internal enum DeviceCondition
{
    /// <summary>Works.</summary>
    Ready,

    /// <summary>Silent.</summary>
    Lost,

    /// <summary>Speaks, but what it says cannot be used.</summary>
    Fault,

    /// <summary>A camera that shows the same picture again and again.</summary>
    Frozen,

    /// <summary>A camera whose view is hidden.</summary>
    Covered,

    /// <summary>A camera that looks elsewhere.</summary>
    Moved,

    /// <summary>A camera that is out of focus.</summary>
    Defocused,
}

/// <summary>A device's state.</summary>
/// <param name="Device">Camera, sensor, "hub", "outbox", "clock" or "broker".</param>
/// <param name="State">"ready", "lost", "fault", and of a camera "frozen", "covered", "moved" or "defocused".</param>
/// <param name="Words">One sentence for engineers, empty when ready.</param>
/// <param name="Since">When it became so, UTC.</param>
internal sealed record DeviceStatus(string Device, string State, string Words, DateTimeOffset Since);

/// <summary>What the box knows of itself: the state of each device and the counters of the funnel. Thread-safe.</summary>
internal sealed partial class LaneStatus(TimeProvider time, ILogger log)
{
    /// <summary>The hub's name among the devices.</summary>
    public const string Hub = "hub";

    /// <summary>The outbox's name among the devices.</summary>
    public const string Outbox = "outbox";

    private readonly ConcurrentDictionary<string, DeviceStatus> _devices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _counters = new(StringComparer.Ordinal);

    /// <summary>Version of this program.</summary>
    public static string Version { get; } =
        typeof(LaneStatus).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Told of each change of a device's state, on the thread that noticed it.</summary>
    public event Action<DeviceStatus>? Changed;

    /// <summary>Notes a device's state; the same state again changes nothing.</summary>
    public void Device(string device, DeviceCondition condition, string words)
    {
        var state = condition switch
        {
            DeviceCondition.Ready => "ready",
            DeviceCondition.Lost => "lost",
            DeviceCondition.Frozen => "frozen",
            DeviceCondition.Covered => "covered",
            DeviceCondition.Moved => "moved",
            DeviceCondition.Defocused => "defocused",
            _ => "fault",
        };
        var now = new DeviceStatus(device, state, words, time.GetUtcNow());
        var before = _devices.GetValueOrDefault(device);
        if (before?.State == state && before.Words == words)
        {
            return;
        }

        _devices[device] = before?.State == state ? now with { Since = before.Since } : now;
        if (condition == DeviceCondition.Ready)
        {
            LogReady(log, device);
        }
        else
        {
            LogTrouble(log, device, state, words);
        }

        Changed?.Invoke(now);
    }

    /// <summary>All devices, by name.</summary>
    public IReadOnlyList<DeviceStatus> Devices() => [.. _devices.Values.OrderBy(d => d.Device, StringComparer.Ordinal)];

    /// <summary>Adds to a counter.</summary>
    public void Count(string counter, long more = 1) => _counters.AddOrUpdate(counter, more, (_, n) => n + more);

    /// <summary>Sets a counter that is counted elsewhere.</summary>
    public void Set(string counter, long value) => _counters[counter] = value;

    /// <summary>All counters, by name. A copy first: LINQ's own asks for the number and copies then, and fails where one more came between.</summary>
    public IReadOnlyList<(string Name, long Value)> Counters() =>
        [.. _counters.ToArray().OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => (c.Key, c.Value))];

    [LoggerMessage(Level = LogLevel.Information, Message = "{Device} is ready")]
    private static partial void LogReady(ILogger log, string device);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Device} is {State}: {Words}")]
    private static partial void LogTrouble(ILogger log, string device, string state, string words);
}
