using Anpr.Edge.Capture;

namespace Anpr.Edge.Ops;

/// <summary>Lets a lane's cameras send key pictures alone once it has been empty and still for long, and all again at the first change. One thread at a time.</summary>
/// <param name="after">For how long; null: they never do.</param>
/// <param name="keys">What its cameras go by.</param>
/// <param name="status">Counts the spells.</param>
/// <param name="time">The clock.</param>
internal sealed class IdleLane(TimeSpan? after, KeyPictures keys, LaneStatus status, TimeProvider time)
{
    private long _busyAt = time.GetTimestamp();

    /// <summary>Takes how the lane is now: whether nothing is there and nothing in view has changed.</summary>
    public void See(bool quiet)
    {
        if (!quiet)
        {
            _busyAt = time.GetTimestamp();
            keys.Set(false);
        }
        else if (time.GetElapsedTime(_busyAt) >= after && keys.Set(true))
        {
            status.Count("idle_spells");
        }
    }
}
