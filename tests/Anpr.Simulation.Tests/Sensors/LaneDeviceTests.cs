using System.Buffers;
using System.Net;
using System.Text;
using System.Threading.Channels;
using Anpr.Hardware.Bus;
using Anpr.Simulation.Sensors;
using MQTTnet.Server;

namespace Anpr.Simulation.Tests.Sensors;

public sealed class LaneDeviceTests
{
    private static readonly DeviceTopics Topics = new("calais", "calais-1", "co2-1");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task SendAsync_BrokerComesLate_SaysWhatItIsBeforeTheFirstReading()
    {
        var port = FreePort();
        var description = new Co2Twin("co2-1", "b1", new Random(1)).Description;
        await using var device = new LaneDevice(Topics, description, "127.0.0.1", port);
        var pack = new SenMlPack("b1", 0, [new Reading("inside", "ppm", 500, Noon)]);
        Assert.False(await device.SendAsync(pack, TestContext.Current.CancellationToken));

        var seen = Channel.CreateUnbounded<(string Topic, byte[] Payload)>();
        using var broker = new MqttServerFactory().CreateMqttServer(new MqttServerOptionsBuilder().WithDefaultEndpoint().WithDefaultEndpointBoundIPAddress(IPAddress.Loopback).WithDefaultEndpointBoundIPV6Address(IPAddress.None).WithDefaultEndpointPort(port).Build());
        broker.InterceptingPublishAsync += message => seen.Writer.WriteAsync((message.ApplicationMessage.Topic, message.ApplicationMessage.Payload.ToArray())).AsTask();
        await broker.StartAsync();
        Assert.True(await device.SendAsync(pack, TestContext.Current.CancellationToken));

        var first = await seen.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Topics.Description, first.Topic);
        Assert.True(DeviceDescription.TryParse(first.Payload, out var read) && read!.Simulated);
        var second = await seen.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((Topics.State, DeviceStates.Ready), (second.Topic, Encoding.UTF8.GetString(second.Payload)));
        var third = await seen.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Topics.Data, third.Topic);
        Assert.True(SenMlPack.TryParse(third.Payload, out _));
        await broker.StopAsync();
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
