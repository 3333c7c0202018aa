using System.Collections.Concurrent;
using System.Text;
using Anpr.Edge.Score;
using Anpr.Hardware.Bus;
using Cargo = Anpr.Proto.V1.Cargo;
using Microsoft.Extensions.Logging;

namespace Anpr.Edge.Sense;

/// <summary>
/// Follows the lane's devices by their topics and turns what they measured while a vehicle was there into evidence.
/// A device that is missing, lost, flat or out of range gives 0 nats and the reason. Thread-safe.
/// </summary>
internal sealed partial class Sensors(string port, string lane, SenseOptions options, LaneStatus status, TimeProvider time, ILogger log)
{
    private readonly ConcurrentDictionary<string, Device> _devices = new(StringComparer.Ordinal);
    private readonly string _prefix = $"{DeviceTopics.Root}/{port}/{lane}/";

    /// <summary>What the lane's loops said, oldest first, for the stage that looks at pictures.</summary>
    public ConcurrentQueue<LoopChange> Loops { get; } = new();

    /// <summary>Takes a message of the broker; what is not a device's is ignored, what cannot be read is counted.</summary>
    public void Received(string topic, ReadOnlyMemory<byte> payload)
    {
        if (!topic.StartsWith(_prefix, StringComparison.Ordinal) || topic[_prefix.Length..].Split('/') is not [var id, var leaf] || id == "display")
        {
            return;
        }

        var device = _devices.GetOrAdd(id, name => new Device(name, options.Keep));
        var now = time.GetUtcNow();
        var understood = leaf switch
        {
            "$state" => device.TakeState(Encoding.UTF8.GetString(payload.Span)),
            "$description" => device.TakeDescription(payload.Span),
            "data" => device.TakeData(payload.Span, now, Heard),
            "raw" => device.TakeRaw(payload.Span, now),
            _ => true,
        };
        if (!understood)
        {
            status.Count("sense_refused");
            LogRefused(log, topic, payload.Length);
        }

        Note(device, now);
    }

    /// <summary>Looks for devices that have fallen silent; call it about once a second.</summary>
    public void Sweep()
    {
        var now = time.GetUtcNow();
        foreach (var device in _devices.Values)
        {
            Note(device, now);
        }
    }

    /// <summary>What the sensors say, one evidence a kind whatever happens, of a vehicle that was there from <paramref name="from"/> to <paramref name="to"/>, on the devices' clock.</summary>
    /// <param name="from">Its first frame.</param>
    /// <param name="to">Its last frame, or now.</param>
    /// <param name="cargo">What is booked for it.</param>
    public IReadOnlyList<Evidence> EvidenceFor(DateTimeOffset from, DateTimeOffset to, Cargo cargo = Cargo.Unknown)
    {
        return [Guarded(EvidenceKinds.Co2, (d, a, b) => Co2Evidence.Judge(d, a, b, cargo)), Guarded(EvidenceKinds.Heartbeat, (d, a, b) => HeartbeatEvidence.Judge(d, a, b, options.QuietMmS2))];

        Evidence Guarded(string kind, Func<Device, DateTimeOffset, DateTimeOffset, Evidence> judge)
        {
            try
            {
                return Of(kind, judge);
            }
            catch (Exception e)
            {
                // Whatever a sensor sent: the passage is recorded, and says that this evidence is missing.
                status.Count("evidence_failed");
                LogFailed(log, e, kind);
                return SensorWords.None(kind, "", Veto.Failed, from, to);
            }
        }

        Evidence Of(string kind, Func<Device, DateTimeOffset, DateTimeOffset, Evidence> judge)
        {
            var device = _devices.Values.Where(d => d.Kind == kind).OrderBy(d => d.Name, StringComparer.Ordinal).FirstOrDefault();
            if (device is null)
            {
                return SensorWords.None(kind, "", Veto.Missing, from, to);
            }

            if (device.IsLost(time.GetUtcNow()))
            {
                return SensorWords.None(kind, device.Name, Veto.Lost, from, to);
            }

            return cargo switch
            {
                Cargo.Live => SensorWords.None(kind, device.Name, Veto.Live, from, to),
                Cargo.Produce when kind == EvidenceKinds.Co2 => SensorWords.None(kind, device.Name, Veto.Produce, from, to),
                _ => judge(device, from, to),
            };
        }
    }

    private void Heard(Device device, Reading reading)
    {
        if (device.Kind == "loop" && reading.Name == "occupied")
        {
            Loops.Enqueue(new LoopChange(reading.Time, reading.Value >= 0.5));
        }
    }

    private void Note(Device device, DateTimeOffset now)
    {
        var (condition, words) = device.Condition(now);
        status.Device(device.Name, condition, words);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "A message on {Topic} ({Bytes} bytes) cannot be read")]
    private static partial void LogRefused(ILogger log, string topic, int bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The evidence of {Kind} could not be judged")]
    private static partial void LogFailed(ILogger log, Exception exception, string kind);
}
