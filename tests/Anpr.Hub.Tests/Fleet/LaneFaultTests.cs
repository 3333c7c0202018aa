using System.Net.Http.Json;
using System.Text.Json;
using Anpr.Hub.Access;
using Anpr.Hub.Alerts;
using Anpr.Hub.Fleet;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Anpr.Proto.V1;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Fleet;

/// <summary>What of a lane asks for an engineer.</summary>
public sealed class LaneFaultTests : IAsyncDisposable
{
    private static readonly LaneIdentity Lane = new("calais", "calais-1");
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero));
    private readonly HubFeed feed = new();
    private readonly LiteStore store;

    public LaneFaultTests() => store = LiteStore.Open(folder.Path, HubFeatures.Tables);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Camera_Frozen_IsAFaultUntilItIsReadyAgain()
    {
        var board = NewBoard();
        await board.HeardAsync(Lane, Beat(("front", "frozen", "restart the camera"), ("co2", "ready", "")));
        var began = time.GetUtcNow();
        time.Advance(TimeSpan.FromSeconds(5));
        await board.HeardAsync(Lane, Beat(("front", "frozen", "restart the camera"), ("co2", "ready", "")));

        Assert.Equal(("front", "frozen", "restart the camera", began), Assert.Single(board.Faults) is var f ? (f.Device, f.State, f.Words, f.Since) : default);

        time.Advance(TimeSpan.FromSeconds(5));
        await board.HeardAsync(Lane, Beat(("front", "ready", ""), ("co2", "ready", "")));
        Assert.Empty(board.Faults);
        Assert.Equal(time.GetUtcNow(), Assert.Single(board.FaultHistory(10)).Ended);
    }

    [Fact]
    public async Task Lane_Silent_IsToldOnce_ByWhicheverHub_AndEndsWithItsNextReport()
    {
        using var heard = feed.Subscribe();
        var (one, two) = (NewBoard(), NewBoard());
        await one.HeardAsync(Lane, Beat(("front", "ready", "")));
        two.HeardElsewhere(one.Lanes[0]);
        await one.FindSilentAsync();
        Assert.Empty(one.Faults);

        time.Advance(LaneStatus.SilentAfter + TimeSpan.FromSeconds(1));
        await one.FindSilentAsync();
        await two.FindSilentAsync();
        await one.FindSilentAsync();

        var fault = Assert.Single(one.FaultHistory(10));
        Assert.Equal(("", LaneFault.Silent), (fault.Device, fault.State));
        Assert.StartsWith("No report since 2026-11-20 12:00:00 UTC", fault.Words, StringComparison.Ordinal);
        await two.HeardAsync(Lane, Beat(("front", "ready", "")));
        Assert.Empty(one.Faults);
        var told = new List<LaneFault>();
        while (heard.Events.TryRead(out var happened))
        {
            told.AddRange(happened is LaneFaultEvent faulty ? [faulty.Fault] : []);
        }

        Assert.Equal([null, time.GetUtcNow()], told.Select(f => f.Ended));
    }

    /// <summary>A silent lane says nothing of its camera: that still stands, beside the silence.</summary>
    [Fact]
    public async Task Lane_SilentWithAFrozenCamera_HasBothFaults()
    {
        var board = NewBoard();
        await board.HeardAsync(Lane, Beat(("front", "frozen", "restart the camera")));
        time.Advance(TimeSpan.FromMinutes(1));
        await board.FindSilentAsync();

        Assert.Equal([LaneFault.Silent, "frozen"], board.Faults.Select(f => f.State));
    }

    /// <summary>The hub was down while the lane fell silent: it is told all the same.</summary>
    [Fact]
    public async Task Lane_SilentWhenTheHubStarts_IsTold()
    {
        await NewBoard().HeardAsync(Lane, Beat(("front", "ready", "")));
        time.Advance(TimeSpan.FromHours(1));

        var again = NewBoard();
        await again.FindSilentAsync();

        Assert.Equal(LaneFault.Silent, Assert.Single(again.Faults).State);
    }

    [Fact]
    public async Task Api_Faults_AreForEngineersAndHoldNoRegistration()
    {
        await using var hub = await RunningHub.StartAsync();
        var lane = await LaneClient.EnrolAsync(hub, "calais", "calais-1");
        await lane.HeartbeatAsync(("front", "frozen", "restart the camera"), ("co2-1", "ready", ""));
        var engineer = await hub.SignInAsync(Role.Engineer);

        var rows = await engineer.GetFromJsonAsync<JsonElement>(new Uri("/api/v1/faults", UriKind.Relative), TestContext.Current.CancellationToken);

        var row = Assert.Single(rows.EnumerateArray());
        Assert.Equal(("calais", "calais-1", "front", "frozen"), (row.GetProperty("port").GetString(), row.GetProperty("lane").GetString(), row.GetProperty("device").GetString(), row.GetProperty("state").GetString()));
        Assert.False(row.TryGetProperty("ended", out _));
    }

    private FleetBoard NewBoard() => new(store, feed, time);

    private static HeartbeatRequest Beat(params (string Device, string State, string Words)[] devices)
    {
        var beat = new HeartbeatRequest { SoftwareVersion = "0.1.0" };
        beat.Devices.AddRange(devices.Select(d => new DeviceState { Device = d.Device, State = d.State, Words = d.Words }));
        return beat;
    }
}
