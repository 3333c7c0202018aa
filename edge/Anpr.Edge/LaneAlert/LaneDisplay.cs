using System.Text.Json;
using System.Threading.Channels;
using Anpr.Edge.Sense;
using Anpr.Hardware.Bus;

namespace Anpr.Edge.LaneAlert;

/// <summary>Publishes the lane's alerts, retained, on <c>anpr/v1/{port}/{lane}/display/alert</c>: the newest state only.</summary>
internal sealed class LaneDisplay
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Channel<byte[]> _newest = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly string _topic;

    /// <summary>Starts with an empty display.</summary>
    public LaneDisplay(string port, string lane)
    {
        _topic = $"{DeviceTopics.Root}/{port}/{lane}/display/alert";
        Show([]);
    }

    /// <summary>Takes what is to be seen; never waits.</summary>
    public void Show(IReadOnlyList<LaneAlarm> alerts) => _newest.Writer.TryWrite(Payload(alerts));

    /// <summary>Publishes until cancelled.</summary>
    public async Task RunAsync(LaneBroker broker, CancellationToken cancel)
    {
        await foreach (var payload in _newest.Reader.ReadAllAsync(cancel))
        {
            await broker.PublishAsync(_topic, payload);
        }
    }

    /// <summary><c>{"alerts":[...]}</c>, each with the fields of <see cref="LaneAlarm"/> in snake_case.</summary>
    internal static byte[] Payload(IReadOnlyList<LaneAlarm> alerts) => JsonSerializer.SerializeToUtf8Bytes(new { alerts }, Options);
}
