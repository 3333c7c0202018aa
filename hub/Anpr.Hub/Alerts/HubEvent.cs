using Anpr.Hub.Ingest;
using Anpr.Hub.Link;

namespace Anpr.Hub.Alerts;

/// <summary>Something that happened, after it was durably stored.</summary>
/// <param name="At">Hub clock.</param>
public abstract record HubEvent(DateTimeOffset At);

/// <summary>A sighting came in or was revised.</summary>
/// <param name="At">Hub clock.</param>
/// <param name="Sighting">As stored.</param>
/// <param name="Vehicle">Its vehicle as it is now; null when that has gone meanwhile.</param>
/// <param name="LatencyMs">Milliseconds from the deciding frame's capture to now; a simulated shift is taken out.</param>
public record SightingEvent(DateTimeOffset At, StoredSighting Sighting, Vehicle? Vehicle, double LatencyMs) : HubEvent(At);

/// <summary>The same, taken in by another hub on the same store.</summary>
/// <inheritdoc/>
public sealed record SightingElsewhereEvent(DateTimeOffset At, StoredSighting Sighting, Vehicle? Vehicle, double LatencyMs) : SightingEvent(At, Sighting, Vehicle, LatencyMs);

/// <summary>A passage came in or was revised.</summary>
/// <param name="At">Hub clock.</param>
/// <param name="Passage">As stored.</param>
/// <param name="LatencyMs">Milliseconds from its closing (or opening while open) to now; a simulated shift is taken out.</param>
public sealed record PassageEvent(DateTimeOffset At, StoredPassage Passage, double LatencyMs) : HubEvent(At);

/// <summary>An alert was raised or changed its state, withdrawal included.</summary>
/// <param name="At">Hub clock.</param>
/// <param name="Alert">As stored.</param>
/// <param name="LatencyMs">Milliseconds from the deciding frame's capture, when a sighting or passage caused the change.</param>
public sealed record AlertEvent(DateTimeOffset At, Alert Alert, double? LatencyMs) : HubEvent(At);

/// <summary>The overview of a sighting's current revision arrived.</summary>
public sealed record OverviewEvent(DateTimeOffset At, string Sighting, string Sha256) : HubEvent(At);

/// <summary>A lane reported, or fell silent.</summary>
public sealed record LaneEvent(DateTimeOffset At, Fleet.LaneStatus Lane) : HubEvent(At);

/// <summary>Something of a lane began to ask for an engineer, changed, or is mended.</summary>
public sealed record LaneFaultEvent(DateTimeOffset At, Fleet.LaneFault Fault) : HubEvent(At);

/// <summary>A message was put aside, or refused as a security event.</summary>
public sealed record QuarantineEvent(DateTimeOffset At, Quarantined Item) : HubEvent(At);

/// <summary>The listener was too slow and lost events before the next one: what it follows is to be looked at anew.</summary>
public sealed record MissedEvent(DateTimeOffset At) : HubEvent(At);

/// <summary>A hub on this store has signed the head of its audit log, for lanes to keep.</summary>
public sealed record AuditHeadEvent(DateTimeOffset At) : HubEvent(At);

/// <summary>The watchlist has a new revision.</summary>
public sealed record WatchlistEvent(DateTimeOffset At, ulong Revision) : HubEvent(At);

/// <summary>Crossings were booked, changed or cancelled.</summary>
public sealed record BookingsEvent(DateTimeOffset At) : HubEvent(At);
