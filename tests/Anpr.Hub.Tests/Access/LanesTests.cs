using System.Security.Cryptography;
using Anpr.Hub.Access;
using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Access;

public sealed class LanesTests : IAsyncDisposable
{
    private static readonly LaneIdentity Lane = new("calais", "calais-1");
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private readonly Authority authority;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly LiteStore store;
    private readonly Lanes lanes;

    public LanesTests()
    {
        store = LiteStore.Open(folder.Path, HubFeatures.Tables);
        lanes = new Lanes(new AccessStore(store, time));
        authority = Authority.Create(time.GetUtcNow());
    }

    public async ValueTask DisposeAsync()
    {
        authority.Dispose();
        key.Dispose();
        await store.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task Fault_EnrolledLane_IsNone() => Assert.Null(lanes.Fault(Lane, await EnrolAsync()));

    [Fact]
    public void Fault_NeverEnrolled_IsSaid() => Assert.Contains("not enrolled", lanes.Fault(Lane, "01"), StringComparison.Ordinal);

    [Fact]
    public async Task Fault_EnrolledAnew_EndsTheEarlierCertificateAndSaysSo()
    {
        var ended = new List<LaneIdentity>();
        var first = await EnrolAsync();
        lanes.Ended += (_, e) => ended.Add(e.Lane);

        var second = await EnrolAsync();

        Assert.Contains("enrolled anew", lanes.Fault(Lane, first), StringComparison.Ordinal);
        Assert.Null(lanes.Fault(Lane, second));
        Assert.Equal([Lane], ended);
    }

    [Fact]
    public async Task Revoke_EndsTheLaneUntilItIsEnrolledAgain()
    {
        var serial = await EnrolAsync();

        await lanes.RevokeAsync("calais", "calais-1");

        Assert.Contains("revoked", lanes.Fault(Lane, serial), StringComparison.Ordinal);
        Assert.Null(lanes.Fault(Lane, await EnrolAsync()));
    }

    [Fact]
    public async Task Revoke_UnknownLane_IsRefused() => await Assert.ThrowsAsync<InputException>(() => lanes.RevokeAsync("calais", "calais-7"));

    [Theory]
    [InlineData("paris", "paris-1")]
    [InlineData("calais", "Calais 1")]
    [InlineData("calais", "")]
    [InlineData("calais", "a:b")]
    public async Task NewToken_ImpossibleName_IsRefused(string port, string lane) => await Assert.ThrowsAsync<InputException>(() => lanes.NewTokenAsync(port, lane));

    [Fact]
    public async Task NewToken_Again_EndsTheUnspentOneForThatLaneOnly()
    {
        var first = await lanes.NewTokenAsync("calais", "calais-1");
        var other = await lanes.NewTokenAsync("calais", "calais-2");
        await lanes.NewTokenAsync("calais", "calais-1");

        await Assert.ThrowsAsync<InputException>(() => lanes.SpendAsync(first));
        Assert.Equal("calais-2", (await lanes.SpendAsync(other)).Lane);
    }

    private async Task<string> EnrolAsync()
    {
        using var certificate = authority.IssueLane(RunningHub.Csr(key), await lanes.SpendAsync(await lanes.NewTokenAsync(Lane.Port, Lane.Lane)), time.GetUtcNow());
        await lanes.EnrolledAsync(Lane, certificate, "box-1");
        return certificate.SerialNumber;
    }
}
