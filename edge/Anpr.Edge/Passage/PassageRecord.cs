using Anpr.Edge.Capture;
using Anpr.Edge.Score;

namespace Anpr.Edge.Passage;

/// <summary>How settled a record is.</summary>
public enum RecordStage
{
    /// <summary>Two reads agree (a sighting), or the vehicle has just come (a passage).</summary>
    Provisional,

    /// <summary>Changed while the vehicle is there.</summary>
    Revised,

    /// <summary>The vehicle has gone: the last revision.</summary>
    Closed,
}

/// <summary>What opened a passage.</summary>
public enum OpenedBy
{
    /// <summary>A plate was tracked.</summary>
    Plate,

    /// <summary>Something vehicle-sized moved in the lane.</summary>
    Motion,

    /// <summary>An inductive loop.</summary>
    Loop,
}

/// <summary>The way a vehicle goes as its camera sees it.</summary>
public enum Direction
{
    /// <summary>Not told by the track.</summary>
    Unknown,

    /// <summary>The plate grows.</summary>
    Towards,

    /// <summary>The plate shrinks.</summary>
    Away,
}

/// <summary>One vehicle going through one lane. Key: (<paramref name="Id"/>, <paramref name="Revision"/>).</summary>
/// <param name="Id">UUIDv7.</param>
/// <param name="Revision">From 1, grows by one with each change.</param>
/// <param name="Stage">How settled it is.</param>
/// <param name="OpenedAt">Capture time of the first frame that shows the vehicle, UTC.</param>
/// <param name="ClosedAt">Capture time at which it had gone; null while it is there.</param>
/// <param name="OpenedBy">What opened it.</param>
/// <param name="SightingIds">Its sightings; empty when no plate was readable.</param>
/// <param name="Direction">Way of travel.</param>
/// <param name="TimeQuality">How far the times can be trusted.</param>
/// <param name="Score">Anomaly score, 0..1.</param>
/// <param name="Evidence">The parts of the score, the prior among them; empty before Score has seen it.</param>
/// <param name="PictureJpeg">Small still of an unread vehicle, empty otherwise.</param>
public sealed record PassageRecord(
    Guid Id,
    int Revision,
    RecordStage Stage,
    DateTimeOffset OpenedAt,
    DateTimeOffset? ClosedAt,
    OpenedBy OpenedBy,
    IReadOnlyList<Guid> SightingIds,
    Direction Direction,
    TimeQuality TimeQuality,
    double Score,
    IReadOnlyList<Evidence> Evidence,
    ReadOnlyMemory<byte> PictureJpeg);

/// <summary>What the passage stage hands on: a new revision of a passage, of one of its sightings, or of both.</summary>
public sealed record PassageChange(PassageRecord Passage, SightingRecord? Sighting);
