using System.Net;
using System.Net.Sockets;
using System.Text;
using Anpr.Edge.Ops;
using Anpr.Edge.Sense;
using Anpr.Edge.Tests.Hub;
using Anpr.Hardware.Bus;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Protocol;

namespace Anpr.Edge.Tests.Sense;

/// <summary>Real devices' messages over a real broker on a free port.</summary>
public sealed class SensorsTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly DeviceTopics Co2 = new("calais", "calais-1", "co2-1");
    private readonly FakeTimeProvider _time = new(Noon);
    private readonly MqttOptions _options = new() { Port = FreePort() };
    private readonly IMqttClient _client = new MqttClientFactory().CreateMqttClient();
    private LaneStatus _status = null!;
    private Sensors _sensors = null!;
    private LaneBroker _broker = null!;

    public async ValueTask InitializeAsync()
    {
        _status = new LaneStatus(_time, NullLogger.Instance);
        _sensors = new Sensors("calais", "calais-1", new SenseOptions(), _status, _time, NullLogger.Instance);
        _broker = await LaneBroker.StartAsync(_options, _sensors.Received);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task EvidenceFor_WithADevice_IsMadeOfItsReadings()
    {
        await ConnectAsync();
        await BirthAsync();
        for (var i = 0; i < 12; i++)
        {
            await SendAsync(Co2.Data, Pack(i, 900 + i, Noon.AddSeconds(i)).ToJson());
        }

        await Eventually.HoldsAsync(() => _sensors.EvidenceFor(Noon, Noon.AddSeconds(20))[0].Words.StartsWith("CO2 +4", StringComparison.Ordinal), "the readings to arrive");
        Assert.Equal("no such sensor on this lane", _sensors.EvidenceFor(Noon, Noon.AddSeconds(20))[1].Veto);
        Assert.All([Proto.V1.Cargo.Produce, Proto.V1.Cargo.Live], cargo => Assert.Equal(
            (0, true), _sensors.EvidenceFor(Noon, Noon.AddSeconds(20), cargo)[0] is var none ? (none.Llr, none.Veto.Contains("booked", StringComparison.Ordinal)) : default));
        Assert.Contains("too short", _sensors.EvidenceFor(Noon.AddMinutes(-9), Noon.AddMinutes(-8))[0].Veto, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvidenceFor_AfterTheConnectionBroke_SaysSilent()
    {
        await ConnectAsync();
        await BirthAsync();
        await SendAsync(Co2.Data, Pack(0, 900, Noon).ToJson());
        await Eventually.HoldsAsync(() => StateOf("co2-1") == "ready", "the device to be known");
        // No goodbye: the broker publishes the last will.
        _client.Dispose();
        await Eventually.HoldsAsync(() => StateOf("co2-1") == "lost", "the last will");
        Assert.Contains("silent", _sensors.EvidenceFor(Noon, Noon.AddSeconds(20))[0].Veto, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sweep_AfterThreeSilentIntervals_CallsItLost()
    {
        await ConnectAsync();
        await BirthAsync();
        await SendAsync(Co2.Data, Pack(0, 900, Noon).ToJson());
        await Eventually.HoldsAsync(() => StateOf("co2-1") == "ready", "the device to be known");
        _time.Advance(TimeSpan.FromSeconds(3));
        _sensors.Sweep();
        Assert.Equal("ready", StateOf("co2-1"));
        _time.Advance(TimeSpan.FromSeconds(0.5));
        _sensors.Sweep();
        Assert.Equal("lost", StateOf("co2-1"));
        Assert.Contains("silent", _sensors.EvidenceFor(Noon, Noon.AddSeconds(20))[0].Veto, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Received_WhatCannotBeRead_IsCountedAndChangesNothing()
    {
        await ConnectAsync();
        await SendAsync(Co2.Data, Encoding.UTF8.GetBytes("[{\"n\":"));
        await SendAsync(Co2.Raw, [1, 2, 3]);
        await SendAsync(Co2.State, Encoding.UTF8.GetBytes("tired"));
        await Eventually.HoldsAsync(() => _status.Counters().Any(c => c is { Name: "sense_refused", Value: 3 }), "three refusals");
        Assert.Equal("no such sensor on this lane", _sensors.EvidenceFor(Noon, Noon.AddSeconds(20))[0].Veto);
    }

    /// <summary>The first: three of its intervals are more than a TimeSpan holds.</summary>
    [Theory]
    [InlineData("10675199.02:48:05", """[{"name":"inside","unit":"ppm","position":""}]""")]
    [InlineData("-00:00:01", "[]")]
    [InlineData("00:00:01", "[null]")]
    [InlineData("00:00:01", """[{"name":null,"unit":"ppm","position":""}]""")]
    public async Task Received_ADescriptionThatCannotBe_IsRefusedAndTheLaneGoesOn(string interval, string channels)
    {
        await ConnectAsync();
        await SendAsync(Co2.Description, Encoding.UTF8.GetBytes($$"""{"kind":"co2","serial":"T","firmware":"1","boot":"b1","interval":"{{interval}}","channels":{{channels}}}"""), retain: true);
        await SendAsync(Co2.State, Encoding.UTF8.GetBytes(DeviceStates.Ready));
        await Eventually.HoldsAsync(() => StateOf("co2-1") == "ready", "the device to be known");
        _sensors.Sweep();
        Assert.Contains(_status.Counters(), c => c is { Name: "sense_refused", Value: 1 });
        Assert.Equal("no such sensor on this lane", _sensors.EvidenceFor(Noon, Noon.AddSeconds(20))[0].Veto);
    }

    [Fact]
    public async Task EvidenceFor_GeophonesThatHaveOnlyTheGround_SaysSo()
    {
        await ConnectAsync();
        var geophones = new DeviceTopics("calais", "calais-1", "geo-1");
        await SendAsync(geophones.Description, new DeviceDescription("heartbeat", "G", "1", "b1", TimeSpan.FromMinutes(1), [new("ground", "m/s2")]).ToJson());
        for (var i = 0; i < 20; i++)
        {
            await SendAsync(geophones.Raw, new RawBlock((uint)i, Noon.AddSeconds(i), 125, 0, 1, [.. Enumerable.Range(0, 125).Select(n => n % 7)]).ToBytes());
        }

        await Eventually.HoldsAsync(() => !HeartbeatVeto().Contains("too short", StringComparison.Ordinal), "the blocks to arrive");
        Assert.Contains("no such sensor", HeartbeatVeto(), StringComparison.Ordinal);

        string HeartbeatVeto() => _sensors.EvidenceFor(Noon, Noon.AddSeconds(20))[1].Veto;
    }

    [Fact]
    public void EvidenceFor_WhenJudgingFails_IsVetoedWithTheReason()
    {
        var clock = new StoppingClock();
        var sensors = new Sensors("calais", "calais-1", new SenseOptions(), _status, clock, NullLogger.Instance);
        sensors.Received(Co2.Description, new DeviceDescription("co2", "T-1", "1", "b1", TimeSpan.FromSeconds(1), []).ToJson());
        clock.Stopped = true;
        var evidence = sensors.EvidenceFor(Noon, Noon.AddSeconds(20));
        Assert.Equal([("co2", "an error of the lane's program, see its log"), ("heartbeat", "no such sensor on this lane")], evidence.Select(e => (e.Kind, e.Veto)));
        Assert.Contains(_status.Counters(), c => c is { Name: "evidence_failed", Value: 1 });
    }

    [Fact]
    public async Task Received_OfAnotherLane_IsIgnored()
    {
        await ConnectAsync();
        await SendAsync(new DeviceTopics("calais", "calais-2", "co2-9").Data, Pack(0, 900, Noon).ToJson());
        await SendAsync(Co2.Data, Pack(0, 900, Noon).ToJson());
        await Eventually.HoldsAsync(() => StateOf("co2-1") == "ready", "our own device");
        Assert.Null(StateOf("co2-9"));
    }

    [Fact]
    public async Task Received_OfALoop_IsHandedOn()
    {
        await ConnectAsync();
        var loop = new DeviceTopics("calais", "calais-1", "loop-1");
        await SendAsync(loop.Description, new DeviceDescription("loop", "L", "1", "b1", TimeSpan.FromMinutes(1), []).ToJson());
        await SendAsync(loop.Data, new SenMlPack("b1", 0, [new("occupied", "", 1, Noon)]).ToJson());
        await Eventually.HoldsAsync(() => !_sensors.Loops.IsEmpty, "the loop");
        Assert.True(_sensors.Loops.TryDequeue(out var change));
        Assert.Equal(new LoopChange(Noon, true), change);
    }

    [Fact]
    public async Task Start_OnATakenPort_SaysSoInOneLine()
    {
        var error = await Assert.ThrowsAsync<UserError>(() => LaneBroker.StartAsync(_options, (_, _) => { }));
        Assert.Contains($"Mqtt.Port is {_options.Port}", error.Message, StringComparison.Ordinal);
    }

    private static SenMlPack Pack(int i, double inside, DateTimeOffset at) => new("b1", i, [new("inside", "ppm", inside, at), new("outside", "ppm", 425 + (i % 2), at)]);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string? StateOf(string device) => _status.Devices().FirstOrDefault(d => d.Device == device)?.State;

    private Task ConnectAsync() => _client.ConnectAsync(new MqttClientOptionsBuilder()
        .WithTcpServer("127.0.0.1", _options.Port)
        .WithClientId("test")
        .WithWillTopic(Co2.State)
        .WithWillPayload(DeviceStates.Lost)
        .WithWillRetain()
        .Build());

    private async Task BirthAsync()
    {
        await SendAsync(Co2.Description, new DeviceDescription("co2", "T-1", "1", "b1", TimeSpan.FromSeconds(1), [new("inside", "ppm"), new("outside", "ppm")]).ToJson());
        await SendAsync(Co2.State, Encoding.UTF8.GetBytes(DeviceStates.Ready));
    }

    private Task SendAsync(string topic, byte[] payload, bool retain = false) => _client.PublishAsync(new MqttApplicationMessageBuilder()
        .WithTopic(topic)
        .WithPayload(payload)
        .WithRetainFlag(retain)
        .WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
        .Build());

    private sealed class StoppingClock : TimeProvider
    {
        public bool Stopped { get; set; }

        public override DateTimeOffset GetUtcNow() => Stopped ? throw new InvalidOperationException("stopped") : Noon;
    }
}
