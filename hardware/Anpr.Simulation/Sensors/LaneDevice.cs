using Anpr.Hardware.Bus;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Anpr.Simulation.Sensors;

/// <summary>One simulated device on a lane's broker: birth, readings, last will. Comes back by itself when the broker was gone. Not thread-safe.</summary>
internal sealed class LaneDevice : IAsyncDisposable
{
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private readonly DeviceTopics _topics;
    private readonly DeviceDescription _description;
    private readonly MqttClientOptions _options;

    public LaneDevice(DeviceTopics topics, DeviceDescription description, string host, int port)
    {
        (_topics, _description) = (topics, description);
        _options = new MqttClientOptionsBuilder()
            .WithTcpServer(host, port)
            .WithClientId($"simulation-{topics.Device}")
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithWillTopic(topics.State)
            .WithWillPayload(DeviceStates.Lost)
            .WithWillRetain()
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .Build();
    }

    /// <summary>Sends a pack of slow readings; false while the broker cannot be reached (the pack is lost, as a real device's would be).</summary>
    public Task<bool> SendAsync(SenMlPack pack, CancellationToken cancellation) =>
        TrySendAsync(_topics.Data, pack.ToJson(), MqttQualityOfServiceLevel.AtLeastOnce, cancellation);

    /// <summary>Sends a block of fast ones; false while the broker cannot be reached.</summary>
    public Task<bool> SendAsync(RawBlock block, CancellationToken cancellation) =>
        TrySendAsync(_topics.Raw, block.ToBytes(), MqttQualityOfServiceLevel.AtMostOnce, cancellation);

    /// <summary>Says goodbye.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_client.IsConnected)
            {
                await PublishAsync(_topics.State, System.Text.Encoding.UTF8.GetBytes(DeviceStates.Disconnected), MqttQualityOfServiceLevel.AtLeastOnce, retain: true, CancellationToken.None);
                await _client.DisconnectAsync();
            }
        }
        catch (Exception error) when (IsConnectionLoss(error))
        {
            // The broker went first: its last will has said it.
        }

        _client.Dispose();
    }

    private async Task<bool> TrySendAsync(string topic, byte[] payload, MqttQualityOfServiceLevel quality, CancellationToken cancellation)
    {
        try
        {
            if (!_client.IsConnected)
            {
                await _client.ConnectAsync(_options, cancellation);
                await PublishAsync(_topics.Description, _description.ToJson(), MqttQualityOfServiceLevel.AtLeastOnce, retain: true, cancellation);
                await PublishAsync(_topics.State, System.Text.Encoding.UTF8.GetBytes(DeviceStates.Ready), MqttQualityOfServiceLevel.AtLeastOnce, retain: true, cancellation);
            }

            await PublishAsync(topic, payload, quality, retain: false, cancellation);
            return true;
        }
        catch (Exception error) when (IsConnectionLoss(error) && !cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private Task PublishAsync(string topic, byte[] payload, MqttQualityOfServiceLevel quality, bool retain, CancellationToken cancellation) =>
        _client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithQualityOfServiceLevel(quality).WithRetainFlag(retain).Build(), cancellation);

    private static bool IsConnectionLoss(Exception error) =>
        error is MQTTnet.Exceptions.MqttCommunicationException or OperationCanceledException or System.Net.Sockets.SocketException or InvalidOperationException;
}
