using Anpr.Hub.Ops;
using Anpr.Hub.Storage;
using Microsoft.Extensions.Time.Testing;

namespace Anpr.Hub.Tests.Ops;

public sealed class HubHealthTests
{
    [Fact]
    public async Task Stores_AskedAgainWithinFiveSeconds_AsksTheStoreOnce()
    {
        using var folder = new TempFolder();
        var time = new FakeTimeProvider();
        var store = LiteStore.Open(folder.Path, []);
        var health = new HubHealth(store, time);

        Assert.All(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => health.StoresAsync())), Assert.True);
        await store.DisposeAsync();
        time.Advance(HubHealth.Fresh);
        Assert.True(await health.StoresAsync(), "the store was asked");
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(await health.StoresAsync(), "the store was not asked");
    }
}
