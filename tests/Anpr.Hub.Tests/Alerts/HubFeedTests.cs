using Anpr.Hub.Alerts;

namespace Anpr.Hub.Tests.Alerts;

public sealed class HubFeedTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task ReadAll_BySlowListener_SaysOnceThatEventsAreMissing()
    {
        var feed = new HubFeed();
        using var slow = feed.Subscribe();
        for (ulong i = 0; i < 5000; i++)
        {
            feed.Publish(new WatchlistEvent(Noon, i));
        }

        List<HubEvent> read = [];
        await foreach (var happened in slow.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            read.Add(happened);
            if (happened is WatchlistEvent { Revision: 4999 })
            {
                break;
            }
        }

        Assert.IsType<MissedEvent>(read[0]);
        Assert.Equal(5000 - slow.Lost, read.OfType<WatchlistEvent>().LongCount());
        Assert.Single(read.OfType<MissedEvent>());
    }

    [Fact]
    public async Task ReadAll_ByOneThatKeepsUp_MissesNothing()
    {
        var feed = new HubFeed();
        using var quick = feed.Subscribe();
        feed.Publish(new WatchlistEvent(Noon, 1));

        await using var events = quick.ReadAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        Assert.True(await events.MoveNextAsync());
        Assert.IsType<WatchlistEvent>(events.Current);
    }
}
