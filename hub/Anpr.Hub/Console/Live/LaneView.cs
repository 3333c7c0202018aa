using Anpr.Hub.Fleet;
using Anpr.Hub.Ingest;

namespace Anpr.Hub.Web.Live;

/// <summary>One lane as officers see it: its state and its last vehicle.</summary>
/// <param name="Port">Where.</param>
/// <param name="Lane">Where.</param>
/// <param name="Status">What the box last reported, null before its first report.</param>
/// <param name="Sighting">The last plate, null before the first.</param>
/// <param name="Passage">The last passage, null before the first.</param>
public sealed record LaneView(string Port, string Lane, LaneStatus? Status, StoredSighting? Sighting, StoredPassage? Passage)
{
    /// <summary>The passage that the last plate belongs to, null while it is not known.</summary>
    public StoredPassage? PassageOfSighting => Passage is not null && Passage.Id == Sighting?.Message.PassageId ? Passage : null;

    /// <summary>True when the newest vehicle went through without a readable plate.</summary>
    public bool Unread => Passage is { Message.SightingIds.Count: 0, Message.Stage: Proto.V1.Stage.Closed } passage
        && (Sighting is null || passage.ReceivedAt > Sighting.ReceivedAt);

    /// <summary>Devices that are not ready.</summary>
    public IReadOnlyList<Proto.V1.DeviceState> Faults => [.. (Status?.Heartbeat.Devices ?? []).Where(d => d.State != "ready")];

    /// <summary>silent, attention or ready; "unknown" before the first report.</summary>
    public string State => Status switch
    {
        null => "unknown",
        { Silent: true } => "silent",
        _ when Faults.Count > 0 => "attention",
        _ => "ready",
    };
}
