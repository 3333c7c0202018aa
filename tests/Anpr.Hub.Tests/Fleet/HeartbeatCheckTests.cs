using Anpr.Hub.Access;
using Anpr.Hub.Fleet;
using Anpr.Proto.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Anpr.Hub.Tests.Fleet;

/// <summary>Found by requests that were nonsense: one lane's heartbeat with a time that does not exist kept the page of all lanes from being shown.</summary>
public sealed class HeartbeatCheckTests : IAsyncLifetime
{
    private RunningHub hub = null!;

    public async ValueTask InitializeAsync() => hub = await RunningHub.StartAsync();

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task Heartbeat_Spoilt_IsRefusedNamingTheField_AndTheLanesAreShownAsBefore()
    {
        using var engineer = await hub.SignInAsync(Role.Engineer);
        using var certificate = await hub.EnrolAsync("calais", "calais-1");
        var lane = new Lane.LaneClient(hub.Channel(certificate));
        (string Field, Action<HeartbeatRequest> Spoil)[] faults =
        [
            ("box_time", b => b.BoxTime = new Timestamp { Seconds = long.MaxValue }),
            ("box_time", b => b.Devices[0].Since = new Timestamp { Nanos = -1 }),
            ("devices", b => b.Devices[0].Device = new string('x', 2000)),
            ("devices", b => b.Devices[0].State = ""),
            ("devices", b => b.Devices[0].Words = new string('x', 1001)),
            ("devices", b => b.Devices.AddRange(Enumerable.Repeat(b.Devices[0], 200))),
            ("software_version", b => b.Counters.Add(new Counter())),
        ];
        await lane.HeartbeatAsync(Whole(), cancellationToken: TestContext.Current.CancellationToken);

        foreach (var (field, spoil) in faults)
        {
            var beat = Whole();
            spoil(beat);
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await lane.HeartbeatAsync(beat, cancellationToken: TestContext.Current.CancellationToken));
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
            Assert.StartsWith(field, refused.Status.Detail, StringComparison.Ordinal);
        }

        using var answer = await engineer.GetAsync(new Uri("/api/v1/lanes", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Contains("\"0.1.0\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static HeartbeatRequest Whole() => new()
    {
        BoxTime = TimeProvider.System.GetUtcNow().ToTimestamp(),
        SoftwareVersion = "0.1.0",
        Devices = { new DeviceState { Device = "front", State = "ready", Since = TimeProvider.System.GetUtcNow().ToTimestamp() } },
    };
}
