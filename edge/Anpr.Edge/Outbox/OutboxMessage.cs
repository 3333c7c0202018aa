namespace Anpr.Edge.Outbox;

/// <summary>One record revision that waits for the hub's answer.</summary>
/// <param name="Sequence">Its number in the outbox, growing.</param>
/// <param name="Passage">The passage it belongs to.</param>
/// <param name="Record">The id of the sighting or passage that it carries.</param>
/// <param name="Revision">That record's revision.</param>
/// <param name="Body">A serialized <c>IngestMessage</c> without its sequence.</param>
internal sealed record OutboxMessage(long Sequence, Guid Passage, Guid Record, int Revision, byte[] Body);

/// <summary>A winning frame that waits until its sighting is acknowledged.</summary>
/// <param name="Sighting">The sighting's id.</param>
/// <param name="Revision">The revision that it belongs to.</param>
/// <param name="Sha256">Lower-case hex of the whole JPEG; also the name of its file.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sequence">The message that carries that revision.</param>
internal sealed record WaitingOverview(Guid Sighting, int Revision, string Sha256, int Length, long Sequence);

/// <summary>What the hub said to one message.</summary>
internal enum Settlement
{
    /// <summary>Stored, or stored before, or kept in quarantine: the hub has it.</summary>
    Acknowledged,

    /// <summary>The same key with other bytes: a security event. Kept aside here, not sent again.</summary>
    Refused,
}

/// <summary>A revision that is now safe on disk.</summary>
/// <param name="Passage">The passage's id.</param>
/// <param name="Sighting">The sighting's id, null when only the passage changed.</param>
/// <param name="Revision">Revision of the sighting, or of the passage when there is no sighting.</param>
/// <param name="Closed">True for the passage's last revision.</param>
/// <param name="Recovered">True when it was closed at start-up because the program had died with it open.</param>
/// <param name="DecidedAt">Capture time of the frame that made it, UTC.</param>
internal sealed record Committed(Guid Passage, Guid? Sighting, int Revision, bool Closed, bool Recovered, DateTimeOffset DecidedAt);

/// <summary>How the outbox is.</summary>
internal enum OutboxCondition
{
    /// <summary>Not opened yet.</summary>
    Opening,

    /// <summary>Writing.</summary>
    Ready,

    /// <summary>Text alone is over the configured room; it is still kept.</summary>
    OverRoom,

    /// <summary>The disk does not take what is written; it is kept in memory and tried again.</summary>
    Fault,
}

/// <summary>The outbox at one moment.</summary>
/// <param name="Condition">How it is.</param>
/// <param name="Words">One sentence for engineers; empty when all is well.</param>
/// <param name="Waiting">Messages that the hub has not acknowledged.</param>
/// <param name="Bytes">Their bytes and those of the waiting overviews.</param>
/// <param name="WaitingOverviews">Overviews not yet uploaded.</param>
/// <param name="Unwritten">Changes that are only in memory, because the disk refuses.</param>
/// <param name="ClosedTotal">Passages closed since the outbox was made, over all runs.</param>
/// <param name="DroppedOverviews">Overviews given up for room since the program started.</param>
internal sealed record OutboxSnapshot(
    OutboxCondition Condition,
    string Words,
    int Waiting,
    long Bytes,
    int WaitingOverviews,
    int Unwritten,
    long ClosedTotal,
    long DroppedOverviews);
