using System.Diagnostics.Metrics;

namespace Anpr.Edge.Passage;

/// <summary>How many of what came how far, since the start: where plates are lost on the way.</summary>
/// <param name="Frames">Frames that came.</param>
/// <param name="Looked">Of those, frames that the models looked at: the others showed what the one before did.</param>
/// <param name="LookedPart">Of those, frames of which the detector looked only at the part round what it follows.</param>
/// <param name="Plates">Plates found in them.</param>
/// <param name="Reads">Of those, read with a usable text.</param>
/// <param name="RejectedOutside">Plates that were found where the camera's areas let none count; they are not among <paramref name="Plates"/>.</param>
/// <param name="RejectedShort">Plates whose text was too short to be a registration.</param>
/// <param name="RejectedUnsure">Reads below half confidence: used, but not trusted alone.</param>
/// <param name="PassagesOpened">Vehicles that came.</param>
/// <param name="PassagesClosed">Vehicles that went.</param>
/// <param name="PassagesUnread">Of those, without a readable plate.</param>
/// <param name="SightingRevisions">Revisions of sightings handed on.</param>
public readonly record struct VisionCounts(
    long Frames,
    long Looked,
    long LookedPart,
    long Plates,
    long Reads,
    long RejectedOutside,
    long RejectedShort,
    long RejectedUnsure,
    long PassagesOpened,
    long PassagesClosed,
    long PassagesUnread,
    long SightingRevisions);

/// <summary>Counts for one lane, and adds to the process's metrics "anpr.vision.*". Not thread-safe; the metrics are.</summary>
internal sealed class VisionCounter(int minTextLength)
{
    private static readonly Meter Meter = new("Anpr.Vision");
    private static readonly Counter<long> Frames = Meter.CreateCounter<long>("anpr.vision.frames");
    private static readonly Counter<long> Looked = Meter.CreateCounter<long>("anpr.vision.frames_looked");
    private static readonly Counter<long> LookedPart = Meter.CreateCounter<long>("anpr.vision.frames_looked_part");
    private static readonly Counter<long> Plates = Meter.CreateCounter<long>("anpr.vision.plates");
    private static readonly Counter<long> Reads = Meter.CreateCounter<long>("anpr.vision.reads");
    private static readonly Counter<long> Rejected = Meter.CreateCounter<long>("anpr.vision.rejected");
    private static readonly Counter<long> Passages = Meter.CreateCounter<long>("anpr.vision.passages");

    /// <summary>As of now.</summary>
    public VisionCounts Counts { get; private set; }

    /// <summary>Counts a frame that the models looked at.</summary>
    public void AddLooked()
    {
        Counts = Counts with { Looked = Counts.Looked + 1 };
        Looked.Add(1);
    }

    /// <summary>Counts a frame of which only a part had to be looked at.</summary>
    public void AddLookedPart()
    {
        Counts = Counts with { LookedPart = Counts.LookedPart + 1 };
        LookedPart.Add(1);
    }

    /// <summary>Counts plates that lie where none count.</summary>
    public void AddOutside(int plates)
    {
        Counts = Counts with { RejectedOutside = Counts.RejectedOutside + plates };
        Rejected.Add(plates, new KeyValuePair<string, object?>("cause", "outside"));
    }

    /// <summary>Counts a look.</summary>
    public void Add(FrameLook look)
    {
        Counts = Counts with { Frames = Counts.Frames + 1 };
        Frames.Add(1);
        // What a frame shows again was counted before. Told by a loop: LINQ's objects would be a part of what a frame of an empty lane allocates.
        var fresh = false;
        for (var i = 0; i < look.Plates.Count; i++)
        {
            fresh |= !look.Plates[i].Repeated;
        }

        if (!fresh)
        {
            return;
        }

        var plates = look.Plates.Where(p => !p.Repeated).ToList();
        var shorts = plates.Count(p => p.Read.Text.Length < minTextLength);
        var unsure = plates.Count(p => p.Read.Text.Length >= minTextLength && p.Read.Confidence < 0.5f);
        var reads = plates.Count - shorts;
        Counts = Counts with
        {
            Plates = Counts.Plates + plates.Count,
            Reads = Counts.Reads + reads,
            RejectedShort = Counts.RejectedShort + shorts,
            RejectedUnsure = Counts.RejectedUnsure + unsure,
        };
        Plates.Add(plates.Count);
        Reads.Add(reads);
        Rejected.Add(shorts, new KeyValuePair<string, object?>("cause", "short"));
        Rejected.Add(unsure, new KeyValuePair<string, object?>("cause", "unsure"));
    }

    /// <summary>Counts what is handed on, and hands it on.</summary>
    public IReadOnlyList<PassageChange> Add(IReadOnlyList<PassageChange> changes)
    {
        for (var i = 0; i < changes.Count; i++)
        {
            var change = changes[i];
            var closed = change.Passage.Stage == RecordStage.Closed ? 1 : 0;
            var unread = closed == 1 && change.Passage.SightingIds.Count == 0 ? 1 : 0;
            Counts = Counts with
            {
                PassagesOpened = Counts.PassagesOpened + (change.Passage.Revision == 1 ? 1 : 0),
                PassagesClosed = Counts.PassagesClosed + closed,
                PassagesUnread = Counts.PassagesUnread + unread,
                SightingRevisions = Counts.SightingRevisions + (change.Sighting is null ? 0 : 1),
            };
            Passages.Add(closed, new KeyValuePair<string, object?>("plate", unread == 1 ? "unread" : "read"));
        }

        return changes;
    }
}
