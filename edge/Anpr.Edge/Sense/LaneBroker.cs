using System.Buffers;
using System.Net;
using System.Net.Sockets;
using MQTTnet;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Anpr.Edge.Sense;

/// <summary>The lane's MQTT broker, on loopback only. What devices publish is handed on; what the lane shows is published by it.</summary>
internal sealed class LaneBroker : IAsyncDisposable
{
    private readonly MqttServer _server;

    private LaneBroker(MqttServer server) => _server = server;

    /// <summary>Starts listening.</summary>
    /// <param name="options">Where.</param>
    /// <param name="received">Told of each message with topic and payload, on the broker's threads; must be quick.</param>
    /// <exception cref="UserError">The port is taken.</exception>
    public static async Task<LaneBroker> StartAsync(MqttOptions options, Action<string, ReadOnlyMemory<byte>> received)
    {
        if (!IsFree(options))
        {
            throw new UserError($"Mqtt.Port is {options.Port}: something else listens on {options.Listen}:{options.Port}. Stop it, or choose another port in lane.json.");
        }

        var server = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder()
            .WithDefaultEndpoint()
            .WithDefaultEndpointBoundIPAddress(IPAddress.Parse(options.Listen))
            .WithDefaultEndpointBoundIPV6Address(IPAddress.None)
            .WithDefaultEndpointPort(options.Port)
            .Build());
        server.InterceptingPublishAsync += message =>
        {
            received(message.ApplicationMessage.Topic, message.ApplicationMessage.Payload.ToArray());
            return Task.CompletedTask;
        };
        await server.StartAsync();
        return new LaneBroker(server);
    }

    /// <summary>True when nobody listens at that address.</summary>
    public static bool IsFree(MqttOptions options)
    {
        // MQTTnet reports a taken port only in its log.
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Parse(options.Listen), options.Port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Publishes in the lane's name; retained, so that a display that comes later sees it. An empty payload takes it away.</summary>
    public Task PublishAsync(string topic, ReadOnlyMemory<byte> payload) => _server.InjectApplicationMessage(
        new InjectedMqttApplicationMessage(new MqttApplicationMessage
        {
            Topic = topic,
            PayloadSegment = payload.ToArray(),
            QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
            Retain = true,
        })
        { SenderClientId = "lane" });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        _server.Dispose();
    }
}
