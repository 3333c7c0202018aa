using System.Text.Json;
using System.Threading.Channels;
using Anpr.Simulation.Demo;
using MQTTnet;

namespace Anpr.EndToEnd.Site;

/// <summary>What a lane's display shows, as the display itself learns it: from the lane's broker.</summary>
internal sealed class LaneScreen : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(120);

    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly Channel<JsonElement> _shown = Channel.CreateUnbounded<JsonElement>();

    private LaneScreen() => _client.ApplicationMessageReceivedAsync += message =>
    {
        _shown.Writer.TryWrite(JsonDocument.Parse(message.ApplicationMessage.ConvertPayloadToString()).RootElement);
        return Task.CompletedTask;
    };

    /// <summary>Follows the display of a running lane.</summary>
    public static async Task<LaneScreen> FollowAsync(PortPlan port, CancellationToken cancellation)
    {
        var screen = new LaneScreen();
        await screen._client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port.MqttPort).Build(), cancellation);
        await screen._client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter($"anpr/v1/{port.Port}/{port.Lane}/display/alert").Build(), cancellation);
        return screen;
    }

    /// <summary>The first raised alert that is wanted.</summary>
    /// <exception cref="TimeoutException">None came.</exception>
    public async Task<JsonElement> RaisedAsync(Func<JsonElement, bool> wanted, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(LongestWait);
        try
        {
            await foreach (var shown in _shown.Reader.ReadAllAsync(patience.Token))
            {
                foreach (var alert in shown.GetProperty("alerts").EnumerateArray())
                {
                    if (alert.GetProperty("state").GetString() == "raised" && wanted(alert))
                    {
                        return alert;
                    }
                }
            }
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"no such alert on the lane's display within {LongestWait.TotalSeconds} s", e);
        }

        throw new InvalidOperationException("the display has gone");
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
