using System.Collections.Concurrent;

namespace Anpr.Hub.Access;

/// <summary>Cuts the open calls of a lane whose certificate has ended; a stream may otherwise stay open for weeks.</summary>
internal sealed class LaneConnections : IDisposable
{
    // A certificate is checked when a call begins; one that runs out meanwhile is found within this time.
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<HttpContext, Call> open = new();
    private readonly Lanes lanes;
    private readonly TimeProvider time;
    private readonly ITimer timer;

    public LaneConnections(Lanes lanes, TimeProvider time)
    {
        (this.lanes, this.time) = (lanes, time);
        lanes.Ended += Cut;
        timer = time.CreateTimer(_ => CutOutOfDate(), null, Every, Every);
    }

    /// <summary>Follows a call until it ends.</summary>
    /// <param name="lane">Whose it is.</param>
    /// <param name="until">When its certificate ends.</param>
    /// <param name="call">The call.</param>
    public void Watch(LaneIdentity lane, DateTimeOffset until, HttpContext call)
    {
        if (open.TryAdd(call, new Call(lane, until)))
        {
            call.Response.OnCompleted(() =>
            {
                open.TryRemove(call, out _);
                return Task.CompletedTask;
            });
        }
    }

    public void Dispose()
    {
        lanes.Ended -= Cut;
        timer.Dispose();
    }

    private void Cut(object? sender, LaneEndedEventArgs ended) => Cut(call => call.Lane == ended.Lane);

    private void CutOutOfDate()
    {
        var now = time.GetUtcNow();
        Cut(call => call.Until < now);
    }

    private void Cut(Func<Call, bool> which)
    {
        foreach (var call in open.Where(o => which(o.Value)))
        {
            call.Key.Abort();
        }
    }

    private sealed record Call(LaneIdentity Lane, DateTimeOffset Until);
}
