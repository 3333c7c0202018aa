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

    /// <summary>
    /// Events from now on, until the subscription is disposed. Who names the kinds that it looks at is not woken for the others: sightings come
    /// hundreds of times as often as anything else.
    /// </summary>
    /// <param name="kinds">Types of <see cref="HubEvent"/>, each for itself: a <see cref="SightingElsewhereEvent"/> is no <see cref="SightingEvent"/> here. All when none is named. A <see cref="MissedEvent"/> comes to everybody.</param>
    public HubSubscription Subscribe(params Type[] kinds)
    {
        var subscription = new HubSubscription(kinds, gone => ImmutableInterlocked.Update(ref subscriptions, list => list.Remove(gone)));
        ImmutableInterlocked.Update(ref subscriptions, list => list.Add(subscription));
        return subscription;
    }

    /// <summary>True when anybody looks at events of this kind.</summary>
    internal bool IsFollowed(Type kind) => subscriptions.Exists(s => s.LooksAt(kind));

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
    private readonly Type[] kinds;
    private readonly Action<HubSubscription> leave;
    private long lost;
    private long told;

    internal HubSubscription(Type[] kinds, Action<HubSubscription> leave)
    {
        (this.kinds, this.leave) = (kinds, leave);
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

    internal bool LooksAt(Type kind) => kinds.Length == 0 || Array.IndexOf(kinds, kind) >= 0;

    internal void Offer(HubEvent happened)
    {
        if (happened is MissedEvent || LooksAt(happened.GetType()))
        {
            channel.Writer.TryWrite(happened);
        }
    }
}
