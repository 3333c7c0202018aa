using System.Globalization;
using Anpr.Hardware.Bus;

namespace Anpr.Edge.Sense;

/// <summary>One device of the lane: what it said of itself, and its newest readings. Thread-safe.</summary>
/// <param name="name">Its id in the topic tree.</param>
/// <param name="keep">How long readings are kept, by the device's own clock.</param>
internal sealed class Device(string name, TimeSpan keep)
{
    /// <summary>Silence for more intervals than this is a loss.</summary>
    private const int SilentIntervals = 3;

    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Queue<Reading> _readings = new();
    private readonly Queue<RawBlock> _blocks = new();
    private DeviceDescription? _description;
    private string _state = DeviceStates.Init;
    private string _boot = "";
    private DateTimeOffset? _heard;
    private long _sequence = -1;

    /// <summary>Its id.</summary>
    public string Name => name;

    /// <summary>"co2", "heartbeat", …; empty before its description came.</summary>
    public string Kind => Volatile.Read(ref _description)?.Kind ?? "";

    /// <summary>Packs or blocks that never came, by the gaps in their numbers.</summary>
    public long Gaps { get; private set; }

    /// <summary>Names of a raw block's channels, in order; empty before its description came.</summary>
    public IReadOnlyList<string> Channels => [.. Volatile.Read(ref _description)?.Channels.Select(c => c.Name) ?? []];

    /// <summary>Notes the retained state; false for a word that is none.</summary>
    public bool TakeState(string state)
    {
        if (state is not (DeviceStates.Init or DeviceStates.Ready or DeviceStates.Disconnected or DeviceStates.Sleeping or DeviceStates.Lost))
        {
            return false;
        }

        lock (_gate)
        {
            _state = state;
        }

        return true;
    }

    /// <summary>Notes the description; a new boot forgets what the old one measured.</summary>
    public bool TakeDescription(ReadOnlySpan<byte> json)
    {
        if (!DeviceDescription.TryParse(json, out var description))
        {
            return false;
        }

        lock (_gate)
        {
            Volatile.Write(ref _description, description);
            Pair(description!.Boot);
        }

        return true;
    }

    /// <summary>Takes slow readings; false when they are none.</summary>
    /// <param name="json">A SenML pack.</param>
    /// <param name="now">The box's clock.</param>
    /// <param name="heard">Told of each reading.</param>
    public bool TakeData(ReadOnlySpan<byte> json, DateTimeOffset now, Action<Device, Reading> heard)
    {
        if (!SenMlPack.TryParse(json, out var pack))
        {
            return false;
        }

        lock (_gate)
        {
            Pair(pack!.Boot);
            Number(pack.Sequence);
            _heard = now;
            foreach (var reading in pack.Readings)
            {
                heard(this, reading);
                _readings.Enqueue(reading);
                while (_readings.Peek().Time < reading.Time - keep)
                {
                    _readings.Dequeue();
                }
            }
        }

        return true;
    }

    /// <summary>Takes fast readings; false when they are none.</summary>
    public bool TakeRaw(ReadOnlySpan<byte> bytes, DateTimeOffset now)
    {
        if (!RawBlock.TryParse(bytes, out var block))
        {
            return false;
        }

        lock (_gate)
        {
            Number(block!.Sequence);
            _heard = now;
            _blocks.Enqueue(block);
            while (_blocks.Peek().Start < block.Start - keep)
            {
                _blocks.Dequeue();
            }
        }

        return true;
    }

    /// <summary>Readings of one quantity in a time window, oldest first.</summary>
    public IReadOnlyList<Reading> Readings(string quantity, DateTimeOffset from, DateTimeOffset to)
    {
        lock (_gate)
        {
            return [.. _readings.Where(r => r.Name == quantity && r.Time >= from && r.Time <= to).OrderBy(r => r.Time)];
        }
    }

    /// <summary>Blocks that begin in a time window, oldest first.</summary>
    public IReadOnlyList<RawBlock> Blocks(DateTimeOffset from, DateTimeOffset to)
    {
        lock (_gate)
        {
            return [.. _blocks.Where(b => b.Start >= from && b.Start <= to).OrderBy(b => b.Start)];
        }
    }

    /// <summary>True when it said so, or has been silent for more than three of its intervals.</summary>
    public bool IsLost(DateTimeOffset now) => Condition(now).Condition != DeviceCondition.Ready;

    /// <summary>How it is, with one sentence for engineers.</summary>
    public (DeviceCondition Condition, string Words) Condition(DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_state is DeviceStates.Lost or DeviceStates.Disconnected)
            {
                return (DeviceCondition.Lost, _state == DeviceStates.Lost ? "Its connection broke. Check its power and its cable." : "It has signed off.");
            }

            var patience = _description is { } d && d.Interval * SilentIntervals > LeastPatience ? d.Interval * SilentIntervals : LeastPatience;
            if (_heard is { } heard && now - heard > patience)
            {
                return (DeviceCondition.Lost, string.Create(CultureInfo.InvariantCulture, $"Silent for more than {patience.TotalSeconds:0.#} s. Check its power and its cable."));
            }

            return (DeviceCondition.Ready, "");
        }
    }

    private void Pair(string boot)
    {
        if (boot.Length > 0 && boot != _boot)
        {
            _boot = boot;
            _sequence = -1;
            _readings.Clear();
            _blocks.Clear();
        }
    }

    private void Number(long sequence)
    {
        if (_sequence >= 0 && sequence > _sequence + 1)
        {
            Gaps += sequence - _sequence - 1;
        }

        _sequence = sequence;
    }
}
