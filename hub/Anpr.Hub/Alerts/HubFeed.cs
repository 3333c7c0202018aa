using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Anpr.Hub.Alerts;

/// <summary>
/// Tells everybody who listens in this process what happened: console, REST streams, stdout. Each listener has its own
/// queue; one that falls behind loses its oldest events and is told so by a <see cref="MissedEvent"/>. Thread-safe.
/// </summary>
public sealed class HubFeed
{
    private ImmutableList<HubSubscription> subscriptions = [];

    /// <summary>Events from now on, until the subscription is disposed.</summary>
    public HubSubscription Subscribe()
    {
        var subscription = new HubSubscription(gone => ImmutableInterlocked.Update(ref subscriptions, list => list.Remove(gone)));
        ImmutableInterlocked.Update(ref subscriptions, list => list.Add(subscription));
        return subscription;
    }

    /// <summary>True when anybody listens.</summary>
    internal bool IsFollowed => !subscriptions.IsEmpty;

    internal void Publish(HubEvent happened)
    {
        foreach (var subscription in subscriptions)
        {
            subscription.Offer(happened);
        }
    }
}

/// <summary>One listener's queue.</summary>
public sealed class HubSubscription : IDisposable
{
    private const int Limit = 4096;
    private readonly Channel<HubEvent> channel;
    private readonly Action<HubSubscription> leave;
    private long lost;
    private long told;

    internal HubSubscription(Action<HubSubscription> leave)
    {
        this.leave = leave;
        channel = Channel.CreateBounded<HubEvent>(
            new BoundedChannelOptions(Limit) { FullMode = BoundedChannelFullMode.DropOldest },
            _ => Interlocked.Increment(ref lost));
    }

    /// <summary>What happened, in order; completes when the subscription is disposed.</summary>
    public ChannelReader<HubEvent> Events => channel.Reader;

    /// <summary>Number of events that this listener was too slow for: read the state anew when it grows.</summary>
    public long Lost => Interlocked.Read(ref lost);

    /// <summary><see cref="Events"/>, with a <see cref="MissedEvent"/> wherever some were lost. For one reader at a time.</summary>
    public async IAsyncEnumerable<HubEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        await foreach (var happened in Events.ReadAllAsync(cancellation))
        {
            if (Lost is var now && now != told)
            {
                told = now;
                yield return new MissedEvent(happened.At);
            }

            yield return happened;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        leave(this);
        channel.Writer.TryComplete();
    }

    internal void Offer(HubEvent happened) => channel.Writer.TryWrite(happened);
}
