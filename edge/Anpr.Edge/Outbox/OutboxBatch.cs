namespace Anpr.Edge.Outbox;

/// <summary>Everything that one commit writes: all of it or nothing.</summary>
internal sealed class OutboxBatch
{
    /// <summary>New messages, in order.</summary>
    public List<OutboxMessage> Add { get; } = [];

    /// <summary>Sequences that the hub has acknowledged.</summary>
    public List<long> Remove { get; } = [];

    /// <summary>Messages that the hub refused, with its reason: taken out of the queue and kept aside.</summary>
    public List<(long Sequence, string Reason)> Aside { get; } = [];

    /// <summary>Passages that are open from now on.</summary>
    public List<Guid> Opened { get; } = [];

    /// <summary>Passages that have closed.</summary>
    public List<Guid> Closed { get; } = [];

    /// <summary>Overviews that wait from now on; each replaces the one that its sighting had.</summary>
    public List<WaitingOverview> Overviews { get; } = [];

    /// <summary>Sightings whose overview no longer waits.</summary>
    public List<Guid> OverviewsGone { get; } = [];

    /// <summary>True when there is nothing to write.</summary>
    public bool IsEmpty => Add.Count + Remove.Count + Aside.Count + Opened.Count + Closed.Count + Overviews.Count + OverviewsGone.Count == 0;
}
