using System.Collections.Concurrent;

namespace Anpr.Hub.Access;

/// <summary>Cuts the open calls of a lane whose certificate has ended; a stream may otherwise stay open for weeks.</summary>
internal sealed class LaneConnections : IDisposable
{
    private readonly ConcurrentDictionary<HttpContext, LaneIdentity> open = new();
    private readonly Lanes lanes;

    public LaneConnections(Lanes lanes)
    {
        this.lanes = lanes;
        lanes.Ended += Cut;
    }

    /// <summary>Follows a call until it ends.</summary>
    public void Watch(LaneIdentity lane, HttpContext call)
    {
        if (open.TryAdd(call, lane))
        {
            call.Response.OnCompleted(() =>
            {
                open.TryRemove(call, out _);
                return Task.CompletedTask;
            });
        }
    }

    public void Dispose() => lanes.Ended -= Cut;

    private void Cut(object? sender, LaneEndedEventArgs ended)
    {
        foreach (var call in open.Where(o => o.Value == ended.Lane))
        {
            call.Key.Abort();
        }
    }
}
