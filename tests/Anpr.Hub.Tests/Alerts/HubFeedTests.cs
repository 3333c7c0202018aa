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

    /// <summary>What nobody looks at wakes nobody, and pushes nothing out of a queue.</summary>
    [Fact]
    public async Task Subscribe_ToSomeKinds_IsToldThoseAndWhatWasMissed()
    {
        var feed = new HubFeed();
        using var bookings = feed.Subscribe(typeof(BookingsEvent));
        for (ulong i = 0; i < 5000; i++)
        {
            feed.Publish(new WatchlistEvent(Noon, i));
        }

        feed.Publish(new BookingsEvent(Noon));
        feed.Publish(new MissedEvent(Noon));
        bookings.Dispose();

        Assert.Equal([typeof(BookingsEvent), typeof(MissedEvent)], await bookings.ReadAllAsync(TestContext.Current.CancellationToken).Select(e => e.GetType()).ToListAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void IsFollowed_ByThoseWhoLookAtItAlone()
    {
        var feed = new HubFeed();
        using var lists = feed.Subscribe(typeof(WatchlistEvent), typeof(AuditHeadEvent));

        Assert.True(feed.IsFollowed(typeof(AuditHeadEvent)));
        Assert.False(feed.IsFollowed(typeof(BookingsEvent)));
        using (feed.Subscribe())
        {
            Assert.True(feed.IsFollowed(typeof(BookingsEvent)));
        }

        Assert.False(feed.IsFollowed(typeof(BookingsEvent)));
    }
}
